import { join } from 'node:path';
import type { AwsService } from './aws-service.ts';
import { type Clock, systemClock } from './clock.ts';
import { createServices } from './create-services.ts';
import { cloudFormation, securityTokenService } from './endpoint/account-services.ts';
import { AwsEndpoint, type HandOver, type Protocol } from './endpoint/aws-endpoint.ts';
import { jsonProtocol } from './endpoint/json-protocol.ts';
import { lambdaProtocol } from './endpoint/lambda-protocol.ts';
import { listenOrExplain } from './endpoint/listen-or-explain.ts';
import { queryProtocol } from './endpoint/query-protocol.ts';
import type { HttpApi } from './http-api/http-api.ts';
import type { LocalObserver } from './local-observer.ts';
import type { LocalServices } from './local-services.ts';
import { openHttpApi } from './open-http-api.ts';
import { s3Protocol } from './s3/s3-protocol.ts';
import { openStore } from './store.ts';
import { type CreatedStack, createStack } from './template/create-stack.ts';
import { readAssembly } from './template/read-assembly.ts';

/** What a local run is started with. */
export interface LocalRunOptions {
  /** Directory of a synthesized cloud assembly (`cdk.out`). */
  readonly assembly: string;
  /** Where everything that was accepted is kept. @default - in memory only */
  readonly dataDirectory?: string;
  /** Port of the template's first HTTP API; further ones follow. 0 takes any. @default 3000 */
  readonly frontDoorPort?: number;
  /** Port of the AWS endpoint. 0 takes any. @default 4566 */
  readonly awsPort?: number;
  /** @default - the machine's */
  readonly clock?: Clock;
  /** Values for the template's secrets and parameters. @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Is told what happens. @default - nobody */
  readonly observer?: LocalObserver;
  /**
   * Asked before each request to the AWS endpoint is answered; returns true when it has answered, or
   * broken off, the request itself. For tests of what happens when AWS fails.
   *
   * @default - nothing fails
   */
  readonly fault?: HandOver;
}

/** A template that runs on this machine. */
export interface LocalRun {
  /** Where the template's HTTP APIs listen, by their names; the first is the front door. */
  readonly frontDoors: ReadonlyMap<string, string>;
  readonly awsEndpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly stacks: readonly CreatedStack[];
  readonly services: LocalServices;
  /** Lets what runs come to its end, for at most `drainMs`, and stops everything. */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

/** The account and region that local resources are in, as emulators of AWS have them by custom. */
const accountId = '000000000000';
const defaultRegion = 'us-east-1';

/** Runs every stack of a cloud assembly on this machine, and listens on loopback only. */
export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  const { environment = process.env, clock = systemClock(), observer = {} } = options;
  const region = environment.AWS_REGION ?? defaultRegion;
  const stacks: CreatedStack[] = [];
  const httpApis: HttpApi[] = [];
  const store = openStore(options.dataDirectory);
  const protocols: Protocol[] = [];
  const endpoint = new AwsEndpoint(protocols);
  let services: LocalServices | undefined;

  const close = async ({ drainMs = 0 } = {}) => {
    await Promise.all(httpApis.map((api) => api.close()));
    await services?.close({ drainMs });
    await endpoint.close();
    store.close();
  };
  try {
    const awsPort = await listenOrExplain(
      (port) => endpoint.listen(port),
      options.awsPort ?? 4566,
      'AWS_PORT',
    );
    const awsEndpoint = `http://127.0.0.1:${awsPort}`;
    const place = { region, accountId };
    services = createServices({
      ...place,
      store,
      clock,
      awsEndpoint,
      observer,
      ...(options.dataDirectory
        ? { tablesDirectory: join(options.dataDirectory, 'dynamodb') }
        : {}),
    });
    endpoint.handOver(
      (request, response) =>
        options.fault?.(request, response) || services?.dynamoDb.handle(request, response) === true,
    );
    protocols.push(
      jsonProtocol(
        new Map<string, AwsService>([
          ['AmazonSQS', services.sqs],
          ['AWSEvents', services.eventBridge],
          ['secretsmanager', services.secretsManager],
        ]),
      ),
      lambdaProtocol(services.lambda),
      queryProtocol({
        sts: securityTokenService(accountId),
        cloudformation: cloudFormation(() => stacks, region, accountId),
      }),
      s3Protocol(services.objects),
    );

    const exports = new Map<string, unknown>();
    for (const stack of readAssembly(options.assembly)) {
      stacks.push(await createStack(stack, { ...place, services, environment, exports }));
    }
    services.start();

    const frontDoors = new Map<string, string>();
    let port = options.frontDoorPort ?? 3000;
    for (const plan of services.httpApis.values()) {
      const api = openHttpApi(plan, { clock, lambda: services.lambda, observer });
      httpApis.push(api);
      const address = await listenOrExplain((wanted) => api.listen(wanted), port, 'PORT');
      frontDoors.set(plan.name, `http://127.0.0.1:${address.port}`);
      if (port !== 0) port += 1;
    }
    return { ...place, frontDoors, awsEndpoint, stacks, services, close };
  } catch (error) {
    await close();
    throw error;
  }
}
