import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import {
  type LiveOptions,
  type LiveUpdate,
  reportLive,
} from '../../../console/server/http/live.ts';
import { FlowCounter } from '../../../console/server/journal/flow-figures.ts';
import { EventQuery } from '../../../console/server/journal/query-events.ts';
import { listenToBus } from '../../../console/server/source/bus-feed.ts';
import { quietSource } from './quiet-source.ts';

const everyMs = 200;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

/** A pipeline with events, and the stream of a page that has the list of them. */
function openStream({
  filter = {},
  events = 0,
}: {
  filter?: LiveOptions['filter'];
  events?: number;
}) {
  const { journal, ...source } = quietSource('local');
  const publish = () => {
    const known = { bus: 'bus', source: 's', type: 'message', rules: [], at: 1, text: '{}' };
    return journal.publish({ ...known, eventId: `event ${journal.lastSeq + 1}` }).eventId;
  };
  const ids = Array.from({ length: events }, publish);
  const updates: LiveUpdate[] = [];
  const response = Object.assign(new EventEmitter(), {
    writableNeedDrain: false,
    write: (line: string) => updates.push(JSON.parse(line)),
  });
  const { lastSeq: seq, changes } = journal;
  reportLive(
    { source: { ...source, journal }, view: { queues: async () => ({}) } } as never,
    response as never,
    { filter, reveal: true, from: { seq, changes } },
  );
  /** The updates of a time, in milliseconds. */
  const during = async (ms: number) => {
    updates.length = 0;
    await jest.advanceTimersByTimeAsync(ms);
    return [...updates];
  };
  return { journal, publish, ids, during, response };
}

const handled = (at = 2) => ({ kind: 'handled', at, target: 'orders' }) as const;
const seqsOf = (updates: readonly LiveUpdate[], part: 'events' | 'changed') =>
  updates.flatMap((update) => update[part].map(({ seq }) => seq));

test('of more changes than an update has, the others are in the next ones', async () => {
  const { journal, ids, during } = openStream({ events: 1_200 });
  for (const id of ids) {
    journal.add(id, handled());
  }
  const updates = await during(5 * everyMs);
  expect(seqsOf(updates, 'changed').sort((a, b) => a - b)).toEqual(ids.map((_, at) => at + 1));
  expect(updates.at(-1)?.changes).toBe(journal.changes);
});

test.each([{ outcome: 'done' }, { target: 'orders' }] as const)(
  'an event that comes to match the filter %j later is added to the list, once',
  async (filter) => {
    const { journal, publish, ids, during } = openStream({ filter, events: 3 });
    journal.add(ids[1] ?? '', handled());
    const [update] = await during(everyMs);
    expect([update?.fresh, update?.events[0]?.seq]).toEqual([1, 2]);
    journal.add(ids[1] ?? '', handled(3));
    // A new event that does not match yet, and one that does at once.
    const late = publish();
    journal.add(publish(), handled());
    expect(seqsOf(await during(everyMs), 'events')).toEqual([5]);
    journal.add(late, handled());
    expect(seqsOf(await during(everyMs), 'events')).toEqual([4]);
  },
);

test('an event that the list has already is not added when it changes', async () => {
  const { journal, ids, during } = openStream({ filter: { outcome: 'published' }, events: 1 });
  journal.add(ids[0] ?? '', { kind: 'given', at: 2, target: 'orders' });
  const updates = await during(everyMs);
  expect([seqsOf(updates, 'events'), seqsOf(updates, 'changed')]).toEqual([[], [1]]);
});

test('a part of a list that depends on outcomes is never older than the last change', () => {
  const { journal, ids } = openStream({ events: 1 });
  const events = new EventQuery(journal);
  const total = () =>
    events.window({ filter: { outcome: 'done' }, head: 1, offset: 0, limit: 1 }).total;
  expect(total()).toBe(0);
  journal.add(ids[0] ?? '', handled());
  expect(total()).toBe(1);
});

test('that the stream of events has stopped is in each update, until it runs again', async () => {
  const { journal, publish, during } = openStream({});
  await during(everyMs);
  journal.trouble = 'The queue was deleted.';
  for (let times = 0; times < 2; times += 1) {
    publish();
    const [update] = await during(everyMs);
    expect(update?.error).toBe('The queue was deleted.');
  }
  // No AWS is here, and the feed ends again; what counts is its start.
  const pipeline = { rules: [], buses: [{ name: 'bus' }] };
  const feed = listenToBus({} as never, pipeline as never, journal, new FlowCounter());
  expect(journal.trouble).toBeUndefined();
  await feed.stop();
  journal.trouble = undefined;
  const [update] = await during(everyMs);
  expect(update).not.toHaveProperty('error');
});
