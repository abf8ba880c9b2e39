import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/aws-service.ts';
import { arnOf, openSqs, urlOf } from './open-sqs.ts';

const queueName = 'orders.fifo';

async function openFifo(attributes: JsonObject = {}, options = {}) {
  const sqs = openSqs(options);
  await sqs.create(queueName, {
    FifoQueue: 'true',
    ContentBasedDeduplication: 'true',
    ...attributes,
  });
  return {
    ...sqs,
    /** Sends `g1-m1` and so on: the group is the part before the hyphen. */
    sendAll: async (...bodies: readonly string[]) => {
      for (const body of bodies) {
        await sqs.send(queueName, body, { MessageGroupId: body.split('-')[0] });
      }
    },
    take: (max = 10, more: JsonObject = {}) =>
      sqs.receive(queueName, { MaxNumberOfMessages: max, ...more }),
    bodiesOf: (max = 10, more: JsonObject = {}) =>
      sqs.bodies(queueName, { MaxNumberOfMessages: max, ...more }),
  };
}

// The orders below are those that AWS returned for the same calls.
describe('order', () => {
  test('a batch holds a group in order, one group after the other', async () => {
    const { sendAll, bodiesOf } = await openFifo();
    await sendAll('g1-m1', 'g2-m1', 'g1-m2', 'g1-m3');
    expect(await bodiesOf()).toEqual(['g1-m1', 'g1-m2', 'g1-m3', 'g2-m1']);
  });

  test('while messages of a group are in flight, only other groups are delivered', async () => {
    const { sendAll, bodiesOf, clock } = await openFifo({ VisibilityTimeout: '1' });
    await sendAll('g1-m1', 'g1-m2', 'g1-m3', 'g1-m4', 'g2-m1', 'g3-m1');
    expect(await bodiesOf(2)).toEqual(['g1-m1', 'g1-m2']);
    await clock.advance(10);
    expect(await bodiesOf(1)).toEqual(['g2-m1']);
    await clock.advance(1000);
    expect(await bodiesOf(10, { VisibilityTimeout: 0 })).toEqual([
      'g3-m1',
      'g1-m1',
      'g1-m2',
      'g1-m3',
      'g1-m4',
      'g2-m1',
    ]);
  });

  test('after a receive with a timeout of 0 the groups that have not been served come first', async () => {
    const { sendAll, bodiesOf, clock } = await openFifo();
    await sendAll('g1-m1', 'g2-m1', 'g2-m2', 'g3-m1', 'g1-m2');
    await clock.advance(10);
    const again = { VisibilityTimeout: 0 };
    expect(await bodiesOf(3, again)).toEqual(['g1-m1', 'g1-m2', 'g2-m1']);
    expect(await bodiesOf(10, again)).toEqual(['g3-m1', 'g1-m1', 'g1-m2', 'g2-m1', 'g2-m2']);
  });

  test('a group opens as soon as its first message is visible again', async () => {
    const { sendAll, take, bodiesOf, call, clock } = await openFifo();
    await sendAll('g1-m1', 'g1-m2', 'g2-m1');
    const [first] = await take(2);
    await clock.advance(10);
    await call('ChangeMessageVisibility', {
      QueueUrl: urlOf(queueName),
      ReceiptHandle: first?.ReceiptHandle,
      VisibilityTimeout: 0,
    });
    expect(await bodiesOf(3)).toEqual(['g2-m1', 'g1-m1']);
  });

  test('a group opens when its in-flight messages have been deleted', async () => {
    const { sendAll, take, bodiesOf, remove } = await openFifo();
    await sendAll('g1-m1', 'g2-m1', 'g1-m2', 'g2-m2', 'g1-m3', 'g1-m4', 'g3-m1');
    const [m1, m2] = await take(2);
    if (!m1 || !m2) {
      throw new Error('nothing received');
    }
    await remove(queueName, m1);
    expect(await bodiesOf(1)).toEqual(['g2-m1']);
    await remove(queueName, m2);
    expect(await bodiesOf()).toEqual(['g1-m3', 'g1-m4', 'g3-m1']);
  });

  test('a group of which one message is still in flight stays closed', async () => {
    const { sendAll, take, bodiesOf, remove } = await openFifo();
    await sendAll('g1-m1', 'g1-m2', 'g1-m3', 'g2-m1');
    const [m1] = await take(2);
    if (m1) {
      await remove(queueName, m1);
    }
    expect(await bodiesOf()).toEqual(['g2-m1']);
  });

  test('all messages count as visible but those in flight', async () => {
    const { sendAll, take, counts } = await openFifo();
    await sendAll('g1-m1', 'g1-m2', 'g1-m3', 'g2-m1', 'g3-m1');
    await take(2);
    expect(await counts(queueName)).toEqual([3, 2, 0]);
  });

  test('sequence numbers grow, have 20 digits and come with each message', async () => {
    const { send, take } = await openFifo();
    const numbers: string[] = [];
    for (const body of ['a', 'b', 'c']) {
      numbers.push(String((await send(queueName, body, { MessageGroupId: 'g' })).SequenceNumber));
    }
    expect(numbers.toSorted()).toEqual(numbers);
    expect(numbers[0]).toMatch(/^\d{20}$/);
    const received = await take(10, { MessageSystemAttributeNames: ['SequenceNumber'] });
    expect(received.map(({ Attributes }) => Attributes?.SequenceNumber)).toEqual(numbers);
  });
});

