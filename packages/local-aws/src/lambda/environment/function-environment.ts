import { randomUUID } from 'node:crypto';
import {
  defaultMemoryMb,
  type FunctionSettings,
  invalidParameter,
  parseFunctionArn,
} from '../function-settings.ts';
import type { LogLine } from '../logs/platform-log.ts';
import type { MemoryWatch, ProcessGuard } from './runtime-process.ts';

/**
 * The environment variables of one execution environment: the template's, and those that Lambda
 * sets, of which a template may change `PATH`, `LANG` and `TZ` only
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html). Nothing is
 * inherited from this process's environment: a function must not see the secrets of the user's
 * shell, and one that depends on them would fail in AWS.
 */
export function buildEnvironment(
  settings: FunctionSettings,
  environment: { readonly runtimeApi: string; readonly logStreamName: string },
  extra: Readonly<Record<string, string>>,
): Record<string, string> {
  const { region } = parseFunctionArn(settings.arn);
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...settings.environment,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime ?? 'nodejs24.x'}`,
    AWS_LAMBDA_RUNTIME_API: environment.runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: settings.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb ?? defaultMemoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroupName ?? `/aws/lambda/${settings.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: environment.logStreamName,
    ...logSettings(settings),
    LAMBDA_TASK_ROOT: settings.codeDirectory,
    _HANDLER: settings.handler,
    ...extra,
  };
}

function logSettings(settings: FunctionSettings): Record<string, string> {
  if (settings.loggingFormat !== 'JSON') {
    return { AWS_LAMBDA_LOG_FORMAT: 'Text' };
  }
  return {
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_LEVEL: settings.applicationLogLevel ?? 'INFO',
  };
}

/** Variables that a function's settings cannot define (the same page, "Defined runtime environment variables"). */
const reservedVariables: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/** Bytes of all variables together, as JSON (Lambda quotas, "Function environment variables"). */
const maxVariablesBytes = 4096;

/** Throws `InvalidParameterValueException` for environment variables that Lambda refuses. */
export function checkVariables({ environment = {} }: FunctionSettings): void {
  const reserved = Object.keys(environment).filter((name) => reservedVariables.has(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        'contains reserved keys that are currently not supported for modification. ' +
        `Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const bytes = Buffer.byteLength(JSON.stringify(environment));
  if (bytes > maxVariablesBytes) {
    throw invalidParameter(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        `exceeded the 4KB limit: they have ${bytes} bytes.`,
    );
  }
}

/** A new name like CloudWatch's: the day, the version, and a random part. */
export function newLogStreamName(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
}

/** What all execution environments share. */
export interface EnvironmentContext {
  readonly guard: ProcessGuard;
  readonly memory: MemoryWatch;
  readonly extraEnvironment: Readonly<Record<string, string>>;
  readonly log: (line: LogLine) => void;
}

/** Callbacks of an execution environment. */
export interface EnvironmentEvents {
  /** The environment waits for an invocation. */
  onIdle(): void;
  /** The process has ended. If it was never idle, `initError` returns the error for a caller, as JSON. */
  onEnd(initError?: (requestId: string) => string): void;
}
