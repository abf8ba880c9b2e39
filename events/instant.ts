/**
 * A number from here on is read as milliseconds, a smaller one as seconds: 1e11 s is the year 5138, and 1e11
 * ms is March 1973, before WhatsApp existed. Senders mix both units, even within one event.
 */
const firstMilliseconds = 1e11;

/** 9999-12-31T23:59:59.999Z: later years do not fit into the four digits of ISO-8601. */
const lastInstantMs = 253_402_300_799_999;

const numeric = /^\d{1,16}(\.\d{1,9})?$/;
const iso8601 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Converts a time in a payload to ISO-8601 UTC with milliseconds (`2026-01-31T12:00:00.000Z`). It accepts
 * seconds, fractional seconds and milliseconds, as numbers or numeric strings, and ISO-8601 with an offset.
 * Undefined for 0, which senders write for an unknown time, and for everything that is not a time.
 */
export function toInstant(value: unknown): string | undefined {
  if (typeof value === 'number') {
    return fromNumber(value);
  }
  if (typeof value !== 'string' || value.length > 40) {
    return undefined;
  }
  if (numeric.test(value)) {
    return fromNumber(Number(value));
  }
  return iso8601.test(value) ? fromMilliseconds(Date.parse(value)) : undefined;
}

function fromNumber(value: number): string | undefined {
  return fromMilliseconds(value > firstMilliseconds ? value : value * 1000);
}

function fromMilliseconds(value: number): string | undefined {
  const ms = Math.round(value);
  return ms > 0 && ms <= lastInstantMs ? new Date(ms).toISOString() : undefined;
}
