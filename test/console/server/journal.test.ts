import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FlowCounter } from '../../../console/server/journal/flow-figures.ts';
import { Journal } from '../../../console/server/journal/journal.ts';
import { outcomeOf, type Step } from '../../../console/server/journal/outcome.ts';
import { EventQuery } from '../../../console/server/journal/query-events.ts';
import { readHead } from '../../../console/server/journal/summary.ts';
import { TextStore } from '../../../console/server/journal/text-store.ts';
import { observeLocalRun } from '../../../console/server/source/local-feed.ts';

const textOf = (number: number) =>
  JSON.stringify({ id: `${number}`, detail: { data: { body: `text ${number}` } } });

function filled(count: number, capacity: number): Journal {
  const journal = new Journal(capacity);
  for (let at = 1; at <= count; at += 1) {
    const known = { eventId: `event ${at}`, bus: 'bus', source: 's', rules: [], at };
    journal.publish({ ...known, type: at % 2 ? 'odd' : 'even', text: textOf(at) });
  }
  return journal;
}

describe('the journal', () => {
  test('holds the newest events, and each is found by its number', async () => {
    const journal = filled(2_500, 1_000);
    expect([journal.size, journal.lastSeq]).toEqual([1_000, 2_500]);
    expect(journal.at(1_500)).toBeUndefined();
    for (const seq of [1_501, 2_000, 2_500]) {
      expect(journal.at(seq)?.eventId).toBe(`event ${seq}`);
      expect(await journal.text(seq)).toBe(textOf(seq));
    }
    expect(journal.at(2_501)).toBeUndefined();
    expect(await journal.text(1_500)).toBeUndefined();
  });

  test('gives any part of its list, with a filter and without', () => {
    const events = new EventQuery(filled(900, 1_000));
    const seqs = (filter: object, head: number, offset: number) => {
      const { total, records } = events.window({ filter, head, offset, limit: 3 });
      return [total, records.map(({ seq }) => seq)];
    };
    expect(seqs({}, 900, 0)).toEqual([900, [900, 899, 898]]);
    expect(seqs({}, 500, 10)).toEqual([500, [490, 489, 488]]);
    expect(seqs({ type: 'odd' }, 900, 0)).toEqual([450, [899, 897, 895]]);
    expect(seqs({ text: 'TEXT 77' }, 900, 1)).toEqual([11, [778, 777, 776]]);
    expect(seqs({ type: 'neither' }, 900, 0)).toEqual([0, []]);
  });

  test('reads whatever an event holds, and never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (event) => {
        const head = readHead({ detail: event }, { type: 'any', at: 1, bytes: 0 });
        expect(head.type).toBe('any');
        expect((head.preview ?? '').length).toBeLessThanOrEqual(160);
      }),
    );
  });

  test('keeps the steps of a poison message within bounds', () => {
    const journal = filled(1, 10);
    for (let attempt = 1; attempt <= 5_000; attempt += 1) {
      journal.add('event 1', { kind: 'failed', at: attempt, target: 'queue', attempt });
    }
    const record = journal.at(1);
    expect(record?.steps).toHaveLength(200);
    expect(record?.steps.at(-1)?.attempt).toBe(5_000);
    expect(record?.omitted).toBe(4_800);
  });
});

test('texts that are packed are as they were, and beyond the budget the oldest are forgotten', async () => {
  const store = new TextStore(200_000);
  const text = (number: number) =>
    `${number} \ud83d\ude00 ${Array.from({ length: 40 }, (_, at) => Math.sin(number * 41 + at)).join()}`;
  for (let number = 0; number < 4_000; number += 1) {
    store.set(number, text(number));
  }
  await store.idle();
  expect(store.packedBytes).toBeGreaterThan(0);
  expect(store.packedBytes).toBeLessThanOrEqual(200_000);
  expect(await store.get(0)).toBeUndefined();
  expect(await store.get(3_999)).toBe(text(3_999));
  expect(await store.get(3_700)).toBe(text(3_700));
});

describe('a line of the list', () => {
  const headOf = (type: string, data: object) =>
    readHead({ detail: { data } }, { type, at: 1, bytes: 0 });

  test.each([
    ['message', { content: 'image', body: 'Look', authorName: 'Noor' }, 'image', 'Noor: Look'],
    ['message', { content: 'order', order: { title: 'Two chairs' } }, 'order', 'Two chairs'],
    ['message', { content: 'poll', poll: { question: 'When?' } }, 'poll', 'When?'],
    ['message.ack', { ack: { level: 3, name: 'read' } }, 'read', undefined],
    ['message.reaction', { emoji: '👍', authorName: 'Noor' }, undefined, 'Noor: 👍'],
    ['session.status', { status: 'SCAN_QR_CODE' }, 'SCAN_QR_CODE', undefined],
    ['call.rejected', { outcome: 'missed', media: 'video' }, 'missed', undefined],
    ['label.upsert', { label: { id: '1', name: 'Paid' } }, undefined, 'Paid'],
    ['poll.vote', { choices: ['Tuesday', 'Thursday'] }, undefined, 'Tuesday, Thursday'],
  ])('of a %s says what it says: %j', (type, data, gist, preview) => {
    expect(headOf(type, data)).toMatchObject({
      ...(gist !== undefined && { gist }),
      ...(preview !== undefined && { preview }),
    });
  });

  test('has no word that a person wrote where personal content is hidden', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { gist } = headOf('message', { content: text });
        expect(gist === undefined || /^[a-z-]{1,24}$|^[A-Z_]{1,24}$/.test(gist)).toBe(true);
      }),
    );
  });
});

