import type { Setting } from './settings.ts';

/** One setting's value, checked. What the command line gives is text; numbers are read from it. */
export function readSetting(name: string, setting: Setting, given: unknown): string | number {
  if (given === undefined || given === null) return setting.default;
  const value = typeof setting.default === 'number' ? toNumber(given) : given;
  if (isAllowed(setting, value)) return value;
  throw new Error(
    `The setting "${name}" is ${JSON.stringify(given)}, but must be ${allowedBy(setting)}. ` +
      `It comes from CDK context: cdk.json or "-c ${name}=...".`,
  );
}

const toNumber = (given: unknown) =>
  typeof given === 'string' && given.trim() !== '' ? Number(given) : given;

function isAllowed(setting: Setting, value: unknown): value is string | number {
  if ('oneOf' in setting) return setting.oneOf.some((allowed) => allowed === value);
  if ('matches' in setting) return typeof value === 'string' && setting.matches.test(value);
  return Number.isInteger(value) && Number(value) >= setting.from && Number(value) <= setting.to;
}

/** What a setting takes, in words. */
export function allowedBy(setting: Setting): string {
  if ('oneOf' in setting) return `one of ${setting.oneOf.join(', ')}`;
  if ('matches' in setting) return setting.expected;
  return `a whole number from ${setting.from} to ${setting.to}`;
}
