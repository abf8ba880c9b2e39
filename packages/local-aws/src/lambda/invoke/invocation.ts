/** How a function is called. */
export interface InvokeOptions {
  /** @default 'RequestResponse' */
  readonly type?: 'RequestResponse' | 'Event' | 'DryRun';
  /** Whether to return the end of the execution's log. @default false */
  readonly tail?: boolean;
  /** `X-Amzn-Trace-Id`. @default a new one */
  readonly traceId?: string;
  /** JSON for `context.clientContext`. */
  readonly clientContext?: string;
}

/** The response of `Invoke`. */
export interface InvokeResult {
  /** 200, for `Event` 202, for `DryRun` 204. */
  readonly statusCode: number;
  readonly functionError?: 'Unhandled';
  readonly payload: string;
  readonly executedVersion: '$LATEST';
  /** Base64, if requested. */
  readonly logTail?: string;
  readonly requestId: string;
}

/** One requested execution of a function. */
export interface Invocation {
  readonly requestId: string;
  readonly functionArn: string;
  /** The event, as JSON text. */
  readonly payload: string;
  /** `X-Amzn-Trace-Id`. */
  readonly traceId: string;
  /** JSON, from `X-Amz-Client-Context`. */
  readonly clientContext?: string;
  /** Whether the caller wants the end of the log with the response. */
  readonly wantsLog?: boolean;
}

/** How an invocation ended. */
export interface Outcome {
  /** The function's result, or the error, as JSON text. */
  readonly payload: string;
  readonly functionError?: 'Unhandled';
  /** The last 4 KB of the execution's log, if requested. */
  readonly logTail?: string;
}

/** The outcome for a caller whose invocation the platform ended. */
export function failure(error: FunctionError): Outcome {
  return { payload: JSON.stringify(error), functionError: 'Unhandled' };
}

/** A new trace header. It is not sampled, since nothing here collects traces. */
export function newTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds.padStart(8, '0')}-${randomHex(24)};Parent=${randomHex(16)};Sampled=0`;
}

function randomHex(length: number): string {
  let hex = '';
  while (hex.length < length) {
    hex += Math.random().toString(16).slice(2, 10);
  }
  return hex.slice(0, length).padEnd(length, '0');
}

/**
 * The response to a caller when the platform, not the function's code, ended an invocation. The
 * shapes are those that Lambda's `Invoke` returns with `X-Amz-Function-Error: Unhandled`.
 */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** How a process ended. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export function timedOut(requestId: string, seconds: number): FunctionError {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  };
}

export function exited(requestId: string, end: ProcessEnd): FunctionError {
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: ${describeEnd(end)}`,
  };
}

/**
 * Bytes that a function may return: 6 MiB and 100 bytes, the number in the message that Lambda
 * gives for a response above it.
 */
export const maxResponseBytes = 6_291_556;

export function responseTooLarge(): FunctionError {
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
  };
}

/** The error when a runtime requests the next invocation without a result of the last one. */
export function noResult(requestId: string): FunctionError {
  return {
    errorType: 'Runtime.InvalidState',
    errorMessage: `RequestId: ${requestId} Error: The runtime requested the next invocation without a result`,
  };
}

/**
 * The type in an error that a runtime sent as JSON; undefined for other content, as custom runtimes
 * may send anything.
 */
export function readErrorType(error: string): string {
  try {
    const { errorType } = JSON.parse(error);
    return typeof errorType === 'string' ? errorType : 'Runtime.Unknown';
  } catch {
    return 'Runtime.Unknown';
  }
}

function describeEnd({ exitCode, signal }: ProcessEnd): string {
  if (signal) {
    return `Runtime exited with error: signal: ${signalWords[signal] ?? signal}`;
  }
  if (exitCode) {
    return `Runtime exited with error: exit status ${exitCode}`;
  }
  return 'Runtime exited without providing a reason';
}

/** Lambda's names of the signals, which are Go's. */
const signalWords: Readonly<Record<string, string | undefined>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGINT: 'interrupt',
};
