/**
 * Throw this from a consumer for what cannot get better by trying again: the event goes to the
 * dead-letter queue at once, with the reason, instead of being delivered again and again.
 */
export class PermanentError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PermanentError';
  }
}

/** Names of errors that say the event, or the code's permission, is wrong. */
const permanentNames: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'NotAWhatsAppEventError',
  'PermanentError',
  'ValiError',
  'ValidationException',
  'ZodError',
]);

/** Answers of a target that ask for another try: timeout, conflict, too early, too many requests. */
const passingStatuses: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/**
 * Whether trying again cannot help: the error says so itself, the event is of the wrong shape, or a
 * target (an AWS API, or one called by HTTP) answered 4xx. Everything else may pass.
 */
export function isPermanent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (permanentNames.has(error.name)) return true;
  if (/Throttl|TooManyRequests|LimitExceeded/.test(error.name)) return false;
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500 && !passingStatuses.has(status);
}

/** Where the AWS SDK, and HTTP clients, put the status of an answer. */
function statusOf(error: Error): number | undefined {
  const { $metadata, status, statusCode } = error as {
    $metadata?: { httpStatusCode?: number };
    status?: unknown;
    statusCode?: unknown;
  };
  const found = $metadata?.httpStatusCode ?? status ?? statusCode;
  return typeof found === 'number' ? found : undefined;
}
