import { correlation, isSampledNow } from './correlation.ts';

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

/** Lambda would leave the lines out itself; this spares making them. */
const isDebugging = /^(DEBUG|TRACE)$/.test(process.env.AWS_LAMBDA_LOG_LEVEL ?? '');

/** Each line also says which webhook it is about, wherever one is being worked on. */
export const log = {
  /** Written at the level DEBUG, and for webhooks that are sampled. */
  debug(message: string, fields: LogFields) {
    if (isSampledNow()) console.info({ message, sampled: true, ...correlation(), ...fields });
    else if (isDebugging) console.debug({ message, ...correlation(), ...fields });
  },
  info: (message: string, fields: LogFields) =>
    console.info({ message, ...correlation(), ...fields }),
  warn: (message: string, fields: LogFields) =>
    console.warn({ message, ...correlation(), ...fields }),
  error: (message: string, fields: LogFields) =>
    console.error({ message, ...correlation(), ...fields }),
};

/** What may be said of an unknown error: its class, never its message, which may quote content. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
