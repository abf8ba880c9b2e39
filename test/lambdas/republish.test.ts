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
  ({
    Records: bodies.map((body, index) => ({ messageId: String(index), body, attributes: {} })),
  }) as SQSEvent;

describe('an event in the spill queue', () => {
  test('has the same id, time and content when it is read', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (detail) => {
        fc.pre(!Object.hasOwn(detail, '__proto__'));
        expect(fromSpilled(toSpilled(entry(detail)), 'whatsapp-dev')).toEqual(entry(detail));
      }),
    );
  });

  test('is published again, or stays if the bus still refuses it', async () => {
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

  test('is published in the trace that it was spilled in', async () => {
    const published: PutEventsRequestEntry[] = [];
    const putEvents: PutEvents = async (entries) => {
      published.push(...entries);
      return entries.map(() => ({ EventId: 'id' }));
    };
    const AWSTraceHeader =
      'Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7;Sampled=1';
    const [record] = batch(toSpilled(entry({}))).Records;
    const Records = [{ ...record, attributes: { AWSTraceHeader } }] as SQSEvent['Records'];
    await republish({ busName: 'whatsapp-dev', putEvents })({ Records });
    expect(published).toMatchObject([{ TraceHeader: AWSTraceHeader }]);
  });

  test('that cannot be read stays in the queue, and does not stop the others', async () => {
    const run = republish({
      busName: 'whatsapp-dev',
      putEvents: async (entries) => entries.map(() => ({ EventId: 'id' })),
    });
    const result = await run(batch('Hello?', '{"source":1}', toSpilled(entry({}))));
    expect(result.batchItemFailures).toEqual([{ itemIdentifier: '0' }, { itemIdentifier: '1' }]);
  });
});
