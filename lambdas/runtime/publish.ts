import {
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { memberOf } from '../../events/json.ts';
import { busClient } from './aws-clients.ts';
import { isRetryable, isRetryableCode } from './classify-error.ts';

/** PutEvents for at most ten entries: the SDK call, or a test's stand-in. */
export type PutEvents = (
  entries: readonly PutEventsRequestEntry[],
) => Promise<readonly PutEventsResultEntry[]>;

/** An entry that the bus did not take within the time budget, and the last reason it gave. */
export interface RefusedEntry {
  readonly entry: PutEventsRequestEntry;
  readonly code: string;
}

/** When to stop retrying, and what a test replaces. */
export interface PublishOptions {
  /** Milliseconds after which no further attempt starts. */
  readonly budgetMs: number;
  readonly now?: () => number;
  readonly wait?: (ms: number) => Promise<void>;
  readonly random?: () => number;
}

/** Entries in one PutEvents call at most (EventBridge API reference, PutEvents). */
const entriesPerCall = 10;

/** All entries of a call are less than 1 MB together (EventBridge API reference, PutEvents). */
const bytesPerCall = 1_000_000;

/** The first pause is at most this long; each further one twice as long, with full jitter. */
const firstPauseMs = 50;

/** PutEvents of EventBridge. */
export const putEventsToBus: PutEvents = async (entries) => {
  const { Entries = [] } = await busClient().send(new PutEventsCommand({ Entries: [...entries] }));
  return Entries;
};

/**
 * Puts entries on the bus and looks at each one's result: a PutEvents call that refuses an entry is
 * still HTTP 200. Sends again only what was refused, and only when that can help, until the time
 * budget is used up. Returns what the bus did not take; empty when all is well. Never throws.
 */
export async function publish(
  entries: readonly PutEventsRequestEntry[],
  putEvents: PutEvents,
  options: PublishOptions,
): Promise<readonly RefusedEntry[]> {
  const all = divide(entries).map((batch) => publishBatch(batch, putEvents, options));
  return (await Promise.all(all)).flat();
}

/** Batches that one call takes each, by number and by size. */
function divide(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const batches: PutEventsRequestEntry[][] = [];
  let remaining = 0;
  for (const entry of entries) {
    const last = batches.at(-1);
    const size = sizeOf(entry);
    if (last && last.length < entriesPerCall && size <= remaining) {
      last.push(entry);
      remaining -= size;
    } else {
      batches.push([entry]);
      remaining = bytesPerCall - size;
    }
  }
  return batches;
}

/** An entry's size as EventBridge counts it (User Guide, "Calculating PutEvents event entry size"). */
const sizeOf = ({ Detail = '', DetailType = '', Source = '' }: PutEventsRequestEntry) =>
  14 + Buffer.byteLength(Detail) + Buffer.byteLength(DetailType) + Buffer.byteLength(Source);

async function publishBatch(
  entries: readonly PutEventsRequestEntry[],
  putEvents: PutEvents,
  { budgetMs, now = Date.now, wait = pause, random = Math.random }: PublishOptions,
): Promise<readonly RefusedEntry[]> {
  const deadline = now() + budgetMs;
  const given: RefusedEntry[] = [];
  let pending = entries;
  for (let attempt = 0; ; attempt++) {
    const refused = await attemptOnce(pending, putEvents);
    if (refused.length === 0) {
      return given;
    }
    given.push(...refused.filter(({ code }) => !isRetryableCode(code)));
    const again = refused.filter(({ code }) => isRetryableCode(code));
    const pauseMs = random() * firstPauseMs * 2 ** attempt;
    if (again.length === 0) {
      return given;
    }
    if (now() + pauseMs >= deadline) {
      return [...given, ...again];
    }
    await wait(pauseMs);
    pending = again.map(({ entry }) => entry);
  }
}

/** One call; a call that fails counts as a failure of each of its entries. */
async function attemptOnce(
  entries: readonly PutEventsRequestEntry[],
  putEvents: PutEvents,
): Promise<RefusedEntry[]> {
  try {
    const results = await putEvents(entries);
    return entries.flatMap((entry, index) => {
      const result = results[index];
      if (result?.EventId) {
        return [];
      }
      return [{ entry, code: result?.ErrorCode ?? 'InternalFailure' }];
    });
  } catch (error) {
    const code = codeOf(error);
    return entries.map((entry) => ({ entry, code }));
  }
}

/** A failed call's code. One that may pass counts as the service's own, as if each entry had been refused. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error) || isRetryable(error)) {
    return 'InternalFailure';
  }
  return error.name;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * An entry as it waits in the spill queue: in the form in which EventBridge delivers events, so that
 * readers of dead-letter messages can read this too. The detail stays the text it was.
 */
export function toSpilled(entry: PutEventsRequestEntry): string {
  const head = {
    version: '0',
    'detail-type': entry.DetailType,
    source: entry.Source,
    time: entry.Time?.toISOString(),
    resources: entry.Resources ?? [],
  };
  return `${JSON.stringify(head).slice(0, -1)},"detail":${entry.Detail}}`;
}

/** The entry that a message in the spill queue holds. Throws for what was never put there by us. */
export function fromSpilled(body: string, busName: string): PutEventsRequestEntry {
  const event = JSON.parse(body) as Record<string, unknown>;
  const time = new Date(String(event.time));
  if (typeof event.source !== 'string' || typeof event['detail-type'] !== 'string') {
    throw new TypeError('Not a spilled event: it has no source or no detail-type');
  }
  return {
    EventBusName: busName,
    Source: event.source,
    DetailType: event['detail-type'],
    ...(Number.isNaN(time.getTime()) ? {} : { Time: time }),
    // Not parsed and written again: that would change the digits of large numbers.
    Detail: memberOf(body, 'detail') ?? '',
  };
}
