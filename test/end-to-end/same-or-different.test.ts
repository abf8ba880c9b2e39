import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freshWebhook } from '../../ops/send-webhook.ts';
import { assembleProject } from './assembly.ts';
import { type Answer, type Tapped, TappedPipeline } from './bus-tap.ts';
import { type Report, rows } from './same-or-different.ts';
import { unthrottled } from './unthrottled.ts';

let pipeline: TappedPipeline;
beforeAll(async () => {
  pipeline = await TappedPipeline.start(await assembleProject(unthrottled));
});
afterAll(async () => {
  await pipeline?.close();
});

/** A webhook in a session of its own, so that rows do not meet. */
const inSession = (webhook: object | string, session: string) =>
  typeof webhook === 'string' ? webhook : { ...webhook, session };

/** What came of a report: the answer, and what was published. */
interface Outcome {
  readonly answer: Answer;
  readonly published: readonly Tapped[];
}

async function report({ webhook, headers }: Report, session: string): Promise<Outcome> {
  const before = pipeline.events.length;
  const answer = await pipeline.post(inSession(webhook, session), headers);
  await pipeline.settle();
  const published = pipeline.events.slice(before).filter(({ meta }) => meta.type !== 'call.missed');
  return { answer, published };
}

const marksOf = ({ meta }: Tapped) => ({
  ...(meta.duplicateOf && { duplicateOf: meta.duplicateOf }),
  ...(meta.conflict && { conflict: meta.conflict }),
  ...(meta.deduplication && { deduplication: meta.deduplication }),
});

/** What was owed, as it came out. */
function outcomeOf(index: number, all: readonly Outcome[]): unknown {
  const { answer, published } = all[index] as Outcome;
  const firstWithId = all.findIndex((each) => each.answer.body.id === answer.body.id);
  const { status } = answer;
  const [event] = published;
  if (published.length > 1) {
    return `${published.length} events`;
  }
  if (event && event.meta.id !== answer.body.id) {
    return 'an event with another id than the answer';
  }
  const marks = event && marksOf(event);
  if (status === 200 && !event) {
    return { again: firstWithId };
  }
  if (status === 200 && marks && 'duplicateOf' in marks) {
    return { otherType: firstWithId };
  }
  if (status === 202 && marks && 'conflict' in marks) {
    return { conflict: firstWithId };
  }
  if (status === 202 && event && firstWithId === index && Object.keys(marks ?? {}).length === 0) {
    return 'new';
  }
  return { status, marks, firstWithId };
}

describe('same or different', () => {
  test(`is decided in ${rows.length} cases`, () => {
    expect(rows.length).toBeGreaterThanOrEqual(60);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });

  test.each(rows.map((row, index) => [row.name, row, `row-${index}`] as const))(
    '%s',
    async (_name, { reports }, session) => {
      const outcomes: Outcome[] = [];
      for (const each of reports) {
        outcomes.push(await report(each, session));
      }
      const seen = reports.map((_, index) => outcomeOf(index, outcomes));
      const owed = reports.map(({ owed }, index) => {
        // Other content may have an id of its own, and then it is what is repeated.
        const isOwnId = typeof owed === 'object' && 'conflict' in owed && seen[index] === 'new';
        if (isOwnId) {
          return 'new';
        }
        if (typeof owed !== 'object' || !('again' in owed)) {
          return owed;
        }
        const [first] = outcomes.flatMap(({ answer }, place) =>
          answer.body.id === outcomes[owed.again]?.answer.body.id ? [place] : [],
        );
        return { again: first };
      });
      expect(seen).toEqual(owed);
    },
  );

  test.each([0, 2, 5, 10, 30])(
    'of message and message.any %d ms apart, exactly one is published without a mark',
    async (gapMs) => {
      for (let pair = 0; pair < 10; pair++) {
        const webhook = { ...freshWebhook('message', 'waha'), session: `gap-${gapMs}-${pair}` };
        const first = pipeline.post(webhook);
        await new Promise((resolve) => setTimeout(resolve, gapMs));
        const second = pipeline.post({ ...webhook, event: 'message.any' });
        const statuses = [(await first).status, (await second).status];
        await pipeline.settle();
        const events = pipeline.events.filter(({ meta }) => meta.session === webhook.session);
        expect(events.filter(({ meta }) => !meta.duplicateOf)).toHaveLength(1);
        expect([statuses.sort(), events.length]).toEqual([[200, 202], 2]);
      }
    },
  );

  test('one event twice in one list body is one event', async () => {
    const webhook = { ...freshWebhook('message', 'waha'), session: 'twice-in-a-list' };
    const any = { ...webhook, event: 'message.any' };
    const { status, body } = await pipeline.post([webhook, webhook, any, any]);
    await pipeline.settle();
    const published = pipeline.events.filter(({ meta }) => meta.session === 'twice-in-a-list');
    expect([status, body.events?.length]).toEqual([202, 4]);
    expect(published.map(({ meta }) => meta.type).sort()).toEqual(['message', 'message.any']);
    expect(published.filter(({ meta }) => meta.duplicateOf)).toHaveLength(1);
    expect(new Set(published.map(({ meta }) => meta.id)).size).toBe(1);
    expect((await pipeline.post([webhook, webhook, any, any])).status).toBe(200);
  });

  test('the numbers of a body keep all their digits on the bus', async () => {
    const bodyWith = (number: string) => {
      const { payload, ...rest } = freshWebhook('presence.update', 'waha');
      const text = JSON.stringify({ ...rest, payload: { ...(payload as object), n: 'N' } });
      return text.replace('"N"', number);
    };
    for (const number of ['9007199254740993', '0.10', '123456789012345678']) {
      const body = bodyWith(number);
      await pipeline.post(body);
      await pipeline.settle();
      expect(pipeline.events.at(-1)?.text).toContain(body);
    }
    const body = bodyWith('123456789012345678901234567890');
    expect((await pipeline.post(body)).status).toBe(202);
    await pipeline.settle();
    expect(pipeline.events.at(-1)?.raw).toBe(body);
  });
});
