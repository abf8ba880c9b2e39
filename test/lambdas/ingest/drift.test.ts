import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { exampleWebhook } from '../../../events/example-webhook.ts';
import { normalizeWebhook } from '../../../events/normalize.ts';
import { reportDrift } from '../../../lambdas/ingest/drift.ts';

let metrics: Record<string, unknown>[] = [];
let lines: unknown[] = [];
beforeEach(() => {
  metrics = [];
  lines = [];
  jest.spyOn(console, 'warn').mockImplementation((line) => {
    lines.push(line);
  });
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    metrics.push(JSON.parse(String(text)));
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

const report = (body: unknown) =>
  reportDrift(
    normalizeWebhook(Buffer.from(JSON.stringify(body)), { receivedAt: new Date(), requestId: 'r' })
      .drift,
  );
const message = exampleWebhook('message', 'waha');

describe('drift', () => {
  test('a known body is not reported', () => {
    report(message);
    expect([metrics, lines]).toEqual([[], []]);
  });

  test('an unknown event type is counted by name', () => {
    report({ ...message, event: 'message.translated' });
    expect(metrics).toMatchObject([{ UnknownEvents: 1, Event: 'message.translated' }]);
    expect(lines).toMatchObject([{ message: 'drift', events: ['message.translated'] }]);
  });

  test('an unknown field is counted by path, and logged with its JSON type, never with its value', () => {
    report({ ...message, payload: { ...(message.payload as object), mood: 'secretly happy' } });
    expect(metrics).toMatchObject([{ UnknownFields: 1, Field: 'message payload.mood' }]);
    expect(lines).toMatchObject([{ fields: ['message payload.mood (string)'] }]);
    expect(JSON.stringify([metrics, lines])).not.toContain('secretly');
  });

  test('an implausible name is not logged, and many names are counted together', () => {
    report({ ...message, event: '"},{"x\n' });
    expect(metrics).toMatchObject([{ Event: 'other' }]);
    for (let index = 0; index < 200; index++) {
      report({ ...message, event: `kind.${index}` });
    }
    const names = new Set(metrics.map(({ Event }) => Event));
    expect(names.size).toBeLessThanOrEqual(51);
  });
});
