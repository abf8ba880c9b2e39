import type { ServerResponse } from 'node:http';
import type { ConsoleContext } from '../console-context.ts';
import type { FlowFigures } from '../journal/flow-figures.ts';
import type { EventRecord, Journal, TargetFailure } from '../journal/journal.ts';
import { errorClass } from '../journal/outcome.ts';
import { canMatchLater, createEventFilter, type EventFilter } from '../journal/query-events.ts';
import type { Summary } from '../journal/summary.ts';
import { hideSummary } from '../personal/hide-personal.ts';
import type { QueueFigures } from '../source/console-source.ts';

/** An update, which the page receives a few times a second. */
export interface LiveUpdate {
  /** Epoch milliseconds, by the server's clock. */
  readonly now: number;
  /** Number of the newest event. */
  readonly head: number;
  /** See {@link Journal.changes}: the changes up to this one were sent. */
  readonly changes: number;
  /** Events that are held. */
  readonly held: number;
  /** New events that match the filter, the newest first, and earlier ones that match only now; not more than a page can show. */
  readonly events: readonly Summary[];
  /** Number of all of these. */
  readonly fresh: number;
  /** Earlier events that have changed. */
  readonly changed: readonly Summary[];
  readonly flow: FlowFigures;
  /** The newest failure of each target, by its name; without messages if content is hidden. */
  readonly failures: Readonly<Record<string, TargetFailure>>;
  /** See {@link Journal.p95Ms}. */
  readonly p95Ms: number | undefined;
  /** The figures of the queues by name; absent if they were not read since the last update. */
  readonly queues?: Readonly<Record<string, QueueFigures>>;
  /** The error message while the queues cannot be read, or while the stream of events has stopped. */
  readonly error?: string;
}

const everyMs = 200;

/** Maximum number of events in an update; of further ones the page receives the number. */
const maxEvents = 40;
/** Maximum number of changed events in an update; further ones are in the next update. */
const maxChanged = 500;

/** Interval of empty lines, by which a page that has disconnected is noticed. */
const heartbeatMs = 10_000;

/** The subscription of one page. */
export interface LiveOptions {
  readonly filter: EventFilter;
  readonly reveal: boolean;
  /** The position of the page: its newest event, and the changes that it has. */
  readonly from: { readonly seq: number; readonly changes: number };
}

/** Removes the messages of errors, which may have personal data; their classes have none. */
const withoutMessages = (failures: LiveUpdate['failures']): LiveUpdate['failures'] =>
  Object.fromEntries(
    Object.entries(failures).map(([target, { at, error }]) => [
      target,
      { at, error: errorClass(error) },
    ]),
  );

/** Streams events to one page until it disconnects: one JSON object in each line. */
export function reportLive(
  { source, view }: ConsoleContext,
  response: ServerResponse,
  { filter, reveal, from }: LiveOptions,
): void {
  const { journal, flow } = source;
  const matches = createEventFilter(filter, journal);
  const show = reveal ? (summary: Summary) => summary : hideSummary;
  let { seq, changes } = from;
  let queues: LiveUpdate['queues'];
  let queuesError: string | undefined;
  let printedError: string | undefined;
  const listed = canMatchLater(filter) ? listedAt(from, matches, journal) : undefined;
  let isLooking = false;
  let queuesAt = 0;
  let printedAt = 0;

  const look = () => {
    if (isLooking || Date.now() - queuesAt < source.queuesEveryMs) {
      return;
    }
    isLooking = true;
    view
      .queues()
      .then(
        (found) => {
          queues = found;
          queuesError = undefined;
        },
        (reason: unknown) => {
          queuesError = (reason as Error).message;
        },
      )
      .finally(() => {
        isLooking = false;
        queuesAt = Date.now();
      });
  };

  const report = () => {
    const now = Date.now();
    look();
    const error = journal.trouble ?? queuesError;
    const isSame = journal.lastSeq === seq && journal.changes === changes;
    if (isSame && !queues && error === printedError && now - printedAt < heartbeatMs) {
      return;
    }
    // A slow page receives fewer updates: nothing is buffered for it.
    if (response.writableNeedDrain) {
      return;
    }
    const events: Summary[] = [];
    let fresh = 0;
    const add = (record: EventRecord) => {
      listed?.add(record);
      fresh += 1;
      if (events.length < maxEvents) {
        events.push(show(journal.summary(record)));
      }
    };
    for (const record of journal.newest()) {
      if (record.seq <= seq) {
        break;
      }
      if (!matches(record)) {
        continue;
      }
      add(record);
    }
    const all = journal.changedSince(changes);
    const sent = all.slice(0, maxChanged);
    const changed: Summary[] = [];
    for (const [record] of sent) {
      const isMatch = matches(record);
      if (record.seq <= seq || isMatch) {
        changed.push(show(journal.summary(record)));
      }
      if (isMatch && listed && !listed.has(record)) {
        add(record);
      }
    }
    seq = journal.lastSeq;
    changes = all.length > sent.length ? (sent.at(-1)?.[1] ?? changes) : journal.changes;
    const update: LiveUpdate = {
      ...{ now, head: seq, changes, held: journal.size, events, fresh, changed },
      flow: flow.figures,
      failures: reveal ? journal.failures : withoutMessages(journal.failures),
      p95Ms: journal.p95Ms,
      ...(queues && { queues }),
      ...(error !== undefined && { error }),
    };
    queues = undefined;
    printedError = error;
    printedAt = now;
    response.write(`${JSON.stringify(update)}\n`);
  };
  report();
  const timer = setInterval(report, everyMs);
  response.once('close', () => clearInterval(timer));
}

/** The events that the list of a page has at a position. What has changed since then may have matched only later. */
function listedAt(
  { seq, changes }: LiveOptions['from'],
  matches: (record: EventRecord) => boolean,
  journal: Journal,
): WeakSet<EventRecord> {
  const changed = new Set(journal.changedSince(changes).map(([record]) => record));
  const found = [...journal.newest(seq)].filter(
    (record) => !changed.has(record) && matches(record),
  );
  return new WeakSet(found);
}
