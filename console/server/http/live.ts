import type { ServerResponse } from 'node:http';
import type { ConsoleContext } from '../console-context.ts';
import type { FlowFigures } from '../journal/flow-figures.ts';
import type { TargetFailure } from '../journal/journal.ts';
import { errorClass } from '../journal/outcome.ts';
import { createEventFilter, type EventFilter } from '../journal/query-events.ts';
import type { Summary } from '../journal/summary.ts';
import { hideSummary } from '../personal/hide-personal.ts';
import type { QueueFigures } from '../source/console-source.ts';

/** An update, which the page receives a few times a second. */
export interface LiveUpdate {
  /** Epoch milliseconds, by the server's clock. */
  readonly now: number;
  /** Number of the newest event. */
  readonly head: number;
  /** See {@link Journal.changes}. */
  readonly changes: number;
  /** Events that are held. */
  readonly held: number;
  /** New events that match the filter, the newest first; not more than a page can show. */
  readonly events: readonly Summary[];
  /** Number of all new events that match the filter. */
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
  /** The error message when the queues cannot be read. */
  readonly error?: string;
}

const everyMs = 200;

/** Maximum number of events in an update; of further ones the page receives the number. */
const maxEvents = 40;
const maxChanged = 100;

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
  let error: string | undefined;
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
          error = undefined;
        },
        (reason: unknown) => {
          error = (reason as Error).message;
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
    if (journal.trouble !== undefined) {
      error = journal.trouble;
      journal.trouble = undefined;
    }
    const isQuiet =
      journal.lastSeq === seq && journal.changes === changes && !queues && error === undefined;
    if (isQuiet && now - printedAt < heartbeatMs) {
      return;
    }
    // A slow page receives fewer updates: nothing is buffered for it.
    if (response.writableNeedDrain) {
      return;
    }
    const events: Summary[] = [];
    let fresh = 0;
    for (const record of journal.newest()) {
      if (record.seq <= seq) {
        break;
      }
      if (!matches(record)) {
        continue;
      }
      fresh += 1;
      if (events.length < maxEvents) {
        events.push(show(journal.summary(record)));
      }
    }
    const changed = journal
      .changedSince(changes)
      .slice(0, maxChanged)
      .filter((record) => record.seq <= seq || matches(record))
      .map((record) => show(journal.summary(record)));
    seq = journal.lastSeq;
    changes = journal.changes;
    const update: LiveUpdate = {
      ...{ now, head: seq, changes, held: journal.size, events, fresh, changed },
      flow: flow.figures,
      failures: reveal ? journal.failures : withoutMessages(journal.failures),
      p95Ms: journal.p95Ms,
      ...(queues && { queues }),
      ...(error !== undefined && { error }),
    };
    queues = undefined;
    error = undefined;
    printedAt = now;
    response.write(`${JSON.stringify(update)}\n`);
  };
  report();
  const timer = setInterval(report, everyMs);
  response.once('close', () => clearInterval(timer));
}
