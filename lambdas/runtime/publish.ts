import {
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { memberOf } from '../../events/json.ts';
import { fromXrayHeader, toXrayHeader } from '../../events/traceparent.ts';
import { busClient } from './aws-clients.ts';
import { isRetryable, isRetryableCode } from './classify-error.ts';

/** PutEvents for at most ten entries: the SDK call, or a test's stand-in. */
export type PutEvents = (
  entries: readonly PutEventsRequestEntry[],
) => Promise<readonly PutEventsResultEntry[]>;

/** An entry that the bus did not accept within the time budget, with the last error code. */
export interface RefusedEntry {
  readonly entry: PutEventsRequestEntry;
  readonly code: string;
}

/** Options of {@link publish}. Tests replace the clock, the pause and the random number. */
export interface PublishOptions {
  /** Milliseconds after which no further attempt starts. */
  readonly budgetMs: number;
  readonly now?: () => number;
  readonly wait?: (ms: number) => Promise<void>;
  readonly random?: () => number;
}

/** Maximum number of entries in one PutEvents call (EventBridge API reference, PutEvents). */
const entriesPerCall = 10;

/** Maximum bytes of all entries in one call (EventBridge API reference, PutEvents). */
const bytesPerCall = 1_000_000;

/** Maximum milliseconds of the first pause. Each further one is twice as long, with full jitter. */
const firstPauseMs = 50;

/** Calls PutEvents of EventBridge. */
export const putEventsToBus: PutEvents = async (entries) => {
  const { Entries = [] } = await busClient().send(new PutEventsCommand({ Entries: [...entries] }));
  return Entries;
};

/**
 * Publishes entries and checks the result of each: PutEvents responds with HTTP 200 even if it refuses an
 * entry. Only refused entries are sent again, and only if a retry can help, until the time budget is used up.
 * Returns the entries that the bus did not accept; empty on success. Never throws.
 */
export async function publish(
  entries: readonly PutEventsRequestEntry[],
  putEvents: PutEvents,
  options: PublishOptions,
): Promise<readonly RefusedEntry[]> {
  const all = divide(entries).map((batch) => publishBatch(batch, putEvents, options));
  return (await Promise.all(all)).flat();
}

/** Divides entries into batches that fit into one call, by number and by size. */
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

/** Makes one call. If the call fails, all its entries have failed. */
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

/**
 * The error code of a failed call. A temporary error becomes the service's own code, as if each entry had
 * been refused with it.
 */
function codeOf(error: unknown): string {
  if (!(error instanceof Error) || isRetryable(error)) {
    return 'InternalFailure';
  }
  return error.name;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Converts an entry to a message for the spill queue. It has the form in which EventBridge delivers events,
 * so that tools for dead-letter messages can read it too. The text of the detail is not changed.
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

/** Converts a message of the spill queue back to an entry. Throws for a message of another form. */
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
    // The detail is not parsed and serialized: that would change the digits of large numbers.
    Detail: memberOf(body, 'detail') ?? '',
  };
}

/** Whether the stage collects traces (the setting `tracing`). */
const isTracing = (): boolean => (process.env.TRACING ?? 'off') !== 'off';

/**
 * The `traceparent` of the trace that X-Ray has started for this invocation. Undefined if the stage collects
 * no traces.
 */
export const invocationTrace = (): string | undefined =>
  // Lambda sets it for each invocation (Lambda Developer Guide, "Defined runtime environment variables").
  isTracing() ? fromXrayHeader(process.env._X_AMZN_TRACE_ID) : undefined;

/**
 * The field of a PutEvents entry that carries a trace through EventBridge and SQS. Empty if the stage
 * collects no traces, since a sampled trace costs money.
 */
export function traceHeader(traceparent: string | undefined): { readonly TraceHeader?: string } {
  const TraceHeader = isTracing() ? toXrayHeader(traceparent) : undefined;
  return TraceHeader === undefined ? {} : { TraceHeader };
}
