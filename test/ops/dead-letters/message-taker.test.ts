import type { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { MessageTaker } from '../../../ops/dead-letters/message-taker.ts';

interface Call {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Answers like SQS with so many messages, each only once. */
function fakeSqs(messages: number) {
  const calls: Call[] = [];
  let remaining = messages;
  const send = async (command: { readonly input: Readonly<Record<string, unknown>> }) => {
    const { name } = command.constructor;
    calls.push({ name, input: command.input });
    if (name !== 'ReceiveMessageCommand') {
      return {};
    }
    const count = Math.min(remaining, Number(command.input.MaxNumberOfMessages));
    remaining -= count;
    return {
      Messages: Array.from({ length: count }, (_, index) => ({
        ReceiptHandle: `${remaining + index}`,
      })),
    };
  };
  const changes = () => calls.filter(({ name }) => name.startsWith('ChangeMessageVisibility'));
  return { client: { send } as unknown as SQSClient, calls, changes };
}

const timeoutsIn = (calls: readonly Call[]) =>
  calls.flatMap(({ input }) =>
    (input.Entries as { VisibilityTimeout: number }[]).map((entry) => entry.VisibilityTimeout),
  );

describe('messages that are taken', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('stay hidden for as long as they are held', async () => {
    const sqs = fakeSqs(12);
    const taker = new MessageTaker(sqs.client, 'url', { visibilitySeconds: 100 });
    expect(await taker.take(30)).toHaveLength(12);
    taker.drop(['0']);
    await jest.advanceTimersByTimeAsync(49_000);
    expect(sqs.changes()).toEqual([]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(timeoutsIn(sqs.changes())).toHaveLength(11);
    expect(new Set(timeoutsIn(sqs.changes()))).toEqual(new Set([100]));
    await taker.release();
    expect(timeoutsIn(sqs.changes()).slice(11)).toEqual(Array(11).fill(0));
    await jest.advanceTimersByTimeAsync(500_000);
    expect(timeoutsIn(sqs.changes())).toHaveLength(22);
  });

  test('are requested again with a longer wait before a queue counts as empty', async () => {
    const sqs = fakeSqs(0);
    const taker = new MessageTaker(sqs.client, 'url', { timeoutSeconds: 1 });
    expect(await taker.take(80)).toEqual([]);
    const waits = sqs.calls.map(({ input }) => input.WaitTimeSeconds);
    expect(waits).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });
});
