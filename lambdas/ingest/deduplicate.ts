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
  /** This stage does not deduplicate this event type. */
  | { readonly result: 'unchecked' }
  /** The fact was not published before. It is published with `id`. */
  | { readonly result: 'new'; readonly id: string }
  /** The same event type and content was published before, with `id`. */
  | { readonly result: 'duplicate'; readonly id: string }
  /** Another request is publishing the same event type and content. */
  | { readonly result: 'in-progress' }
  /**
   * The fact was or is being published as another event type: `message` and `message.any` report the same
   * message.
   */
  | { readonly result: 'other-type'; readonly id: string; readonly duplicateOf: string }
  /** The fact was or is being published with other content. */
  | { readonly result: 'conflict'; readonly id: string }
  /** The table did not respond in time. */
  | { readonly result: 'unavailable' };

/** The result of deduplication, with the record to complete. */
export type Checked = Deduplicated & {
  /** The record to complete once the event is published. @default - none was acquired */
  readonly holding?: Holding | undefined;
};

/** Settings of deduplication. */
export interface Deduplication {
  /** The deduplication table. @default - events are not deduplicated */
  readonly deduplicationTable?: IdempotencyTable | undefined;
  /** Whether an event type is deduplicated. */
  readonly isDeduplicated: (type: string) => boolean;
}

/** The data of a record in the deduplication table. */
interface Report {
  /** The event's `meta.id`. The event was published with it if it was the first of its fact. */
  readonly id: string;
  readonly type: string;
  readonly fingerprint: string;
  readonly parties: readonly Party[];
}

/** A record with its parsed data. */
type Recorded = IdempotencyRecord & { readonly report: Report };

/**
 * Decides for each event of a request whether it is published, and acquires its record if so. An event that a
 * body contains twice is looked up once. Never throws: an event that cannot be looked up is published.
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
  // Without a key the id is derived from the request id and the body, which are the same in a retry.
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

/** The result for the second of two equal events in one body, derived from the first. */
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
    // A copy with another spelling of the parties came first. Its invocation may have ended without
    // publishing.
    const hasTime = performance.now() - startedAt <= acquireBudgetMs;
    if (first.status === 'COMPLETED' || first.inProgressExpiration > table.now() || !hasTime) {
      return decide(fact, first.variant, undefined);
    }
    const taken = await table.acquire({ key: own.key, ...first });
    const { variant } = first;
    return decide(factWith(variant, taken.records), variant, ifHeld(taken));
  } catch (error) {
    log.warn('deduplication is unavailable', { error: errorName(error) });
    // The record may be written although the response was lost. Then it can still be completed.
    return { result: 'unavailable', holding };
  }
}

const ifHeld = ({ isAcquired, holding }: { isAcquired: boolean; holding: Holding }) =>
  isAcquired ? holding : undefined;

function toVariant(base: string, report: Report): Variant {
  const { type, fingerprint, parties } = report;
  const variant = hash('sha256', JSON.stringify([type, fingerprint, parties]), 'base64url');
  // 96 bits, so that variants of one fact do not collide by chance.
  return { key: { id: base }, variant: variant.slice(0, 16), data: JSON.stringify(report) };
}

/**
 * The records of the fact that a variant reports, in order. Records whose parties contradict each other
 * belong to different facts. Each record joins the first fact whose parties it can share, and adds what it
 * knows about them. A record's fact depends only on earlier records, so every reader of an item gets the same
 * result.
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
 * The result of deduplication, from the order of a fact's records. DynamoDB decides the order, so of two
 * simultaneous requests exactly one is the first.
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

/** Adds the `meta` fields that describe the result; none for a new event. */
export function markMeta(meta: Meta, checked: Checked): Meta {
  switch (checked.result) {
    case 'new':
      // A copy with another spelling of the parties may have been published before its invocation ended.
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
 * Completes the records of published events. If that fails, the sender still gets 2xx; a later retry is then
 * published again with the same id. Never throws.
 */
export function completeAll(
  events: readonly Checked[],
  { deduplicationTable }: Deduplication,
): Promise<void> {
  return settle(events, async ({ result, holding }) => {
    const isCompleted = holding && (await deduplicationTable?.complete(holding));
    // The lease has expired, and another request has acquired the record.
    if (!isCompleted && result !== 'unavailable') {
      throw new Error('not held');
    }
  });
}

/**
 * Releases the records of events that were not accepted, so that the sender's next attempt need not wait for
 * the lease. Never throws.
 */
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
