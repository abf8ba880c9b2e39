import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { errorDetails } from '../../../lambdas/runtime/classify-error.ts';
import { consume } from '../../../lambdas/runtime/consume.ts';
import type { DeadLetterReason } from '../../../lambdas/runtime/consumer-queue.ts';

afterEach(() => {
  delete process.env.HANDLER_ERRORS;
  delete process.env.MAX_RECEIVE_COUNT;
  jest.restoreAllMocks();
});

/** Consumes one message whose handler throws; what was logged and what was sent to the dead-letter queue. */
async function fail(error: () => unknown) {
  process.env.MAX_RECEIVE_COUNT = '1';
  const logged: Record<string, unknown>[] = [];
  jest.spyOn(console, 'error').mockImplementation((line: unknown) => {
    logged.push(line as Record<string, unknown>);
  });
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const reasons: DeadLetterReason[] = [];
  const queue = {
    sendToDeadLetterQueue: async (_record: unknown, reason: DeadLetterReason) => {
      reasons.push(reason);
    },
    postpone: async () => {},
  };
  const meta = { id: 'message:1', type: 'message', category: 'messages' };
  const record = {
    messageId: '1',
    receiptHandle: 'h',
    body: JSON.stringify({ detail: { meta, data: {} } }),
    attributes: { ApproximateReceiveCount: '1' },
  };
  const run = consume<'message'>(
    () => {
      throw error();
    },
    { queue, once: undefined },
  );
  await run({ Records: [record] } as never);
  return { line: logged[0] ?? {}, reason: reasons[0] };
}

const missingPrice = () =>
  new TypeError("Cannot read properties of undefined (reading 'price')", {
    cause: new Error('no such order'),
  });

describe("a consumer's exception", () => {
  test('is logged with message, stack and causes where the setting handlerErrors is full', async () => {
    process.env.HANDLER_ERRORS = 'full';
    const { line, reason } = await fail(missingPrice);
    expect(line).toMatchObject({
      message: 'failed',
      error: 'TypeError',
      errorMessage: "Cannot read properties of undefined (reading 'price')",
      errorAt: expect.stringMatching(/error-details\.test\.ts:\d+:\d+$/),
    });
    expect(line.stack).toMatch(/^TypeError: Cannot read.*\n +at missingPrice/);
    expect(line.stack).toMatch(/\nCaused by: Error: no such order\n/);
    expect(reason).toMatchObject({
      reason: 'exhausted',
      error: 'TypeError',
      details: { errorMessage: line.errorMessage, errorAt: line.errorAt },
    });
  });

  test('is logged by its class alone otherwise: its message may quote what somebody wrote', async () => {
    const { line, reason } = await fail(missingPrice);
    expect(line).toMatchObject({ message: 'failed', error: 'TypeError' });
    expect(JSON.stringify([line, reason])).not.toMatch(/price|order|\.ts/);
  });

  test('can be sent as message attributes, whatever was thrown', () => {
    process.env.HANDLER_ERRORS = 'full';
    const thrown = fc.oneof(
      fc.anything(),
      fc.string({ unit: 'binary' }).map((text) => new Error(text)),
    );
    fc.assert(
      fc.property(thrown, (error) => {
        const details = errorDetails(error);
        for (const text of [details?.errorMessage, details?.errorAt]) {
          // Of a message attribute: not empty, and of the characters that SQS takes.
          expect(text).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]+$/u);
          expect(text?.length).toBeLessThanOrEqual(1_000);
        }
      }),
    );
  });
});
