import { hash } from 'node:crypto';
import type { Envelope, Meta } from '../../events/envelope.ts';
import { canBeSame, type FactKey, type Party } from '../../events/fact-key.ts';
import { fingerprint } from '../../events/fingerprint.ts';
import { ingestMetrics } from '../../events/names.ts';
import { count } from '../runtime/count.ts';
import type {
  Holding,
  IdempotencyRecord,
  IdempotencyTable,
  Variant,
} from '../runtime/idempotency-table.ts';
import { errorName, log } from '../runtime/log.ts';
import { acquireBudgetMs } from './budget.ts';

/**
 * Hours after which a fact may be published again. The longest retry horizon of a sender is WAHA's
 * exponential policy: 15 retries of 2 s · 2^n with up to 20 % of jitter, about 44 hours.
 */
export const deduplicationHours = 48;

/** Result of deduplication for one event. */
export type Deduplicated =
  /** This stage does not look for duplicates of this type. */
  | { readonly result: 'unchecked' }
  /** The fact was not published before; `id` is the id to publish it under. */
  | { readonly result: 'new'; readonly id: string }
  /** Published before, as this type and with this content; `id` is that of the published event. */
  | { readonly result: 'duplicate'; readonly id: string }
  /** Being published by another request, as this type and with this content. */
  | { readonly result: 'in-progress' }
  /** Published, or being published, as another type: `message` and `message.any` report the same. */
  | { readonly result: 'other-type'; readonly id: string; readonly duplicateOf: string }
  /** Published, or being published, with other content. */
  | { readonly result: 'conflict'; readonly id: string }
  /** The table does not answer. */
  | { readonly result: 'unavailable' };

/** What is known of an event before it is published. */
export type Checked = Deduplicated & {
  /** What to complete once the event is published. @default - nothing is recorded */
  readonly holding?: Holding | undefined;
};

/** Which events are looked up, and where. */
export interface Deduplication {
  /** @default - duplicates are not looked for */
  readonly deduplicationTable?: IdempotencyTable | undefined;
  /** Whether duplicates of a type are looked for. */
  readonly isDeduplicated: (type: string) => boolean;
}

/** What a record in the deduplication table says of an event. */
interface Report {
  /** `meta.id`, under which the event was published if it was the first of its fact. */
  readonly id: string;
  readonly type: string;
  readonly fingerprint: string;
  readonly parties: readonly Party[];
}

/** A report as it is stored in the table. */
type Recorded = IdempotencyRecord & { readonly report: Report };

/**
 * Decides for each event of a request whether it is published, and acquires its record if so. An event
 * that the same body holds twice is looked up once. Never throws: what cannot be looked up is published.
 */
export async function deduplicate(
  events: readonly { readonly envelope: Envelope; readonly key: FactKey | undefined }[],
  { deduplicationTable, isDeduplicated }: Deduplication,
): Promise<readonly Checked[]> {
  const lookups: { readonly lookup: Lookup; readonly checked: Promise<Checked> }[] = [];
  return Promise.all(
    events.map(async ({ envelope, key }): Promise<Checked> => {
      if (!deduplicationTable || !isDeduplicated(envelope.meta.type)) {
        return { result: 'unchecked' };
      }
      const lookup = lookupOf(envelope, key);
      const first = lookups.find((other) => isRepeated(lookup, other.lookup));
      if (first) {
        return asRepeated(await first.checked, first.lookup);
      }
      const checked = check(lookup, deduplicationTable);
      lookups.push({ lookup, checked });
      return checked;
    }),
  );
}

/** The request to the table for one event. */
interface Lookup {
  readonly base: string;
  readonly report: Report;
}

function lookupOf({ meta, data }: Envelope, key: FactKey | undefined): Lookup {
  // Without a key the id is made of the request and its body, which a retry repeats.
  const { base, parties } = key ?? { base: meta.id, parties: [] };
  return {
    base,
    report: { id: meta.id, type: meta.type, fingerprint: fingerprint(data), parties },
  };
}

const isRepeated = (one: Lookup, other: Lookup) =>
  one.base === other.base &&
  isSameContent(one.report, other.report) &&
  canBeSame(one.report.parties, other.report.parties);

const isSameContent = (one: Report, other: Report) =>
  one.type === other.type && one.fingerprint === other.fingerprint;

/** What the second of two equal events in one body is, by the first. */
function asRepeated(first: Checked, { report }: Lookup): Checked {
  if (first.result === 'in-progress') {
    return { result: 'in-progress' };
  }
  return { result: 'duplicate', id: 'id' in first ? first.id : report.id };
}

