import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  AssetHashType,
  DockerImage,
  type Duration,
  Fn,
  Names,
  type Size,
  Stack,
} from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  type EventSourceMappingOptions,
  type FunctionProps,
  Function as LambdaFunction,
  LayerVersion,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  deferredBundling,
  type FunctionEnvironment,
  type FunctionVariable,
} from '../events/names.ts';
import { type HandlerBuild, handlerBuild, prebuiltBundle } from './bundling.ts';
import { customerKeyOf, useOf } from './encryption.ts';
import { createLogGroup } from './log-group.ts';
import { acknowledge } from './nag.ts';
import type { Settings } from './settings.ts';

/** Props of {@link BundledFunction}. */
export interface BundledFunctionProps {
  /**
   * The handler's source, which exports `handler`: a handler of this project from its root, or an
   * absolute path to a file anywhere. In the published package a relative path that is no handler of this
   * project is looked for from the working directory, which is that of the user's app.
   */
  readonly entry: string;
  /** The function's physical name, so that a person finds it in a list. */
  readonly functionName: string;
  /** What the function does, in one sentence. */
  readonly description: string;
  /** Log level, sampling and retention, and the stage, which separates the metrics of deployments. */
  readonly settings: FunctionSettings;
  /** Its CPU grows with it. */
  readonly memory: Size;
  /** How long one invocation may take. */
  readonly timeout: Duration;
  /** Environment variables besides those of every function. @default - none */
  readonly environment?: FunctionEnvironment;
  /** Executions at the same time that are kept for the function, and the most it may have. @default - the account's */
  readonly reservedConcurrency?: number;
  /**
   * Whether stacks name the lines of the sources instead of those of the bundle. Costs time at each start.
   *
   * @default false
   */
  readonly sourceMaps?: boolean;
  /**
   * Environment variables that the function does not have. The bundle omits the code that only they
   * need. @default - none
   */
  readonly absent?: readonly FunctionVariable[];
}

/** What of the settings every function has. */
export type FunctionSettings = Pick<
  Settings,
  | 'stage'
  | 'logRetentionDays'
  | 'logLevel'
  | 'debugSamplePercent'
  | 'logDataProtection'
  | 'tracing'
  | 'otelLayerArn'
>;

/**
 * A function with one source file bundled by esbuild, a role of its own that may write to its own
 * log group and nothing else, and structured logs.
 */
export class BundledFunction extends Construct {
  /** The function itself. */
  readonly function: LambdaFunction;
  /** What it may do. */
  readonly role: Role;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const { settings } = props;
    const logGroup = createLogGroup(this, 'Logs', `/aws/lambda/${props.functionName}`, settings);
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    const key = customerKeyOf(this);
    if (key) {
      this.role.addToPolicy(useOf(key));
    }
    const own: FunctionEnvironment = {
      STAGE: settings.stage,
      CHAT_HASH_KEY: uuidOf(Stack.of(this)),
      ...(settings.debugSamplePercent > 0
        ? { DEBUG_SAMPLE_PERCENT: String(settings.debugSamplePercent) }
        : {}),
      ...(settings.tracing === 'off' ? {} : { TRACING: settings.tracing }),
    };
    const traced = tracingOf(this, settings);
    const environment = {
      ...props.environment,
      ...own,
      ...(props.sourceMaps && { NODE_OPTIONS: '--enable-source-maps' }),
      ...traced.environment,
    };
    this.node.addValidation({
      validate: () => tooLongEnvironment(this, props.functionName, environment),
    });
    const shared = {
      functionName: props.functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memory.toMebibytes(),
      timeout: props.timeout,
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel[settings.logLevel],
      // START, END and REPORT lines for each invocation would cost more than the function itself.
      systemLogLevelV2: SystemLogLevel.WARN,
      reservedConcurrentExecutions: props.reservedConcurrency,
      ...traced,
      environment,
    } satisfies Partial<FunctionProps>;
    this.function = new LambdaFunction(this, 'Function', {
      ...shared,
      code: codeOf(this, props),
      handler: 'index.handler',
    });
    acknowledge(this, {
      'Serverless-LambdaDLQ':
        'Its caller waits for the response (the endpoint), or retries and then moves the event to a dead-letter queue (SQS).',
      'Serverless-LambdaEventSourceMappingDestination':
        'The queue that it reads has a dead-letter queue; a destination of the mapping is for streams.',
      'Serverless-LambdaTracing':
        'X-Ray costs $5 for a million traces: the setting `tracing` turns it on.',
    });
    if (traced.tracing) {
      acknowledge(this.role, {
        'AwsSolutions-IAM5[Resource::*]':
          'X-Ray has no resources to name: what a function may do there is to write its own trace segments.',
      });
    }
  }

  /**
   * Makes Lambda invoke the function with the messages of a queue. The role gets what the Lambda Developer Guide
   * lists ("Configuring a queue to use with Lambda", execution role permissions) and nothing on the queue's key:
   * CDK's SqsEventSource would allow the role to decrypt with it directly, not only through SQS. The mapping has
   * the id that SqsEventSource gives, because a second mapping of the same queue and function is refused.
   */
  readQueue(
    queue: IQueue,
    options: Pick<EventSourceMappingOptions, 'batchSize' | 'maxBatchingWindow' | 'maxConcurrency'>,
  ): void {
    this.function.addEventSourceMapping(`SqsEventSource:${Names.nodeUniqueId(queue.node)}`, {
      ...options,
      eventSourceArn: queue.queueArn,
      reportBatchItemFailures: true,
    });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        resources: [queue.queueArn],
      }),
    );
  }
}

