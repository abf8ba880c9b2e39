import { compilePattern } from '@event-fanout/event-pattern';

/** What may stand somewhere. */
export interface AllowedValue {
  /** In words, behind "it must be". */
  readonly expected: string;
  allows(value: unknown): boolean;
}

/** Whole numbers. */
export const whole = (from: number, to: number): AllowedValue => ({
  expected: `a whole number from ${from} to ${to}`,
  allows: (value) => Number.isInteger(value) && Number(value) >= from && Number(value) <= to,
});

/** Text of a shape. */
export const matching = (shape: RegExp, expected: string): AllowedValue => ({
  expected,
  allows: (value) => typeof value === 'string' && shape.test(value),
});

/** A list with something in it, each of which is allowed. */
export const isList = (value: unknown, allows: (item: unknown) => boolean) =>
  Array.isArray(value) && value.length > 0 && value.every(allows);

/** A list of texts that are not empty. */
export const isTexts = (value: unknown) =>
  isList(value, (item) => typeof item === 'string' && item !== '');

/** An object that is no list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An event pattern as EventBridge takes it, 2,048 characters at most (EventBridge quotas). */
export function isEventPattern(value: unknown): boolean {
  try {
    compilePattern(value as object);
    return JSON.stringify(value).length <= 2_048;
  } catch {
    return false;
  }
}

/** Where an API destination may lead; this machine is for local runs. */
export function isEndpoint(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  if (username !== '' || password !== '') return false;
  return (
    protocol === 'https:' ||
    (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
  );
}
