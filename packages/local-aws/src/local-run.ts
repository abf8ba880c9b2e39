import { AwsError, type AwsService } from './aws-service.ts';
import { type Clock, persistentClock } from './clock.ts';
import { QueueMetrics } from './cloudwatch/queue-metrics.ts';
import { AwsEndpoint, type Protocol, type RequestInterceptor } from './endpoint/aws-endpoint.ts';
import { listenOrExplain, requireFreePort } from './endpoint/listen-or-explain.ts';
import {
  jsonProtocol,
  lambdaProtocol,
  type QueryService,
  queryProtocol,
  tag,
} from './endpoint/protocols.ts';
import { Ingresses } from './ingresses.ts';
import { s3Protocol } from './s3/s3.ts';
import { createServices, type LocalObserver, type LocalServices } from './services.ts';
import { openStore } from './store.ts';
import { readAssembly } from './template/assembly.ts';
import type { CreatedStack } from './template/create-stack.ts';
import { deploy } from './template/deploy.ts';
import { ResourceRegistry } from './template/template.ts';

/**
 * A synthesized cloud assembly's directory; or several, whose stacks run together as in one account, those of an
 * earlier one first.
 */
type Assembly = string | readonly string[];

/** The options of a local run. */
export interface LocalRunOptions {
  /**
   * Directory of a synthesized cloud assembly (`cdk.out`). A function that synthesizes it is called once
   * the data and the ports are known to be free.
   */
  readonly assembly: Assembly | (() => Promise<Assembly>);
  /** Directory of the persistent state. @default - in memory only */
  readonly dataDirectory?: string;
  /**
   * Port of the template's first HTTP API; further ones follow. 0 selects any free port. @default
   * 8787
   */
  readonly ingressPort?: number;
  /**
   * Address that the HTTP APIs listen at. Everything else listens on loopback only. @default
   * 127.0.0.1
   */
  readonly ingressHost?: string;
  /** Port of the AWS endpoint. 0 selects any free port. @default 4566 */
  readonly awsPort?: number;
  /** @default - the machine's */
  readonly clock?: Clock;
  /** Speed of the clock relative to the machine's, unless `clock` is given. @default 1 */
  readonly timeScale?: number;
  /** Values for the template's secrets and parameters. @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Callbacks for what happens. @default - none */
  readonly observer?: LocalObserver;
  /**
   * Where `GET /console` of the ingresses redirects to. @default - no redirect: the path belongs to
   * the API
   */
  readonly consoleUrl?: () => string | undefined;
  /**
   * Called before each request to the AWS endpoint is answered; returns true when it has answered
   * the request, or closed its connection, itself. For tests of behavior when AWS fails.
   *
   * @default - nothing fails
   */
  readonly fault?: RequestInterceptor;
}

/** A template that runs on this machine. */
export interface LocalRun {
  /** The URLs of the template's HTTP APIs and function URLs, by name; HTTP APIs come first. */
  readonly ingresses: ReadonlyMap<string, string>;
  readonly awsEndpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly stacks: readonly CreatedStack[];
  /**
   * Resources that the last deployment removed, or kept although the template no longer has them.
   */
  readonly notes: readonly string[];
  readonly services: LocalServices;
  /**
   * Updates the running resources to the present assembly, without a pause; one update at a time. Throws when
   * it cannot; nothing has been removed then.
   */
  redeploy(): Promise<void>;
  /** Waits up to `drainMs` for running work, then stops everything. */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

/** The account and region that local resources are in, as is customary for emulators of AWS. */
const accountId = '000000000000';
const defaultRegion = 'us-east-1';

/** Runs every stack of a cloud assembly on this machine, and listens on loopback by default. */
export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  const { environment = process.env, observer = {}, dataDirectory } = options;
  const region = environment.AWS_REGION || defaultRegion;
  const place = { region, accountId };
  // A stepped clock waits for one iteration of the event loop after each step, so that transactions must not be
  // committed in a later one.
  const store = openStore(dataDirectory, { grouped: !options.clock });
  const ownClock = options.clock ? undefined : persistentClock(store, options.timeScale ?? 1);
  const clock = options.clock ?? (ownClock as Clock);
  const protocols: Protocol[] = [];
  const endpoint = new AwsEndpoint(protocols, () => store.committed());
  let services: LocalServices | undefined;
  let ingresses: Ingresses | undefined;
  let stacks: readonly CreatedStack[] = [];
  let notes: readonly string[] = [];

  let deploying: Promise<void> = Promise.resolve();

