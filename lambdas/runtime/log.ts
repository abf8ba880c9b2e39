/**
 * Structured log lines. The functions use Lambda's JSON log format, which puts an object that is
 * logged into the line's `message` beside timestamp, level and request id, and filters by level
 * (Lambda Developer Guide, "Log formats").
 *
 * Only names, ids, counts and times go in: never a message, a phone number, a header or a secret.
 */
export interface LogFields {
  readonly [field: string]: string | number | boolean | readonly string[] | undefined;
}

export const log = {
  info: (message: string, fields: LogFields) => console.info({ message, ...fields }),
  warn: (message: string, fields: LogFields) => console.warn({ message, ...fields }),
  error: (message: string, fields: LogFields) => console.error({ message, ...fields }),
};

/** What may be said of an unknown error: its class, never its message, which may quote content. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
