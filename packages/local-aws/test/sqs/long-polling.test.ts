import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/aws-service.ts';
import { arnOf, createWithDeadLetters, openSqs, type Received, urlOf } from './open-sqs.ts';

/** A pending receive, and its messages' bodies once it was answered. */
function poll(
  sqs: ReturnType<typeof openSqs>,
  name: string,
  more: JsonObject = {},
  signal?: AbortSignal,
) {
  const polled: { bodies?: readonly string[]; code?: string } = {};
  sqs.call('ReceiveMessage', { QueueUrl: urlOf(name), WaitTimeSeconds: 20, ...more }, signal).then(
    ({ Messages = [] }) => {
      polled.bodies = (Messages as readonly Received[]).map(({ Body }) => Body);
    },
    (error) => {
      polled.code = error.code;
    },
  );
  return polled;
}

describe('long polling', () => {
  test('a message that is there is returned at once', async () => {
    const sqs = openSqs();
    await sqs.create('orders');
    await sqs.send('orders', 'x');
    const polled = poll(sqs, 'orders');
    await sqs.clock.advance(0);
    expect(polled.bodies).toEqual(['x']);
  });

  test('a waiting receiver gets a message as soon as it is sent', async () => {
    const sqs = openSqs();
    await sqs.create('orders');
    const polled = poll(sqs, 'orders');
    await sqs.clock.advance(5000);
    expect(polled).toEqual({});
    await sqs.send('orders', 'x');
    await sqs.clock.advance(0);
    expect(polled.bodies).toEqual(['x']);
  });

  test('the answer is empty when the time is up', async () => {
    const sqs = openSqs();
    await sqs.create('orders');
    const polled = poll(sqs, 'orders', { WaitTimeSeconds: 7 });
    await sqs.clock.advance(6999);
    expect(polled).toEqual({});
    await sqs.clock.advance(1);
    expect(polled.bodies).toEqual([]);
  });

  test("the queue's own wait time applies when the request gives none", async () => {
    const sqs = openSqs();
    await sqs.create('orders', { ReceiveMessageWaitTimeSeconds: '3' });
    const patient = poll(sqs, 'orders', { WaitTimeSeconds: undefined });
    const impatient = poll(sqs, 'orders', { WaitTimeSeconds: 0 });
    await sqs.clock.advance(2999);
    expect(patient).toEqual({});
    expect(impatient.bodies).toEqual([]);
    await sqs.clock.advance(1);
    expect(patient.bodies).toEqual([]);
  });

  test('a delay that ends wakes a receiver, also one sent after it began to wait', async () => {
    const sqs = openSqs();
    await sqs.create('orders');
    await sqs.send('orders', 'later', { DelaySeconds: 10 });
    const polled = poll(sqs, 'orders');
    await sqs.clock.advance(1000);
    await sqs.send('orders', 'sooner', { DelaySeconds: 1 });
    await sqs.clock.advance(999);
    expect(polled).toEqual({});
    await sqs.clock.advance(1);
    expect(polled.bodies).toEqual(['sooner']);
  });

  test('a visibility timeout that ends wakes a receiver', async () => {
    const sqs = openSqs();
    await sqs.create('orders', { VisibilityTimeout: '5' });
    await sqs.send('orders', 'x');
    await sqs.receive('orders');
    const polled = poll(sqs, 'orders');
    await sqs.clock.advance(4999);
    expect(polled).toEqual({});
    await sqs.clock.advance(1);
    expect(polled.bodies).toEqual(['x']);
  });

  test('a message made visible wakes a receiver', async () => {
    const sqs = openSqs();
    const QueueUrl = await sqs.create('orders');
    await sqs.send('orders', 'x');
    const [message] = await sqs.receive('orders');
    const polled = poll(sqs, 'orders');
    await sqs.call('ChangeMessageVisibility', {
      QueueUrl,
      ReceiptHandle: message?.ReceiptHandle,
      VisibilityTimeout: 0,
    });
    await sqs.clock.advance(0);
    expect(polled.bodies).toEqual(['x']);
  });

  test('a dead-lettered message wakes receivers that wait at the dead-letter queue', async () => {
    const sqs = openSqs();
    await createWithDeadLetters(sqs);
    await sqs.send('source', 'x');
    await sqs.receive('source', { VisibilityTimeout: 3 });
    const atSource = poll(sqs, 'source');
    const atDead = poll(sqs, 'dead');
    await sqs.clock.advance(3000);
    expect(atDead.bodies).toEqual(['x']);
    expect(atSource).toEqual({});
  });

  test('the next of a FIFO group wakes a receiver when the one before it is deleted', async () => {
    const sqs = openSqs();
    await sqs.create('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    for (const body of ['a', 'b']) {
      await sqs.send('orders.fifo', body, { MessageGroupId: 'g' });
    }
    const [first] = await sqs.receive('orders.fifo');
    const polled = poll(sqs, 'orders.fifo');
    await sqs.clock.advance(1000);
    expect(polled).toEqual({});
    if (first) {
      await sqs.remove('orders.fifo', first);
    }
    await sqs.clock.advance(0);
    expect(polled.bodies).toEqual(['b']);
  });

  test('several receivers are served in the order in which they came', async () => {
    const sqs = openSqs();
    await sqs.create('orders');
    const polls = [poll(sqs, 'orders'), poll(sqs, 'orders'), poll(sqs, 'orders')];
    for (const body of ['a', 'b']) {
      await sqs.send('orders', body);
    }
    await sqs.clock.advance(0);
    expect(polls).toEqual([{ bodies: ['a'] }, { bodies: ['b'] }, {}]);
  });

  test('a new receiver does not overtake waiting ones', async () => {
    const sqs = openSqs();
    await sqs.create('orders');
    const waiting = poll(sqs, 'orders');
    sqs.sqs.sendToArn(arnOf('orders'), { body: 'x' });
    const late = poll(sqs, 'orders', { WaitTimeSeconds: 0 });
    await sqs.clock.advance(0);
    expect([waiting.bodies, late.bodies]).toEqual([['x'], []]);
  });

  test('messages sent together are received together', async () => {
    const sqs = openSqs();
    await sqs.create('orders');
    const polled = poll(sqs, 'orders', { MaxNumberOfMessages: 10 });
    for (const body of ['a', 'b', 'c']) {
      sqs.sqs.sendToArn(arnOf('orders'), { body });
    }
    await sqs.clock.advance(0);
    expect(polled.bodies).toEqual(['a', 'b', 'c']);
  });

  test('a receiver that has gone receives no message', async () => {
    const sqs = openSqs();
    await sqs.create('orders');
    const gone = new AbortController();
    const polled = poll(sqs, 'orders', {}, gone.signal);
    gone.abort();
    await sqs.send('orders', 'x');
    await sqs.clock.advance(0);
    expect(polled.bodies).toEqual([]);
    expect(await sqs.counts('orders')).toEqual([1, 0, 0]);
    const after = poll(sqs, 'orders', {}, gone.signal);
    await sqs.clock.advance(0);
    expect(after.bodies).toEqual([]);
    expect(await sqs.counts('orders')).toEqual([1, 0, 0]);
  });

  test('a waiting receiver gets an error when its queue is deleted', async () => {
    const sqs = openSqs();
    const QueueUrl = await sqs.create('orders');
    const polled = poll(sqs, 'orders');
    await sqs.call('DeleteQueue', { QueueUrl });
    await sqs.clock.advance(0);
    expect(polled.code).toBe('QueueDoesNotExist');
  });

  test('closing ends all waiting with empty answers', async () => {
    const sqs = openSqs();
    await sqs.create('orders');
    const polls = [poll(sqs, 'orders'), poll(sqs, 'orders')];
    sqs.sqs.close();
    await sqs.clock.advance(0);
    expect(polls).toEqual([{ bodies: [] }, { bodies: [] }]);
  });
});

describe('sending within a transaction', () => {
  test('a waiting receiver gets it only after the commit', async () => {
    const sqs = openSqs();
    await sqs.create('orders');
    const polled = poll(sqs, 'orders');
    sqs.store.db.exec('BEGIN');
    sqs.sqs.sendToArn(arnOf('orders'), { body: 'x' });
    await sqs.clock.advance(0);
    expect(polled).toEqual({});
    sqs.store.db.exec('COMMIT');
    await sqs.clock.advance(0);
    await sqs.clock.advance(0);
    expect(polled.bodies).toEqual(['x']);
  });

  test('a message that was rolled back was not sent', async () => {
    const sqs = openSqs();
    await sqs.create('orders');
    const polled = poll(sqs, 'orders');
    const failing = () =>
      sqs.store.transaction(() => {
        sqs.sqs.sendToArn(arnOf('orders'), { body: 'x' });
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    await sqs.clock.advance(0);
    expect(polled).toEqual({});
    expect(await sqs.counts('orders')).toEqual([0, 0, 0]);
  });
});
