import * as v from 'valibot';
import { consumerVariables } from '../events/names.ts';
import {
  type CheckedRow,
  type ConsumerKind,
  type ConsumerRow,
  consumerKinds,
} from './consumer-row.ts';
import { documentationOf, isReference, schemasFor, show, showGiven } from './schema.ts';

/**
 * Allowed names of consumers. They become part of the names of queues (at most 80 characters) and functions
 * (at most 64), together with the stage (at most 20).
 */
const allowedName = /^[a-z][a-z0-9-]{0,29}$/;

/** Names that other queues, tables and functions of the stack already have. */
const reservedNames = [
  'idempotency',
  'ingest',
  'deduplication',
  'republish',
  'spill',
  'state',
  'undeliverable',
  'unrouted',
  'watch',
];

/** Whether a name is allowed for a consumer. */
export function isConsumerName(name: string): boolean {
  return allowedName.test(name) && !name.endsWith('-dead-letters') && !reservedNames.includes(name);
}

/**
 * Checks a consumer's row and fills in the defaults.
 *
 * @throws if the row is invalid: one sentence for each setting, with the value and what is allowed
 */
export function checkConsumer(name: string, row: ConsumerRow): CheckedRow {
  if (!isConsumerName(name)) {
    throw new Error(
      `A consumer is called ${show(name)}, but its name must be 1 to 30 lower-case letters, digits ` +
        `and hyphens, a letter first, and neither end in -dead-letters nor be one of ${reservedNames.join(', ')}.`,
    );
  }
  const { kind, ...given } = row;
  if (!Object.hasOwn(consumerKinds, kind ?? '')) {
    throw new Error(wrongValue(name, 'kind', show(kind), oneOfKinds));
  }
  const entries: v.ObjectEntries = consumerKinds[kind].entries;
  const result = v.safeParse(v.object(schemasFor(entries, { ...given })), given);
  const wrong = [
    ...unknownSettings(name, kind, given),
    ...wrongSettings(name, kind, given, result.issues ?? []),
    ...contradictionsIn(name, row),
  ];
  if (!result.success || wrong.length > 0) {
    throw new Error(wrong.join('\n'));
  }
  return { kind, ...result.output } as CheckedRow;
}

const oneOfKinds = `one of ${Object.keys(consumerKinds).join(', ')}`;

const wrongValue = (name: string, setting: string, shown: string, allowed: string) =>
  `The consumer "${name}" has ${setting} ${shown}, but it must be ${allowed}.`;

function unknownSettings(name: string, kind: ConsumerKind, given: object): readonly string[] {
  const known = consumerKinds[kind].entries;
  return Object.keys(given)
    .filter((setting) => !Object.hasOwn(known, setting))
    .map(
      (setting) =>
        `The consumer "${name}" has the setting ${show(setting)}, which a consumer of the kind ` +
        `${kind} does not have. It has: ${Object.keys(known).join(', ')}.`,
    );
}

function wrongSettings(
  name: string,
  kind: ConsumerKind,
  given: Readonly<Record<string, unknown>>,
  issues: readonly v.BaseIssue<unknown>[],
): readonly string[] {
  const entries: Readonly<Record<string, v.GenericSchema>> = consumerKinds[kind].entries;
  return Object.entries(entries)
    .filter(([setting]) => issues.some(({ path }) => path?.[0]?.key === setting))
    .map(([setting, schema]) => {
      const { allowed, isPrivate } = documentationOf(schema);
      const value = given[setting];
      const isHidden = isPrivate && value !== undefined && !isReference(value);
      const shown = isHidden ? 'of another form (not shown, it may be secret)' : showGiven(value);
      return wrongValue(name, setting, shown, allowed);
    });
}

/** Contradictions between settings: one sentence for each. */
function contradictionsIn(name: string, row: ConsumerRow): readonly string[] {
  const wrong: string[] = [];
  if ((row.categories === undefined) === (row.pattern === undefined)) {
    wrong.push(
      `The consumer "${name}" has ${row.categories ? 'both categories and pattern' : 'neither categories nor pattern'}, but must have one of them.`,
    );
  }
  if (row.kind === 'function' && isLargeBatch(row.batchSize) && !row.batchWindowSeconds) {
    const { batchSize } = row;
    wrong.push(
      wrongValue(name, 'batchSize', show(batchSize), 'at most 10 without batchWindowSeconds'),
    );
  }
  if (row.kind === 'function') {
    const { environment } = row;
    const taken = consumerVariables.filter((each) => Object.hasOwn(environment ?? {}, each));
    wrong.push(
      ...taken.map(
        (each) =>
          `The consumer "${name}" has environment with ${each}, which the stack sets: choose another name.`,
      ),
    );
  }
  return wrong;
}

/** Lambda allows more than 10 SQS messages in one batch only with a batch window. */
const isLargeBatch = (size: unknown) => typeof size === 'number' && size > 10;
