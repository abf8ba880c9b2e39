import type { ConsumerRow } from './consumer-row.ts';
import type { ConsumerSetting } from './consumer-setting.ts';
import { consumerSettings } from './consumer-settings.ts';

/**
 * Names become part of the names of queues (80 characters) and functions (64), beside the stage's 20.
 */
const allowedName = /^[a-z][a-z0-9-]{0,29}$/;

/** Names that are those of other queues, tables and functions of the stack. */
const takenNames = [
  'claims',
  'ingest',
  'ledger',
  'republish',
  'spill',
  'state',
  'undeliverable',
  'unrouted',
  'watch-sessions',
];

/**
 * Checks a consumer as it was written.
 *
 * @throws for the first thing that is wrong: says what, the bad value, and what is allowed
 */
export function checkConsumer(name: string, row: ConsumerRow): void {
  if (!isConsumerName(name)) {
    throw new Error(
      `A consumer is called ${show(name)}, but its name must be 1 to 30 lower-case letters, digits ` +
        `and hyphens, a letter first, and neither end in -dead-letters nor be one of ${takenNames.join(', ')}.`,
    );
  }
  const { kind, ...given } = row;
  if (!Object.hasOwn(consumerSettings, kind ?? '')) {
    refuse(name, 'kind', kind, `one of ${Object.keys(consumerSettings).join(', ')}`);
  }
  const settings: Readonly<Record<string, ConsumerSetting>> = consumerSettings[kind];
  for (const setting of Object.keys(given)) {
    if (!Object.hasOwn(settings, setting)) {
      throw new Error(
        `The consumer "${name}" has the setting ${show(setting)}, which a consumer of the kind ` +
          `${kind} does not have. It has: ${Object.keys(settings).join(', ')}.`,
      );
    }
  }
  for (const [setting, { default: fallback, expected, allows, isPrivate }] of Object.entries(
    settings,
  )) {
    const value = (given as Readonly<Record<string, unknown>>)[setting];
    if (value === undefined && fallback !== undefined) continue;
    if (!allows(value))
      refuse(name, setting, isPrivate ? typeOf(value) : value, expected, isPrivate);
  }
  checkTogether(name, row);
}

/** Whether a consumer may be called so. */
export function isConsumerName(name: string): boolean {
  return allowedName.test(name) && !name.endsWith('-dead-letters') && !takenNames.includes(name);
}

function checkTogether(name: string, row: ConsumerRow): void {
  if ((row.hears === undefined) === (row.pattern === undefined)) {
    throw new Error(
      `The consumer "${name}" has ${row.hears ? 'both hears and pattern' : 'neither hears nor pattern'}, but must have one of them.`,
    );
  }
  if (row.kind === 'function' && (row.batchSize ?? 0) > 10 && !row.batchWindowSeconds) {
    refuse(name, 'batchSize', row.batchSize, 'at most 10 without batchWindowSeconds');
  }
}

function refuse(
  name: string,
  setting: string,
  value: unknown,
  expected: string,
  isPrivate = false,
): never {
  const shown = isPrivate ? String(value) : show(value);
  throw new Error(`The consumer "${name}" has ${setting} ${shown}, but it must be ${expected}.`);
}

const typeOf = (value: unknown) =>
  value === undefined ? 'undefined' : 'of another form (not shown, it may be secret)';

/** A value in an error, cut to a readable length. */
function show(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // Something that JSON cannot say, such as a circle.
  }
  text ??= String(typeof value === 'object' ? 'an object' : value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