describe('sending', () => {
  test('a group id is required', async () => {
    const { refusal } = await openFifo();
    const input = { QueueUrl: urlOf(queueName), MessageBody: 'x' };
    expect(await refusal('SendMessage', input)).toBe('MissingRequiredParameterException');
  });

  test('a deduplication id is required unless the content is used', async () => {
    const { refusal } = await openFifo({ ContentBasedDeduplication: 'false' });
    const input = { QueueUrl: urlOf(queueName), MessageBody: 'x', MessageGroupId: 'g' };
    expect(await refusal('SendMessage', input)).toBe('InvalidParameterValueException');
    expect(await refusal('SendMessage', { ...input, MessageDeduplicationId: 'd' })).toBe('none');
  });

  test.each(['', ' ', 'é', 'a b', 'x'.repeat(129)])('the id %j is refused', async (id) => {
    const { refusal } = await openFifo();
    const input = { QueueUrl: urlOf(queueName), MessageBody: 'x' };
    expect(await refusal('SendMessage', { ...input, MessageGroupId: id })).toBe(
      'InvalidParameterValueException',
    );
    expect(
      await refusal('SendMessage', { ...input, MessageGroupId: 'g', MessageDeduplicationId: id }),
    ).toBe('InvalidParameterValueException');
  });

  test('one bad entry refuses the entire batch, so that the order is kept', async () => {
    const { refusal, counts } = await openFifo();
    const good = { Id: 'a', MessageBody: 'x', MessageGroupId: 'g' };
    for (const bad of [
      { Id: 'b', MessageBody: 'x' },
      { Id: 'b', MessageBody: '\0', MessageGroupId: 'g' },
    ]) {
      const Entries = [good, bad];
      expect(await refusal('SendMessageBatch', { QueueUrl: urlOf(queueName), Entries })).not.toBe(
        'none',
      );
    }
    expect(await counts(queueName)).toEqual([0, 0, 0]);
  });

  test("only the queue's delay applies, and a change of it also to what waits", async () => {
    const { sendAll, bodiesOf, clock, refusal, call } = await openFifo({ DelaySeconds: '10' });
    const input = { QueueUrl: urlOf(queueName), MessageBody: 'x', MessageGroupId: 'g' };
    expect(await refusal('SendMessage', { ...input, DelaySeconds: 2 })).toBe(
      'InvalidParameterValueException',
    );
    await sendAll('g-1', 'g-2');
    await clock.advance(5000);
    expect(await bodiesOf()).toEqual([]);
    await call('SetQueueAttributes', {
      QueueUrl: urlOf(queueName),
      Attributes: { DelaySeconds: '5' },
    });
    expect(await bodiesOf()).toEqual(['g-1', 'g-2']);
  });
});

