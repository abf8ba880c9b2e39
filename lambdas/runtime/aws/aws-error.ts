/**
 * What an AWS API answered instead of a result. `name` is AWS's own error code, as with the SDK, and
 * so is the place of the HTTP status: whoever judges errors need not know where one comes from.
 */
export class AwsError extends Error {
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId?: string | undefined };

  constructor(code: string, message: string, httpStatusCode: number, requestId?: string) {
    super(message);
    this.name = code;
    this.$metadata = { httpStatusCode, requestId };
  }
}

/** No answer came: no connection, a connection that broke, or a time that was over. */
export class NoAnswerError extends Error {
  /** Whether the connection was an old one and closed before any byte of an answer. */
  readonly wasStale: boolean;

  constructor(name: 'TimeoutError' | 'ConnectionError', message: string, wasStale = false) {
    super(message);
    this.name = name;
    this.wasStale = wasStale;
  }
}

/** Whether an AWS API answered with this error code. */
export function isAwsError(error: unknown, code: string): boolean {
  return error instanceof Error && error.name === code;
}