describe('the figures of the health', () => {
  test('have the 95th percentile of the time from the webhook to the end of its handling', () => {
    const journal = filled(100, 100);
    for (let at = 1; at <= 100; at += 1) {
      journal.add(`event ${at}`, { kind: 'handled', at: at + at, target: 'queue' });
    }
    expect(journal.p95Ms).toBe(95);
    expect(new Journal().p95Ms).toBeUndefined();
  });
});

describe('an outcome', () => {
  const targets = {
    isRead: (target: string) => target === 'read',
    isUnrouted: (target: string) => target === 'unrouted',
    maxReceives: () => 3,
  };
  const outcome = (...kinds: [Step['kind'], string, number?][]) =>
    outcomeOf(
      kinds.map(([kind, target, attempt]) => ({ kind, target, attempt, at: 0 })),
      targets,
    );

  test('is that of the worst of the ways that an event goes', () => {
    expect(outcome()).toBe('published');
    expect(outcome(['delivered', 'read'])).toBe('waiting');
    expect(outcome(['delivered', 'other'])).toBe('done');
    expect(outcome(['delivered', 'read'], ['handled', 'read'])).toBe('done');
    expect(outcome(['delivered', 'other'], ['delivered', 'read'])).toBe('waiting');
    expect(outcome(['delivered', 'unrouted'])).toBe('unrouted');
    expect(outcome(['failed', 'read', 1])).toBe('retrying');
    expect(outcome(['failed', 'read', 3])).toBe('dead');
    expect(outcome(['undeliverable', 'other'], ['delivered', 'read'])).toBe('dead');
  });

  test('of a message that its function gave up is dead, although the function returns as if done', () => {
    expect(outcome(['given', 'read'], ['given-up', 'read'], ['handled', 'read'])).toBe('dead');
    // A redrive, and then it works.
    const redriven: [Step['kind'], string][] = [
      ['given-up', 'read'],
      ['handled', 'read'],
    ];
    expect(outcome(...redriven, ['given', 'read'], ['handled', 'read'])).toBe('done');
  });
});

describe('what a local run reports', () => {
  const eventId = '01234567-89ab-cdef-0123-456789abcdef';
  const arn = 'arn:aws:sqs:r:1:queue';
  const body = `{"version":"0","id":"${eventId}","detail":{"meta":{"id":"key","session":"shop"}}}`;
  const attempt = { eventId, bus: 'bus', rule: 'rule', targetId: 't', targetArn: arn, attempt: 1 };
  const line = (message: object) => ({
    ...({ functionName: 'f', stream: 'stdout', kind: 'function' } as const),
    text: JSON.stringify({ message }),
  });

  test('becomes the steps of its event, also what functions say of it', () => {
    const [journal, flow] = [new Journal(), new FlowCounter()];
    const observer = observeLocalRun(journal, flow);
    observer.queued?.(arn, body);
    observer.routed?.({
      ...{ kind: 'published', eventId, bus: 'bus', source: 'whatsapp' },
      ...{ detailType: 'message', rules: ['rule'] },
    });
    observer.routed?.({ ...attempt, kind: 'delivered', ms: 1 });
    const record = { messageId: 'm', body, attributes: { ApproximateReceiveCount: '2' } };
    const batch = { queueArn: arn, functionName: 'f', records: [record] } as never;
    observer.batchStarted?.(batch);
    observer.logged?.(
      line({
        message: 'failed',
        messageId: 'm',
        receiveCount: 2,
        error: 'TypeError',
        errorMessage: 'no price',
        stack: 'TypeError: no price\n    at orders.ts:7:1',
        outcome: 'permanent',
      }),
    );
    observer.batchFinished?.(batch, new Set());
    observer.logged?.({
      ...line({}),
      text: JSON.stringify({ _aws: {}, Accepted: 1, id: 'key', result: 'duplicate' }),
    });
    const found = journal.at(1);
    expect(found?.head).toMatchObject({ type: 'message', session: 'shop', key: 'key' });
    expect(found?.steps.map(({ kind }) => kind)).toEqual([
      'delivered',
      'given',
      'given-up',
      'handled',
    ]);
    expect(found?.steps[2]).toMatchObject({
      ...{ reason: 'permanent', error: 'TypeError: no price' },
      stack: 'TypeError: no price\n    at orders.ts:7:1',
    });
    expect(journal.failures).toMatchObject({ queue: { error: 'TypeError: no price' } });
    expect(found && journal.outcome(found)).toBe('dead');
    expect(found && journal.otherOccurrences(found)).toMatchObject([{ result: 'duplicate' }]);
    expect(flow.figures).toMatchObject({
      published: 1,
      sessions: { shop: 1 },
      handled: { queue: 1 },
    });
  });

  test('may be anything that a function writes: its lines are foreign', () => {
    const observer = observeLocalRun(new Journal(), new FlowCounter());
    fc.assert(
      fc.property(fc.json(), fc.string(), (json, text) => {
        observer.logged?.({ ...line({}), text: json });
        observer.logged?.({ ...line({}), text: `{"message":${json},"x":"failed"}` });
        observer.logged?.({ ...line({}), text: `"failed"${text}` });
        observer.queued?.(arn, text);
      }),
    );
  });

  test('invents no more names of sessions than are counted', () => {
    const flow = new FlowCounter();
    for (let at = 0; at < 2_000; at += 1) {
      flow.count('sessions', `s${at}`);
    }
    flow.count('sessions', '__proto__');
    expect(Object.keys(flow.figures.sessions)).toHaveLength(500);
  });
});