describe('deduplication', () => {
  test('the same content is accepted and delivered once in 5 minutes, even when deleted since', async () => {
    const { send, take, remove, counts, clock } = await openFifo();
    const first = await send(queueName, 'x', { MessageGroupId: 'g' });
    const [message] = await take();
    if (message) {
      await remove(queueName, message);
    }
    await clock.advance(5 * 60 * 1000 - 1);
    expect(await send(queueName, 'x', { MessageGroupId: 'other' })).toEqual(first);
    expect(await counts(queueName)).toEqual([0, 0, 0]);
    await clock.advance(1);
    const later = await send(queueName, 'x', { MessageGroupId: 'g' });
    expect(later.MessageId).not.toBe(first.MessageId);
    expect(await counts(queueName)).toEqual([1, 0, 0]);
  });

  test('an id that is given replaces the content', async () => {
    const { send, counts } = await openFifo();
    const give = (body: string, id: string) =>
      send(queueName, body, { MessageGroupId: 'g', MessageDeduplicationId: id });
    await give('x', '1');
    await give('x', '2');
    await give('y', '2');
    expect(await counts(queueName)).toEqual([2, 0, 0]);
  });

  test('by group, the same id in two groups is two messages', async () => {
    const { send, counts } = await openFifo({ DeduplicationScope: 'messageGroup' });
    for (const MessageGroupId of ['a', 'b', 'a']) {
      await send(queueName, 'x', { MessageGroupId });
    }
    expect(await counts(queueName)).toEqual([2, 0, 0]);
  });

  test('a batch is deduplicated in itself', async () => {
    const { call, counts } = await openFifo();
    const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x', MessageGroupId: 'g' }));
    const { Successful } = await call('SendMessageBatch', { QueueUrl: urlOf(queueName), Entries });
    expect(Successful).toHaveLength(2);
    expect(await counts(queueName)).toEqual([1, 0, 0]);
  });

  test('a purge clears the deduplication records', async () => {
    const { call, send, counts } = await openFifo();
    await send(queueName, 'x', { MessageGroupId: 'g' });
    await call('PurgeQueue', { QueueUrl: urlOf(queueName) });
    await send(queueName, 'x', { MessageGroupId: 'g' });
    expect(await counts(queueName)).toEqual([1, 0, 0]);
  });
});

describe('receipt handles', () => {
  test('a handle expires with the visibility timeout', async () => {
    const { sendAll, take, clock, refusal, call } = await openFifo({ VisibilityTimeout: '1' });
    await sendAll('g-1');
    const [message] = await take();
    const handle = { QueueUrl: urlOf(queueName), ReceiptHandle: message?.ReceiptHandle };
    await clock.advance(1000);
    expect(await refusal('DeleteMessage', handle)).toBe('InvalidParameterValueException');
    expect(await refusal('ChangeMessageVisibility', { ...handle, VisibilityTimeout: 9 })).toBe(
      'InvalidParameterValueException',
    );
    const Entries = [{ Id: 'a', ReceiptHandle: message?.ReceiptHandle }];
    expect(await call('DeleteMessageBatch', { QueueUrl: urlOf(queueName), Entries })).toEqual({
      Failed: [
        {
          Id: 'a',
          SenderFault: true,
          Code: 'ReceiptHandleIsInvalid',
          Message: 'The receipt handle has expired',
        },
      ],
    });
    await take();
    expect(await refusal('DeleteMessage', handle)).toBe('InvalidParameterValueException');
  });

  test('deleting twice succeeds', async () => {
    const { sendAll, take, remove } = await openFifo();
    await sendAll('g-1');
    const [message] = await take();
    if (!message) {
      throw new Error('nothing received');
    }
    await remove(queueName, message);
    await remove(queueName, message);
  });
});

