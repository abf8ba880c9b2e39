import type { ServerResponse } from 'node:http';
import type { ConsoleContext } from '../console-context.ts';
import type { FlowFigures } from '../journal/flow-figures.ts';
import type { TargetFailure } from '../journal/journal.ts';
import { errorClass } from '../journal/outcome.ts';
import { createEventFilter, type EventFilter } from '../journal/query-events.ts';
import type { Summary } from '../journal/summary.ts';
import { hideSummary } from '../personal/hide-personal.ts';
import type { QueueFigures } from '../source/console-source.ts';

/** What the page receives a few times a second. */
export interface LiveUpdate {
  /** Epoch milliseconds, by the server's clock. */
  readonly now: number;
  /** Number of the newest event. */
  readonly head: number;
  /** See {@link Journal.changes}. */
  readonly changes: number;
  /** Events that are held. */
  readonly held: number;
  /** New events that the filter lets through, the newest first; no more than a page can show. */
  readonly events: readonly Summary[];
  /** New events that the filter lets through, all of them. */
  readonly fresh: number;
  /** Earlier events to which something has happened. */
  readonly changed: readonly Summary[];
  readonly flow: FlowFigures;
  /** The newest failure of each target, by its name. Without messages where content is hidden. */
  readonly failures: Readonly<Record<string, TargetFailure>>;
  /** See {@link Journal.p95Ms}. */
  readonly p95Ms: number | undefined;
  /** What the queues hold, by name; absent where they were not read since the last update. */
  readonly queues?: Readonly<Record<string, QueueFigures>>;
  /** Why the queues cannot be read. */
  readonly error?: string;
}

const everyMs = 200;

/** Events that are sent one by one; of more, the page receives the number. */
const maxEvents = 40;
const maxChanged = 100;

/** A line that says nothing, so that a page that has gone is noticed. */
const heartbeatMs = 10_000;

/** What one page subscribes to. */
export interface LiveOptions {
  readonly filter: EventFilter;
  readonly reveal: boolean;
  /** What the page knows already: the newest event, and what had happened to the others. */
  readonly from: { readonly seq: number; readonly changes: number };
}

/** The class of an error says nothing of a person; its message may. */
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
    // A page that is slow receives less: nothing is buffered for it.
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