  const close = async ({ drainMs = 0 } = {}) => {
    // A deployment that continued after this would leave ports and functions open.
    await deploying.catch(() => {});
    await ingresses?.close();
    await services?.close({ drainMs });
    await endpoint.close();
    ownClock?.stop();
    store.close();
  };
  try {
    const awsPort = await listenOrExplain(
      (port) => endpoint.listen(port),
      options.awsPort ?? 4566,
      'AWS_PORT',
    );
    const awsEndpoint = `http://127.0.0.1:${awsPort}`;
    const { ingressPort = 8787, ingressHost = '127.0.0.1' } = options;
    await requireFreePort(ingressPort, ingressHost, 'PORT');
    const assembly =
      typeof options.assembly === 'function' ? await options.assembly() : options.assembly;
    const running = createServices({
      ...place,
      store,
      clock,
      awsEndpoint,
      observer,
    });
    services = running;
    if (options.fault) {
      endpoint.intercept(options.fault);
    }
    protocols.push(...protocolsOf(running, clock, place, () => stacks));
    const opened = new Ingresses({
      firstPort: ingressPort,
      host: ingressHost,
      clock,
      lambda: running.lambda,
      observer,
      consoleUrl: options.consoleUrl,
    });
    ingresses = opened;
    const registry = new ResourceRegistry(store);
    const deployAll = async (onDeployed = () => {}) => {
      const target = { ...place, services: running, environment, registry };
      const deployment = await deploy([assembly].flat().flatMap(readAssembly), target);
      onDeployed();
      await opened.update(running.httpApis);
      notes = deployment.notes;
      stacks = deployment.stacks.map((stack) => ({
        ...stack,
        outputs: localizeOutputs(stack, opened),
      }));
    };
    await deployAll(() => running.start());
    return {
      ...place,
      awsEndpoint,
      services: running,
      close,
      redeploy: () => {
        deploying = deploying.catch(() => {}).then(() => deployAll());
        return deploying;
      },
      get ingresses() {
        return opened.urls;
      },
      get stacks() {
        return stacks;
      },
      get notes() {
        return notes;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const localizeOutputs = ({ outputs }: CreatedStack, ingresses: Ingresses) =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, text]) => [name, ingresses.localize(text)]),
  );

function protocolsOf(
  services: LocalServices,
  clock: Clock,
  place: { readonly region: string; readonly accountId: string },
  stacks: () => readonly CreatedStack[],
): Protocol[] {
  return [
    jsonProtocol(
      new Map<string, AwsService>([
        ['AmazonSQS', services.sqs],
        ['DynamoDB_20120810', services.dynamoDb],
        ['AWSEvents', services.eventBridge],
        ['secretsmanager', services.secretsManager],
        ['AmazonSSM', services.parameterStore],
        // CloudWatch's older name, which AWS JSON still uses.
        [
          'GraniteServiceVersion20100801',
          new QueueMetrics((arn, limit) => services.sqs.peek(arn, limit), place, clock),
        ],
      ]),
    ),
    lambdaProtocol(services.lambda),
    queryProtocol({
      sts: securityTokenService(place.accountId),
      cloudformation: cloudFormation(stacks, place.region, place.accountId),
    }),
    s3Protocol(services.objects),
  ];
}

/** STS, for tools that first call GetCallerIdentity. */
function securityTokenService(accountId: string): QueryService {
  return {
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    actions: {
      GetCallerIdentity: () =>
        tag('UserId', 'LOCAL') +
        tag('Account', accountId) +
        tag('Arn', `arn:aws:iam::${accountId}:user/local`),
    },
  };
}

/** The part of CloudFormation that a tool needs to find a stack's queues and outputs. */
export function cloudFormation(
  stacks: () => readonly CreatedStack[],
  region: string,
  accountId: string,
): QueryService {
  const stackId = (name: string) =>
    `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/local`;
  const named = (parameters: URLSearchParams): CreatedStack => {
    const wanted = parameters.get('StackName') ?? '';
    const found = stacks().find(({ name }) => name === wanted || stackId(name) === wanted);
    if (found) {
      return found;
    }
    throw new AwsError('ValidationError', `Stack with id ${wanted.slice(0, 128)} does not exist`);
  };
  const describe = ({ name, outputs }: CreatedStack) =>
    member(
      tag('StackName', name) +
        tag('StackId', stackId(name)) +
        tag('StackStatus', 'CREATE_COMPLETE') +
        tag('CreationTime', new Date(0).toISOString()) +
        list(
          'Outputs',
          Object.entries(outputs).map(
            ([key, value]) => tag('OutputKey', key) + tag('OutputValue', value),
          ),
        ),
    );
  const resources = ({ name, resources }: CreatedStack) =>
    resources.map(
      ({ logicalId, type, ref }) =>
        tag('StackName', name) +
        tag('LogicalResourceId', logicalId) +
        tag('PhysicalResourceId', ref) +
        tag('ResourceType', type) +
        tag('ResourceStatus', 'CREATE_COMPLETE') +
        tag('LastUpdatedTimestamp', new Date(0).toISOString()) +
        tag('Timestamp', new Date(0).toISOString()),
    );
  return {
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    actions: {
      DescribeStacks: (parameters) =>
        tag(
          'Stacks',
          (parameters.has('StackName') ? [named(parameters)] : stacks()).map(describe).join(''),
          { raw: true },
        ),
      GetTemplate: (parameters) =>
        tag('TemplateBody', JSON.stringify(named(parameters).template)) +
        tag('StagesAvailable', tag('member', 'Original'), { raw: true }),
      ListStackResources: (parameters) =>
        list('StackResourceSummaries', resources(named(parameters))),
      DescribeStackResources: (parameters) => list('StackResources', resources(named(parameters))),
    },
  };
}

const member = (content: string) => tag('member', content, { raw: true });

const list = (name: string, members: readonly string[]) =>
  tag(name, members.map(member).join(''), { raw: true });
