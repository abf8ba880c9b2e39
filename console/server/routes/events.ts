import type { ConsoleContext, Route } from '../console-context.ts';
import { BadRequest, readCount, readEventFilter } from '../http/read-request.ts';
import type { EventRecord } from '../journal/journal.ts';
import { EventQuery } from '../journal/query-events.ts';
import type { Summary } from '../journal/summary.ts';
import { hideSummary } from '../personal/hide-personal.ts';
import { type Trace, traceEvent } from '../trace/trace-event.ts';

/** A part of the list of events. */
export interface EventPage {
  readonly head: number;
  readonly total: number;
  readonly held: number;
  /** Where the stream of updates continues from, so that nothing is missed between the two. */
  readonly changes: number;
  readonly items: readonly Summary[];
}

const maxItems = 500;
const queries = new WeakMap<object, EventQuery>();

/** `GET events`: a part of the list, by filter. */
export const listEvents: Route = async ({ source }, { query, reveal }): Promise<EventPage> => {
  const { journal } = source;
  const events = queries.get(journal) ?? new EventQuery(journal);
  queries.set(journal, events);
  const { head, total, records } = events.window({
    filter: readEventFilter(query),
    head: readCount(query, 'head', Number.MAX_SAFE_INTEGER),
    offset: readCount(query, 'offset', Number.MAX_SAFE_INTEGER) ?? 0,
    limit: readCount(query, 'limit', maxItems) ?? 100,
  });
  const items = records.map((record) => journal.summary(record));
  const { size: held, changes } = journal;
  return { head, total, held, changes, items: reveal ? items : items.map(hideSummary) };
};

/** `GET event?id=`: the trace of one event. */
export const showEvent: Route = async (context, { query, reveal }): Promise<Trace> => {
  const record = findEvent(context, query.get('id') ?? '');
  // What is held of the event is shown all the same; the page says why the pipeline cannot be read.
  const pipeline = await context.view.pipeline().catch(() => undefined);
  return traceEvent(record, context.source.journal, pipeline, { reveal });
};

/** The event with this id. @throws BadRequest when it is not held */
export function findEvent({ source }: ConsoleContext, eventId: string): EventRecord {
  const record = source.journal.byEventId(eventId);
  if (record) {
    return record;
  }
  throw new BadRequest(
    'This event is not held: it was published before the console was started, or is older than the newest 100,000.',
    404,
  );
}
