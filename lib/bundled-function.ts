import { type Duration, Fn, Names, type Size, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
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
import type { FunctionEnvironment } from '../events/names.ts';
import { codeOf, type HandlerSource } from './bundling.ts';
import { customerKeyOf, useOf } from './encryption.ts';
import { createLogGroup } from './log-group.ts';
import { acknowledge } from './nag.ts';
import type { Settings } from './settings.ts';

/** Props of {@link BundledFunction}. */
export interface BundledFunctionProps extends HandlerSource {
  /** The function's physical name, `whatsapp-<stage>-<name>`: people find it in lists by it. */
  readonly functionName: string;
  /** What the function does, in one sentence. */
  readonly description: string;
  /** The settings of the deployment that apply to every function: log level, log retention, tracing, stage. */
  readonly settings: FunctionSettings;
  /** Memory of the function. Lambda assigns CPU in proportion to it. */
  readonly memory: Size;
  /** Time after which Lambda ends an invocation. */
  readonly timeout: Duration;
  /** Environment variables in addition to those of every function. @default - none */
  readonly environment?: FunctionEnvironment;
  /**
   * Reserved concurrency: the number of concurrent executions that Lambda keeps for this function, which is
   * also its maximum.
   *
   * @default - none: the function shares the concurrency of the account
   */
  readonly reservedConcurrency?: number;
  /**
   * Whether the function has OpenTelemetry's layer, if the setting `tracing` is `otel`. The layer records the
   * URL of each request that invokes the function (`url.full`).
   *
   * @default true
   */
  readonly isInstrumented?: boolean;
}

/** The settings that apply to every function. */
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
 * A Lambda function whose handler is one source file, bundled by esbuild. Its role allows it to write to its
 * own log group and nothing else. Its logs are JSON.
 */
export class BundledFunction extends Construct {
  /** The function itself. */
  readonly function: LambdaFunction;
  /** Its execution role. Permissions are added to it. */
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
    const traced = tracingOf(this, settings, props.isInstrumented);
    const given: FunctionProps['environment'] = { ...props.environment };
    const [taken] = Object.keys(traced.environment ?? {}).filter((name) => name in given);
    if (taken) {
      throw new Error(
        `The environment of ${props.functionName} has ${taken}, which the setting "tracing" (${settings.tracing}) sets too: remove it, or change the setting.`,
      );
    }
    const environment = {
      ...given,
      ...own,
      ...(props.sourceMaps && {
        NODE_OPTIONS: [given.NODE_OPTIONS, '--enable-source-maps'].filter(Boolean).join(' '),
      }),
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
 * The props that turn tracing on. Lambda records one segment for each sampled invocation; OpenTelemetry's layer
 * adds the calls within the invocation. The name of the wrapper script depends on the layer: AWS's distribution
 * and the upstream layer have different ones (AWS Distro for OpenTelemetry, "Lambda"; OpenTelemetry, "Lambda
 * auto-instrumentation").
 */
function tracingOf(
  scope: Construct,
  { tracing, otelLayerArn }: FunctionSettings,
  isInstrumented = true,
): Pick<FunctionProps, 'tracing' | 'layers' | 'environment'> {
  if (tracing === 'off') {
    return {};
  }
  // The community's layer records invocations even if OTEL_NODE_DISABLED_INSTRUMENTATIONS names `aws-lambda`.
  if (tracing === 'xray' || !isInstrumented) {
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

/** Maximum size of all environment variables of a function together (Lambda Developer Guide, "Lambda quotas"). */
const maxEnvironmentBytes = 4_096;

/** Stands for a value that only CloudFormation knows. It is longer than any ARN or URL that is used. */
const unknownValue = 'x'.repeat(160);

/** Returns an error if the environment variables together exceed Lambda's limit. It names the longest one. */
function tooLongEnvironment(
  scope: Construct,
  functionName: string,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const sizes = Object.entries(environment).flatMap(([name, value]) => {
    const known = Stack.of(scope).resolve(value);
    if (known === undefined) {
      return [];
    }
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
 * The UUID that CloudFormation generates for a stack: the last part of the stack's id, `…:stack/<name>/<uuid>`.
 * Functions use it as the key of the hashes that stand for chats in logs. No log line contains it
 * (docs/decisions/chats-as-keyed-hash.md).
 */
const uuidOf = (stack: Stack) => Fn.select(2, Fn.split('/', stack.stackId));
