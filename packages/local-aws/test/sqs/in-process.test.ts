import { describe, expect, test } from '@jest/globals';
import { arnOf, createWithDeadLetters, openSqs, urlOf } from './open-sqs.ts';

describe('sending by ARN', () => {
  test('everything of the message arrives', async () => {
    const { sqs, create, receive } = openSqs();
    await create('orders.fifo', { FifoQueue: 'true' });
    const sent = sqs.sendToArn(arnOf('orders.fifo'), {
      body: '{"a":1}',
      messageAttributes: { kind: { DataType: 'String', StringValue: 'message' } },
      systemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-2-3' } },
      groupId: 'g',
      deduplicationId: 'd',
    });
    const [message] = await receive('orders.fifo', {
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    expect(message).toMatchObject({
      MessageId: sent.messageId,
      Body: '{"a":1}',
      MessageAttributes: { kind: { StringValue: 'message' } },
      Attributes: {
        AWSTraceHeader: 'Root=1-2-3',
        MessageGroupId: 'g',
        MessageDeduplicationId: 'd',
        SequenceNumber: sent.sequenceNumber,
      },
    });
  });

  test('a delay applies', async () => {
    const { sqs, create, counts } = openSqs();
    await create('orders');
    sqs.sendToArn(arnOf('orders'), { body: 'x', delaySeconds: 5 });
    expect(await counts('orders')).toEqual([0, 0, 1]);
  });

  test.each([
    ['a queue that does not exist', arnOf('none'), 'x', 'QueueDoesNotExist'],
    [
      'a queue of another region',
      'arn:aws:sqs:eu-west-1:000000000000:orders',
      'x',
      'QueueDoesNotExist',
    ],
    ['text that is not an ARN', 'orders', 'x', 'QueueDoesNotExist'],
    ['a character that SQS does not carry', arnOf('orders'), '\uffff', 'InvalidMessageContents'],
    [
      'too long a message',
      arnOf('orders'),
      'x'.repeat(1_048_577),
      'InvalidParameterValueException',
    ],
  ])('%s is refused', async (_name, arn, body, code) => {
    const { sqs, create } = openSqs();
    await create('orders');
    expect(() => sqs.sendToArn(arn, { body })).toThrow(expect.objectContaining({ code }));
  });

  test('messages to several queues are sent together or not at all', async () => {
    const { sqs, store, create, counts } = openSqs();
    await create('one');
    const sendBoth = () =>
      store.transaction(() => {
        for (const name of ['one', 'none']) {
          sqs.sendToArn(arnOf(name), { body: 'x' });
        }
      });
    expect(sendBoth).toThrow('The specified queue does not exist.');
    expect(await counts('one')).toEqual([0, 0, 0]);
  });
});

describe('peeking', () => {
  test('messages are shown in any state and are not received', async () => {
    const { sqs, create, send, receive, clock, bodies } = openSqs();
    await create('orders');
    const now = clock.now();
    await send('orders', 'in flight');
    await receive('orders', { VisibilityTimeout: 10 });
    await send('orders', 'visible', { MessageGroupId: 'g' });
    await send('orders', 'delayed', { DelaySeconds: 5 });
    expect(sqs.peek(arnOf('orders'), 10)).toMatchObject([
      { body: 'in flight', state: 'inFlight', receiveCount: 1, visibleAt: now + 10_000 },
      { body: 'visible', state: 'visible', receiveCount: 0, groupId: 'g', sentAt: now },
      { body: 'delayed', state: 'delayed', visibleAt: now + 5000 },
    ]);
    expect(sqs.peek(arnOf('orders'), 1)).toHaveLength(1);
    expect(await bodies('orders')).toEqual(['visible']);
  });

  test('a dead-letter message names its source queue', async () => {
    const sqs = openSqs();
    await createWithDeadLetters(sqs);
    await sqs.send('source', 'x');
    for (let i = 0; i < 2; i++) {
      await sqs.receive('source', { VisibilityTimeout: 0 });
    }
    expect(sqs.sqs.peek(arnOf('dead'), 10)).toMatchObject([
      { body: 'x', deadLetterSourceArn: arnOf('source'), receiveCount: 1, state: 'visible' },
    ]);
  });
});

test('ARNs and URLs are of existing queues only', () => {
  const { sqs } = openSqs();
  expect(() => sqs.urlOf(arnOf('none'))).toThrow('The specified queue does not exist.');
  expect(() => sqs.arnOf(urlOf('none'))).toThrow('The specified queue does not exist.');
});