describe('receive attempts', () => {
  const attempt = { ReceiveRequestAttemptId: 'attempt-1' };

  test('the same attempt returns the same messages and handles, hidden again', async () => {
    const { sendAll, take, clock } = await openFifo({ VisibilityTimeout: '10' });
    await sendAll('g-1', 'g-2', 'h-1');
    const first = await take(2, attempt);
    await clock.advance(9000);
    expect(await take(2, attempt)).toEqual(first);
    await clock.advance(9000);
    expect(await take(2, { ReceiveRequestAttemptId: 'attempt-2' })).toMatchObject([
      { Body: 'h-1' },
    ]);
    expect(await take(2, attempt)).toEqual(first);
  });

  test('an attempt cannot be repeated when one of its messages was deleted or changed', async () => {
    const { sendAll, take, remove, call } = await openFifo();
    await sendAll('g-1', 'g-2', 'h-1');
    const [first, second] = await take(2, attempt);
    if (first) {
      await remove(queueName, first);
    }
    expect(await take(2, attempt)).toMatchObject([{ Body: 'h-1' }]);
    await call('ChangeMessageVisibility', {
      QueueUrl: urlOf(queueName),
      ReceiptHandle: second?.ReceiptHandle,
      VisibilityTimeout: 5,
    });
    expect(await take(2, { ReceiveRequestAttemptId: 'attempt-3' })).toEqual([]);
  });

  test('an attempt cannot be repeated after 5 minutes', async () => {
    const { sendAll, take, clock } = await openFifo();
    await sendAll('g-1');
    await take(1, { ...attempt, VisibilityTimeout: 3600 });
    await clock.advance(5 * 60 * 1000);
    expect(await take(1, attempt)).toEqual([]);
  });
});

describe('dead-letter messages of a FIFO queue', () => {
  async function openWithDeadLetters() {
    const dead = { FifoQueue: 'true', MessageRetentionPeriod: '100' };
    const sqs = openSqs();
    await sqs.create('dead.fifo', dead);
    await sqs.create(queueName, {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: arnOf('dead.fifo'),
        maxReceiveCount: 1,
      }),
    });
    for (const body of ['g-1', 'g-2', 'g-3']) {
      await sqs.send(queueName, body, { MessageGroupId: 'g' });
    }
    return sqs;
  }

  test('a dead-lettered message opens its group for the messages behind it', async () => {
    const { bodies } = await openWithDeadLetters();
    expect(await bodies(queueName, { MaxNumberOfMessages: 1, VisibilityTimeout: 0 })).toEqual([
      'g-1',
    ]);
    expect(await bodies(queueName)).toEqual(['g-2', 'g-3']);
    expect(await bodies('dead.fifo')).toEqual(['g-1']);
  });

  test('a group of dead-lettered messages only leaves nothing behind', async () => {
    const { bodies, counts } = await openWithDeadLetters();
    expect(await bodies(queueName, { VisibilityTimeout: 0 })).toEqual(['g-1', 'g-2', 'g-3']);
    expect(await bodies(queueName)).toEqual([]);
    expect(await counts(queueName)).toEqual([0, 0, 0]);
    expect(await bodies('dead.fifo')).toEqual(['g-1', 'g-2', 'g-3']);
  });

  test('its age starts again and its deduplication id is its message id', async () => {
    const { bodies, receive, clock } = await openWithDeadLetters();
    await bodies(queueName, { MaxNumberOfMessages: 1, VisibilityTimeout: 0 });
    await clock.advance(90_000);
    await bodies(queueName);
    await clock.advance(90_000);
    const [dead] = await receive('dead.fifo', { MessageSystemAttributeNames: ['All'] });
    expect(dead?.Attributes).toMatchObject({
      MessageGroupId: 'g',
      MessageDeduplicationId: dead?.MessageId,
      DeadLetterQueueSourceArn: arnOf(queueName),
    });
  });
});

test('a FIFO queue with too many messages in flight returns no messages', async () => {
  const { sendAll, take } = await openFifo({}, { inFlightLimit: 2 });
  await sendAll('a-1', 'b-1', 'c-1');
  expect(await take()).toHaveLength(2);
  expect(await take()).toHaveLength(0);
});

test('when the first of a group expires, the next opens the group and wakes waiting receivers', async () => {
  const { sendAll, take, call, clock } = await openFifo({ MessageRetentionPeriod: '60' });
  await sendAll('g-1');
  await clock.advance(50_000);
  await sendAll('g-2');
  await take(1, { VisibilityTimeout: 600 });
  let answer: JsonObject | undefined;
  call('ReceiveMessage', { QueueUrl: urlOf(queueName), WaitTimeSeconds: 20 }).then((received) => {
    answer = received;
  });
  await clock.advance(9_999);
  expect(answer).toBeUndefined();
  await clock.advance(1);
  expect(answer).toMatchObject({ Messages: [{ Body: 'g-2' }] });
});
