import { AwsError } from '../aws-service.ts';

/** The local run's settings of one function: `AWS::Lambda::Function`, its intrinsics resolved. */
export interface FunctionSettings {
  readonly name: string;
  /** `arn:aws:lambda:<region>:<account>:function:<name>`; region and account are taken from it. */
  readonly arn: string;
  /** The folder of the unpacked deployment package. */
  readonly codeDirectory: string;
  /** `file.export`, for example `index.handler`. */
  readonly handler: string;
  /** Seconds that one invocation may take. @default 3 */
  readonly timeoutSeconds?: number;
  /** Megabytes of memory. @default 128 */
  readonly memoryMb?: number;
  /** The environment variables of the template. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Reserved concurrency, beyond which calls are throttled; 0 throttles all. @default none */
  readonly reservedConcurrency?: number;
  /** @default 'Text' */
  readonly loggingFormat?: 'Text' | 'JSON';
  /** The lowest level of `console.*` that is logged, with the JSON format. @default INFO */
  readonly applicationLogLevel?: string;
  /** The lowest level of the platform's own lines, with the JSON format. @default INFO */
  readonly systemLogLevel?: 'DEBUG' | 'INFO' | 'WARN';
  /** @default `/aws/lambda/<name>` */
  readonly logGroupName?: string;
  readonly description?: string;
  readonly role?: string;
  /** @default nodejs24.x */
  readonly runtime?: string;
  /** Settings of asynchronous invocations. */
  readonly asyncInvoke?: AsyncInvokeSettings;
}

/** `AWS::Lambda::EventInvokeConfig`. */
export interface AsyncInvokeSettings {
  /** @default 2 */
  readonly maximumRetryAttempts?: number;
  /** @default 21600 (6 hours) */
  readonly maximumEventAgeSeconds?: number;
  /**
   * Receives the invocation record of an event that failed finally (the on-failure destination).
   * @default dropped
   */
  readonly onFailure?: (record: string) => void | Promise<void>;
  /**
   * Receives the invocation record of an event that succeeded (the on-success destination).
   * @default dropped
   */
  readonly onSuccess?: (record: string) => void | Promise<void>;
}

/** Lambda's defaults (https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html). */
export const defaultTimeoutSeconds = 3;
export const defaultMemoryMb = 128;

/** The parts of a function's ARN. */
export interface FunctionArn {
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

const full = /^arn:[a-z-]+:lambda:([a-z0-9-]+):(\d{12}):function:([\w-]{1,64})$/;

/** Throws for text that is not an unqualified function ARN. */
export function parseFunctionArn(arn: string): FunctionArn {
  const [, region, account, name] = full.exec(arn) ?? [];
  if (!region || !account || !name) {
    throw new Error(`${arn} is not the ARN of a function.`);
  }
  return { region, account, name };
}

/**
 * The forms in which the API accepts a function: name, `account:function:name`, ARN, each with
 * qualifier.
 */
const referencePattern =
  /^(?:(?:arn:[a-z-]+:lambda:)?(?:[a-z0-9-]+:)?(?:\d{12}:)?function:|\d{12}:function:)?([\w-]{1,64})(?::([\w$-]{1,128}))?$/;

/** The function's name and qualifier in a `FunctionName` parameter, or undefined if it is malformed. */
export function readFunctionReference(
  reference: string,
): { readonly name: string; readonly qualifier?: string } | undefined {
  const [, name, qualifier] =
    reference.length <= 256 ? (referencePattern.exec(reference) ?? []) : [];
  return name ? { name, qualifier } : undefined;
}

/**
 * The errors of the Lambda API that a caller of the local one can meet, with the names and statuses
 * of https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors.
 */
export const functionNotFound = (arn: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);

export const invalidParameter = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message, 400);

export const invalidPayload = (reason: string): AwsError =>
  new AwsError(
    'InvalidRequestContentException',
    `Could not parse request body into json: ${reason}`,
  );

export const payloadTooLarge = (bytes: number, type: string, limit: number): AwsError =>
  new AwsError(
    'RequestEntityTooLargeException',
    `${bytes} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
    413,
  );

export const mappingNotFound = (): AwsError =>
  new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);

/** A call that was refused because too many executions run already. */
export class TooManyRequests extends AwsError {
  readonly reason:
    | 'ReservedFunctionConcurrentInvocationLimitExceeded'
    | 'ConcurrentInvocationLimitExceeded';

  constructor(reason: TooManyRequests['reason']) {
    super('TooManyRequestsException', 'Rate Exceeded.', 429);
    this.reason = reason;
  }
}