async function check({ base, report }: Lookup, table: IdempotencyTable): Promise<Checked> {
  const own = toVariant(base, report);
  const holding = { key: own.key, variant: own.variant, token: crypto.randomUUID() };
  const startedAt = performance.now();
  try {
    const { isAcquired, records } = await table.acquire(own, holding);
    const fact = factWith(own.variant, records);
    const first = fact.find((record) => isSameContent(record.report, report));
    if (!first || first.variant === own.variant) {
      return decide(fact, own.variant, isAcquired ? holding : undefined);
    }
    // A copy by another spelling of the parties came first, and may have ended without publishing.
    const hasTime = performance.now() - startedAt <= acquireBudgetMs;
    if (first.status === 'COMPLETED' || first.inProgressExpiration > table.now() || !hasTime) {
      return decide(fact, first.variant, undefined);
    }
    const taken = await table.acquire({ key: own.key, ...first });
    const { variant } = first;
    return decide(factWith(variant, taken.records), variant, ifHeld(taken));
  } catch (error) {
    log.warn('deduplication is unavailable', { error: errorName(error) });
    // The answer may be lost, and the record written: then it can be completed.
    return { result: 'unavailable', holding };
  }
}

const ifHeld = ({ isAcquired, holding }: { isAcquired: boolean; holding: Holding }) =>
  isAcquired ? holding : undefined;

function toVariant(base: string, report: Report): Variant {
  const { type, fingerprint, parties } = report;
  const variant = hash('sha256', JSON.stringify([type, fingerprint, parties]), 'base64url');
  // 96 bits: variants of one fact do not meet by chance.
  return { key: { id: base }, variant: variant.slice(0, 16), data: JSON.stringify(report) };
}

/**
 * The records of one fact, in order. Reports whose parties differ are of different facts; each joins
 * the first fact with which it agrees, and adds what it knows of the parties. A record's fact depends
 * on those before it only, so that all who read an item see the same facts.
 */
function factWith(variant: string, records: readonly IdempotencyRecord[]): readonly Recorded[] {
  const facts: { parties: readonly Party[]; readonly records: Recorded[] }[] = [];
  for (const record of records) {
    const report = JSON.parse(record.data) as Report;
    const fact = facts.find(({ parties }) => canBeSame(parties, report.parties));
    if (fact) {
      fact.records.push({ ...record, report });
      fact.parties = mergeParties(fact.parties, report.parties);
    } else {
      facts.push({ parties: report.parties, records: [{ ...record, report }] });
    }
  }
  const own = facts.find(({ records }) => records.some((each) => each.variant === variant));
  if (!own) {
    throw new Error('A record is missing that was just acquired.');
  }
  return own.records;
}

const mergeParties = (one: readonly Party[], other: readonly Party[]): readonly Party[] =>
  one.map((party, index) => ({ ...other[index], ...party }));

/**
 * What the first record with an event's type and content says of the event. The order of the records
 * is DynamoDB's, so of two requests at the same moment exactly one is the first.
 */
function decide(fact: readonly Recorded[], variant: string, holding: Holding | undefined): Checked {
  const index = fact.findIndex((record) => record.variant === variant);
  const own = fact[index] as Recorded;
  const id = (fact[0] as Recorded).report.id;
  if (!holding) {
    return own.status === 'COMPLETED' ? { result: 'duplicate', id } : { result: 'in-progress' };
  }
  const before = fact.slice(0, index);
  if (before.length === 0) {
    return { result: 'new', id, holding };
  }
  const same = before.find(({ report }) => report.fingerprint === own.report.fingerprint);
  if (!same) {
    return { result: 'conflict', id, holding };
  }
  return { result: 'other-type', id, duplicateOf: same.report.type, holding };
}

/** The `meta` fields that say the result; none for an event that is new. */
export function markMeta(meta: Meta, checked: Checked): Meta {
  switch (checked.result) {
    case 'new':
      // A copy by another spelling of the parties may have been published before its holder ended.
      return { ...meta, id: checked.id };
    case 'other-type':
      return { ...meta, id: checked.id, duplicateOf: checked.duplicateOf };
    case 'conflict':
      return { ...meta, id: checked.id, conflict: true };
    case 'unavailable':
      return { ...meta, deduplication: 'unavailable' };
    default:
      return meta;
  }
}

/**
 * Records that events are published. Where that fails the sender still gets its 2xx: a retry is then
 * published once more under the same id, after the lease. Never throws.
 */
export function completeAll(
  events: readonly Checked[],
  { deduplicationTable }: Deduplication,
): Promise<void> {
  return settle(events, async ({ result, holding }) => {
    const isCompleted = holding && (await deduplicationTable?.complete(holding));
    // The lease is over and somebody else has published it too.
    if (!isCompleted && result !== 'unavailable') {
      throw new Error('not held');
    }
  });
}

/** Releases the records of events that were not accepted: the next attempt begins at once. Never throws. */
export function releaseAll(
  events: readonly Checked[],
  { deduplicationTable }: Deduplication,
): Promise<void> {
  return settle(events, async ({ holding }) => {
    if (holding) {
      await deduplicationTable?.release(holding);
    }
  });
}

async function settle(
  events: readonly Checked[],
  change: (event: Checked) => Promise<void>,
): Promise<void> {
  const held = events.filter(({ holding }) => holding);
  const results = await Promise.allSettled(held.map(change));
  const failed = results.filter(({ status }) => status === 'rejected').length;
  if (failed > 0) {
    count(ingestMetrics.notRecorded, failed);
  }
}
