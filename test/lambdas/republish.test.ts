import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import fc from 'fast-check';
import { republish } from '../../lambdas/republish/republish-batch.ts';
import { fromSpilled, type PutEvents, toSpilled } from '../../lambdas/runtime/publish.ts';

beforeEach(() => {
  for (const level of ['warn', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation(() => {});
  }
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const entry = (detail: unknown): PutEventsRequestEntry => ({
  EventBusName: 'whatsapp-dev',
  Source: 'whatsapp',
  DetailType: 'message',
  Time: new Date('2026-05-01T10:20:30.000Z'),
  Detail: JSON.stringify(detail),
});

const batch = (...bodies: string[]) =>
  ({ Records: bodies.map((body, index) => ({ messageId: String(index), body })) }) as SQSEvent;

describe('an event in the spill queue', () => {
  test('comes out as it went in: id, time and all', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (detail) => {
        fc.pre(!Object.hasOwn(detail, '__proto__'));
        expect(fromSpilled(toSpilled(entry(detail)), 'whatsapp-dev')).toEqual(entry(detail));
      }),
    );
  });

  test('is published again, and what the bus still refuses stays', async () => {
    const published: (string | undefined)[] = [];
    const putEvents: PutEvents = async (entries) =>
      entries.map(({ Detail }) => {
        if (Detail === '{"n":1}') {
          return { ErrorCode: 'NotAuthorizedForSourceException' };
        }
        published.push(Detail);
        return { EventId: 'id' };
      });
    const run = republish({ busName: 'whatsapp-dev', putEvents });
    const bodies = [{ n: 0 }, { n: 1 }, { n: 2 }].map((detail) => toSpilled(entry(detail)));
    expect(await run(batch(...bodies))).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect(published).toEqual(['{"n":0}', '{"n":2}']);
  });

  test('that cannot be read is given back, and does not stop the others', async () => {
    const run = republish({
      busName: 'whatsapp-dev',
      putEvents: async (entries) => entries.map(() => ({ EventId: 'id' })),
    });
    const result = await run(batch('Hello?', '{"source":1}', toSpilled(entry({}))));
    expect(result.batchItemFailures).toEqual([{ itemIdentifier: '0' }, { itemIdentifier: '1' }]);
  });
});
