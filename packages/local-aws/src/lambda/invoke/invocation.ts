import type { FunctionError } from './function-error.ts';

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
  /** What the function returned, or the error, as JSON text. */
  readonly payload: string;
  readonly functionError?: 'Unhandled';
  /** The last 4 KB of the execution's log, if requested. */
  readonly logTail?: string;
}

/** The outcome for a caller whose invocation the platform ended. */
export function failure(error: FunctionError): Outcome {
  return { payload: JSON.stringify(error), functionError: 'Unhandled' };
}

/** A new trace header, unsampled: nothing here collects traces. */
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
