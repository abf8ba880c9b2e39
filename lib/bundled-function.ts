import { type Duration, Fn, type Size, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type FunctionProps,
  Function as LambdaFunction,
  LayerVersion,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FunctionEnvironment } from '../events/names.ts';
import { codeOf, type HandlerSource } from './bundling.ts';
import { customerKeyOf, useOf } from './encryption.ts';
import { createLogGroup } from './log-group.ts';
import { acknowledge } from './nag.ts';
import type { Settings } from './settings.ts';

/** Props of {@link BundledFunction}. */
export interface BundledFunctionProps extends HandlerSource {
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