/**
 * What a function that is traced has. Lambda itself records a segment for each sampled invocation; the layer of
 * OpenTelemetry adds what the function does within. The wrapper's name is that of the layer: of AWS's own
 * distribution, or of upstream (AWS Distro for OpenTelemetry, "Lambda"; OpenTelemetry, "Lambda
 * auto-instrumentation").
 */
function tracingOf(
  scope: Construct,
  { tracing, otelLayerArn }: FunctionSettings,
): Pick<FunctionProps, 'tracing' | 'layers' | 'environment'> {
  if (tracing === 'off') {
    return {};
  }
  if (tracing === 'xray') {
    return { tracing: Tracing.ACTIVE };
  }
  const isOfAws = otelLayerArn.includes(':layer:AWSOpenTelemetryDistro');
  return {
    tracing: Tracing.ACTIVE,
    layers: [LayerVersion.fromLayerVersionArn(scope, 'OpenTelemetry', otelLayerArn)],
    environment: {
      AWS_LAMBDA_EXEC_WRAPPER: isOfAws ? '/opt/otel-instrument' : '/opt/otel-handler',
      // Traces only: its metrics cost extra.
      ...(isOfAws ? { OTEL_AWS_APPLICATION_SIGNALS_ENABLED: 'false' } : {}),
    },
  };
}

/** Bytes of all environment variables of a function together (Lambda Developer Guide, "Lambda quotas"). */
const maxEnvironmentBytes = 4_096;

/** Placeholder of a value that only CloudFormation knows: longer than the ARNs and URLs that are used. */
const unknownValue = 'x'.repeat(160);

/** What is wrong where the variables are longer together than Lambda takes: names the longest. */
function tooLongEnvironment(
  scope: Construct,
  functionName: string,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const sizes = Object.entries(environment).flatMap(([name, value]) => {
    if (value === undefined) {
      return [];
    }
    const known = Stack.of(scope).resolve(value);
    const text = typeof known === 'string' ? known : unknownValue;
    return [[name, name.length + Buffer.byteLength(text)] as const];
  });
  const bytes = sizes.reduce((sum, [, size]) => sum + size, 0);
  if (bytes <= maxEnvironmentBytes) {
    return [];
  }
  const [max] = sizes.sort(([, a], [, b]) => b - a);
  return [
    `The environment variables of ${functionName} have ${bytes} bytes, but Lambda takes ${maxEnvironmentBytes}. The longest is ${max?.[0]}, with ${max?.[1]}.`,
  ];
}

/**
 * What CloudFormation has made up for a stack: `…:stack/<name>/<uuid>`. As key of the chats' hashes it is
 * in no log line (docs/decisions/chats-as-keyed-hash.md).
 */
const uuidOf = (stack: Stack) => Fn.select(2, Fn.split('/', stack.stackId));

/** The bundle that the package brings, or one that esbuild makes at synth. */
function codeOf(scope: Construct, { entry, absent, sourceMaps }: BundledFunctionProps): Code {
  const prebuilt = prebuiltBundle(entry, absent);
  if (prebuilt !== undefined) {
    return Code.fromAsset(prebuilt);
  }
  const build = handlerBuild(entry, absent, sourceMaps);
  const isDeferred = Boolean(scope.node.tryGetContext(deferredBundling.context));
  return Code.fromAsset(build.absWorkingDir, {
    // The hash of what is uploaded, wherever it was made.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('none'),
      // Never run: CDK tells the assets of one folder apart by it.
      command: ['esbuild', JSON.stringify({ ...build, isDeferred })],
      local: {
        tryBundle(outputFolder) {
          if (isDeferred) {
            writeFileSync(join(outputFolder, deferredBundling.file), JSON.stringify(build));
          } else {
            bundle(build, outputFolder);
          }
          return true;
        },
      },
    },
  });
}

/** A handler cannot be bundled. The message is esbuild's own, for the person who wrote the handler. */
export class BundlingError extends Error {
  override readonly name = 'BundlingError';
}

/** Bundles a handler now. Constructors of constructs are synchronous, and so is this. */
function bundle({ entryPoints, ...build }: HandlerBuild, folder: string): void {
  const { buildSync, formatMessagesSync } = requireEsbuild(entryPoints[0]);
  try {
    buildSync({
      ...build,
      entryPoints: { index: entryPoints[0] },
      outdir: folder,
      logLevel: 'silent',
    });
  } catch (error) {
    const { errors } = error as import('esbuild').BuildFailure;
    if (!Array.isArray(errors)) {
      throw error;
    }
    throw new BundlingError(formatMessagesSync(errors, { kind: 'error' }).join(''));
  }
}

/** Only who bundles a handler of their own needs esbuild. */
function requireEsbuild(entry: string): typeof import('esbuild') {
  try {
    return createRequire(import.meta.url)('esbuild');
  } catch {
    throw new Error(
      `The handler ${entry} is bundled by esbuild, which is not installed: npm install --save-dev esbuild`,
    );
  }
}
