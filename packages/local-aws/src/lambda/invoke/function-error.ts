/**
 * The response to a caller when the platform, not the function's code, ended an invocation. The
 * shapes are those that Lambda's `Invoke` answers with `X-Amz-Function-Error: Unhandled`.
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

/** A runtime of the user's own may ask for the next invocation without a result of the last. */
export function gaveNoResult(requestId: string): FunctionError {
  return {
    errorType: 'Runtime.InvalidState',
    errorMessage: `RequestId: ${requestId} Error: The runtime gave no result`,
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
