import { describe, expect, test } from '@jest/globals';
import { arnOf, createWithDeadLetters, openSqs, urlOf } from './open-sqs.ts';

describe('visibility', () => {
  test('a received message is hidden until its visibility timeout has passed', async () => {
    const { create, send, bodies, clock, counts } = openSqs();
    await create('orders', { VisibilityTimeout: '10' });
    await send('orders', 'x');
    expect(await bodies('orders')).toEqual(['x']);
    expect(await counts('orders')).toEqual([0, 1, 0]);
    await clock.advance(9999);
    expect(await bodies('orders')).toEqual([]);
    await clock.advance(1);
    expect(await counts('orders')).toEqual([1, 0, 0]);
    expect(await bodies('orders')).toEqual(['x']);
  });

  test('the timeout of the request replaces that of the queue', async () => {
    const { create, send, bodies, clock } = openSqs();
    await create('orders');
    await send('orders', 'x');
    expect(await bodies('orders', { VisibilityTimeout: 2 })).toEqual(['x']);
    await clock.advance(2000);
    expect(await bodies('orders', { VisibilityTimeout: 0 })).toEqual(['x']);
    expect(await bodies('orders')).toEqual(['x']);
  });

  test('a message comes once in a batch, also with a timeout of 0', async () => {
    const { create, send, bodies } = openSqs();
    await create('orders');
    await send('orders', 'a');
    await send('orders', 'b');
    expect(await bodies('orders', { VisibilityTimeout: 0 })).toEqual(['a', 'b']);
  });

  test('the timeout can be extended and ended', async () => {
    const { create, call, send, receive, bodies, clock } = openSqs();
    const QueueUrl = await create('orders', { VisibilityTimeout: '10' });
    await send('orders', 'x');
    const [message] = await receive('orders');
    const change = (VisibilityTimeout: number) =>
      call('ChangeMessageVisibility', {
        QueueUrl,
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout,
      });
    await clock.advance(5000);
    await change(10);
    await clock.advance(9999);
    expect(await bodies('orders')).toEqual([]);
    await change(0);
    expect(await bodies('orders')).toEqual(['x']);
  });

  test('no message is hidden for more than 12 hours after its receive', async () => {
    const { create, send, receive, clock, refusal } = openSqs();
    const QueueUrl = await create('orders');
    await send('orders', 'x');
    const [message] = await receive('orders', { VisibilityTimeout: 43_200 });
    const change = (VisibilityTimeout: number) =>
      refusal('ChangeMessageVisibility', {
        QueueUrl,
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout,
      });
    await clock.advance(1000);
    expect(await change(43_200)).toBe('InvalidParameterValueException');
    expect(await change(43_199)).toBe('none');
    expect(await change(43_201)).toBe('InvalidParameterValueException');
    expect(await change(-1)).toBe('InvalidParameterValueException');
  });

  test('the visibility of a message that is visible again, or deleted, cannot be changed', async () => {
    const { create, send, receive, bodies, clock, call, remove } = openSqs();
    const QueueUrl = await create('orders');
    await send('orders', 'x');
    const [message] = await receive('orders', { VisibilityTimeout: 1 });
    await clock.advance(1000);
    const ReceiptHandle = message?.ReceiptHandle;
    const late = { QueueUrl, ReceiptHandle, VisibilityTimeout: 30 };
    const refused = expect.objectContaining({
      code: 'InvalidParameterValueException',
      queryCode: 'InvalidParameterValue',
      message: `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    });
    await expect(call('ChangeMessageVisibility', late)).rejects.toEqual(refused);
    const Entries = [{ Id: 'a', ReceiptHandle, VisibilityTimeout: 30 }];
    expect(await call('ChangeMessageVisibilityBatch', { QueueUrl, Entries })).toMatchObject({
      Failed: [{ Id: 'a', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }],
    });
    const [again] = await receive('orders', { VisibilityTimeout: 60 });
    expect(again).toMatchObject({ Body: 'x' });
    if (again) {
      await remove('orders', again);
    }
    await expect(call('ChangeMessageVisibility', late)).rejects.toEqual(refused);
    expect(await bodies('orders')).toEqual([]);
  });

  test('the message that waits longest is received first', async () => {
    const { create, send, receive, bodies, clock } = openSqs();
    await create('orders');
    await send('orders', 'poison');
    await receive('orders', { VisibilityTimeout: 1 });
    await clock.advance(500);
    await send('orders', 'new');
    await clock.advance(500);
    expect(await bodies('orders')).toEqual(['new', 'poison']);
  });
});

describe('receipt handles', () => {
  test('each receive has its own handle, and a standard queue accepts the older ones too', async () => {
    const { create, send, receive, remove, counts } = openSqs();
    await create('orders');
    await send('orders', 'x');
    const [first] = await receive('orders', { VisibilityTimeout: 0 });
    const [second] = await receive('orders');
    if (!first || !second) {
      throw new Error('nothing received');
    }
    expect(second.MessageId).toBe(first.MessageId);
    expect(second.ReceiptHandle).not.toBe(first.ReceiptHandle);
    await remove('orders', first);
    expect(await counts('orders')).toEqual([0, 0, 0]);
    await remove('orders', second);
  });

  test.each(['junk', 'AQEB', 'A'.repeat(48), 'x'.repeat(100_000), '😀'.repeat(24)])(
    'junk is not a handle',
    async (ReceiptHandle) => {
      const { create, refusal } = openSqs();
      const QueueUrl = await create('orders');
      expect(await refusal('DeleteMessage', { QueueUrl, ReceiptHandle })).toBe(
        'ReceiptHandleIsInvalid',
      );
      expect(
        await refusal('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      ).toBe('ReceiptHandleIsInvalid');
    },
  );

  test('a handle of another queue, of another store, or changed in one character is refused', async () => {
    const { create, send, receive, refusal } = openSqs();
    const QueueUrl = await create('orders');
    await create('other');
    await send('orders', 'x');
    const [message] = await receive('orders');
    const ReceiptHandle = message?.ReceiptHandle ?? '';
    const elsewhere = { QueueUrl: urlOf('other'), ReceiptHandle };
    expect(await refusal('DeleteMessage', elsewhere)).toBe('ReceiptHandleIsInvalid');
    const anotherStore = openSqs();
    await anotherStore.create('orders');
    await anotherStore.send('orders', 'x');
    expect(await anotherStore.refusal('DeleteMessage', { QueueUrl, ReceiptHandle })).toBe(
      'ReceiptHandleIsInvalid',
    );
    for (const at of [5, 20, 47]) {
      const character = ReceiptHandle[at] === 'A' ? 'B' : 'A';
      const changed = ReceiptHandle.slice(0, at) + character + ReceiptHandle.slice(at + 1);
      expect(await refusal('DeleteMessage', { QueueUrl, ReceiptHandle: changed })).toBe(
        'ReceiptHandleIsInvalid',
      );
    }
  });

  test('the visibility of a deleted message cannot be changed', async () => {
    const { create, call, send, receive, remove, refusal } = openSqs();
    const QueueUrl = await create('orders');
    await send('orders', 'x');
    const [message] = await receive('orders');
    if (!message) {
      throw new Error('nothing received');
    }
    await remove('orders', message);
    const { ReceiptHandle } = message;
    const change = { ReceiptHandle, VisibilityTimeout: 1 };
    expect(await refusal('ChangeMessageVisibility', { QueueUrl, ...change })).toBe(
      'InvalidParameterValueException',
    );
    const Entries = [{ Id: 'a', ...change }];
    expect(await call('ChangeMessageVisibilityBatch', { QueueUrl, Entries })).toMatchObject({
      Failed: [{ Id: 'a', Code: 'ReceiptHandleIsInvalid', SenderFault: true }],
    });
  });

  test('messages are deleted and hidden in batches, each entry by itself', async () => {
    const { create, call, send, receive, counts } = openSqs();
    const QueueUrl = await create('orders');
    for (const body of ['a', 'b']) {
      await send('orders', body);
    }
    const [a, b] = await receive('orders', { MaxNumberOfMessages: 10 });
    const release = [
      { Id: 'a', ReceiptHandle: a?.ReceiptHandle, VisibilityTimeout: 0 },
      { Id: 'b', ReceiptHandle: b?.ReceiptHandle, VisibilityTimeout: 99_999 },
      { Id: 'c', ReceiptHandle: b?.ReceiptHandle },
      { Id: 'd', ReceiptHandle: 'junk', VisibilityTimeout: 0 },
    ];
    expect(
      await call('ChangeMessageVisibilityBatch', { QueueUrl, Entries: release }),
    ).toMatchObject({
      Successful: [{ Id: 'a' }],
      Failed: [
        { Id: 'b', Code: 'InvalidParameterValue' },
        { Id: 'c', Code: 'MissingParameter' },
        { Id: 'd', Code: 'ReceiptHandleIsInvalid' },
      ],
    });
    expect(await counts('orders')).toEqual([1, 1, 0]);
    const deletes = [
      { Id: 'a', ReceiptHandle: a?.ReceiptHandle },
      { Id: 'b', ReceiptHandle: b?.ReceiptHandle },
      { Id: 'c', ReceiptHandle: 'junk' },
    ];
    expect(await call('DeleteMessageBatch', { QueueUrl, Entries: deletes })).toMatchObject({
      Successful: [{ Id: 'a' }, { Id: 'b' }],
      Failed: [{ Id: 'c', Code: 'ReceiptHandleIsInvalid' }],
    });
    expect(await counts('orders')).toEqual([0, 0, 0]);
  });
});

describe('attributes of a received message', () => {
  test('system attributes are returned on request, by the old and the new name', async () => {
    const { create, send, receive, clock } = openSqs();
    await create('orders');
    const sentAt = clock.now();
    const AWSTraceHeader = { DataType: 'String', StringValue: 'Root=1-2-3' };
    await send('orders', 'x', { MessageSystemAttributes: { AWSTraceHeader } });
    await clock.advance(1500);
    const all = {
      SenderId: '000000000000',
      SentTimestamp: String(sentAt),
      ApproximateReceiveCount: '1',
      ApproximateFirstReceiveTimestamp: String(sentAt + 1500),
      AWSTraceHeader: 'Root=1-2-3',
    };
    const receiveAgain = async (names: object) =>
      (await receive('orders', { VisibilityTimeout: 0, ...names }))[0]?.Attributes;
    expect(await receiveAgain({ AttributeNames: ['All'] })).toEqual(all);
    expect(await receiveAgain({ MessageSystemAttributeNames: ['All'] })).toEqual({
      ...all,
      ApproximateReceiveCount: '2',
    });
    expect(
      await receiveAgain({
        AttributeNames: ['SentTimestamp', 'VisibilityTimeout'],
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SequenceNumber'],
      }),
    ).toEqual({ SentTimestamp: String(sentAt), ApproximateReceiveCount: '3' });
    expect(await receiveAgain({})).toBeUndefined();
  });

  test('message attributes are selected by name and prefix, and the digest is of the selected', async () => {
    const { create, send, receive } = openSqs();
    await create('orders');
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    const MessageAttributes = {
      General: text('Kenobi'),
      Hello: text('There'),
      'Help.Me': text('Me'),
    };
    await send('orders', 'msg', { MessageAttributes });
    const select = async (...MessageAttributeNames: string[]) => {
      const [message] = await receive('orders', { VisibilityTimeout: 0, MessageAttributeNames });
      return [Object.keys(message?.MessageAttributes ?? {}), message?.MD5OfMessageAttributes];
    };
    const everything = [['General', 'Hello', 'Help.Me'], '4c360f3fdafd970e05fae2f149d997f5'];
    expect(await select('All')).toEqual(everything);
    expect(await select('.*')).toEqual(everything);
    expect(await select('Hel.*')).toEqual([
      ['Hello', 'Help.Me'],
      '83fee93c1bcd8b9a5a923ffacdc636c7',
    ]);
    expect(await select('Hello', 'Foo')).toEqual([['Hello'], 'a311262e065454b75da111d535b8dacd']);
    expect(await select('Foo', '.Hello', 'hello')).toEqual([[], undefined]);
    expect(await select()).toEqual([[], undefined]);
  });

  test.each([
    [{ MaxNumberOfMessages: 0 }, 'InvalidParameterValueException'],
    [{ MaxNumberOfMessages: 11 }, 'InvalidParameterValueException'],
    [{ VisibilityTimeout: -1 }, 'InvalidParameterValueException'],
    [{ VisibilityTimeout: 43_201 }, 'InvalidParameterValueException'],
    [{ WaitTimeSeconds: 21 }, 'InvalidParameterValueException'],
    [{ WaitTimeSeconds: 0.5 }, 'SerializationException'],
    [{ ReceiveRequestAttemptId: 'only-fifo' }, 'InvalidParameterValueException'],
    [{ AttributeNames: ['Nonsense'] }, 'InvalidAttributeName'],
    [{ MessageSystemAttributeNames: ['QueueArn'] }, 'InvalidAttributeName'],
  ])('a receive with %j is refused', async (more, code) => {
    const { create, refusal } = openSqs();
    expect(await refusal('ReceiveMessage', { QueueUrl: await create('orders'), ...more })).toBe(
      code,
    );
  });
});

describe('dead-letter messages', () => {
  test('a message moves when it has been received maxReceiveCount times', async () => {
    const sqs = openSqs();
    const { send, receive, clock, counts } = sqs;
    await createWithDeadLetters(sqs, 2);
    const sentAt = clock.now();
    const { MessageId } = await send('source', 'x', {
      MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } },
    });
    for (let i = 0; i < 2; i++) {
      expect(await receive('source')).toHaveLength(1);
      await clock.advance(30_000);
    }
    expect(await counts('dead')).toEqual([0, 0, 0]);
    expect(await receive('source')).toHaveLength(0);
    expect(await counts('source')).toEqual([0, 0, 0]);
    const [dead] = await receive('dead', {
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    expect(dead).toMatchObject({
      MessageId,
      Body: 'x',
      MessageAttributes: { a: { StringValue: 'b' } },
      Attributes: {
        DeadLetterQueueSourceArn: arnOf('source'),
        SentTimestamp: String(sentAt),
        ApproximateReceiveCount: '3',
        ApproximateFirstReceiveTimestamp: String(sentAt),
      },
    });
  });

  test('are reported, whether SQS moved them or a consumer sent them', async () => {
    const reported: string[] = [];
    const sqs = openSqs({ onDeadLetter: (queueArn) => reported.push(queueArn) });
    const { send, receive, clock } = sqs;
    await createWithDeadLetters(sqs, 1);
    await send('source', 'x');
    await receive('source');
    await clock.advance(30_000);
    expect(reported).toEqual([]);
    await receive('source');
    await send('dead', 'y');
    await clock.advance(0);
    expect(reported).toEqual([arnOf('dead'), arnOf('dead')]);
  });

  test('a receive skips dead-lettered messages and returns the others', async () => {
    const sqs = openSqs();
    const { send, bodies } = sqs;
    await createWithDeadLetters(sqs, '1');
    for (let i = 0; i < 25; i++) {
      await send('source', 'dead');
    }
    for (let i = 0; i < 3; i++) {
      await bodies('source', { VisibilityTimeout: 0 });
    }
    await send('source', 'live');
    expect(await bodies('source')).toEqual(['live']);
    expect(await sqs.counts('dead')).toEqual([25, 0, 0]);
  });

  test('a message whose dead-letter queue was deleted stays', async () => {
    const sqs = openSqs();
    await createWithDeadLetters(sqs);
    await sqs.send('source', 'x');
    await sqs.call('DeleteQueue', { QueueUrl: urlOf('dead') });
    for (let i = 0; i < 3; i++) {
      expect(await sqs.bodies('source', { VisibilityTimeout: 0 })).toEqual(['x']);
    }
  });

  test('messages of a dead-letter queue with its own redrive policy move on after receives from it', async () => {
    const sqs = openSqs();
    await createWithDeadLetters(sqs);
    await sqs.create('last');
    await sqs.call('SetQueueAttributes', {
      QueueUrl: urlOf('dead'),
      Attributes: { RedrivePolicy: policy({ deadLetterTargetArn: arnOf('last') }) },
    });
    await sqs.send('source', 'x');
    for (const name of ['source', 'dead', 'last']) {
      expect(await sqs.bodies(name, { VisibilityTimeout: 0 })).toEqual(['x']);
      if (name !== 'last') {
        expect(await sqs.bodies(name, { VisibilityTimeout: 0 })).toEqual([]);
      }
    }
  });

  const policy = (more: object) =>
    JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1, ...more });

  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no target', '{"maxReceiveCount":1}'],
    ['no count', `{"deadLetterTargetArn":"${arnOf('dead')}"}`],
    ['a key more', policy({ more: 1 })],
    ['a count of 0', policy({ maxReceiveCount: 0 })],
    ['a count of 1001', policy({ maxReceiveCount: 1001 })],
    ['a count that is no number', policy({ maxReceiveCount: 'many' })],
    ['a target that is no ARN', policy({ deadLetterTargetArn: 'dead' })],
    ['a target that does not exist', policy({ deadLetterTargetArn: arnOf('none') })],
    ['a FIFO queue for a standard queue', policy({ deadLetterTargetArn: arnOf('dead.fifo') })],
  ])('a redrive policy with %s is refused', async (_name, RedrivePolicy) => {
    const { create, refusal } = openSqs();
    await create('dead');
    await create('dead.fifo', { FifoQueue: 'true' });
    const Attributes = { RedrivePolicy };
    expect(await refusal('CreateQueue', { QueueName: 'source', Attributes })).toBe(
      'InvalidParameterValueException',
    );
  });

  test.each([
    ['allowAll', undefined, 'none'],
    ['denyAll', undefined, 'InvalidParameterValueException'],
    ['byQueue', [arnOf('source')], 'none'],
    ['byQueue', [arnOf('other')], 'InvalidParameterValueException'],
  ])(
    'a dead-letter queue with %s %j is respected',
    async (redrivePermission, sourceQueueArns, code) => {
      const { create, refusal } = openSqs();
      const RedriveAllowPolicy = JSON.stringify({ redrivePermission, sourceQueueArns });
      await create('dead', { RedriveAllowPolicy });
      const Attributes = { RedrivePolicy: policy({}) };
      expect(await refusal('CreateQueue', { QueueName: 'source', Attributes })).toBe(code);
    },
  );

  test.each([
    ['no JSON', 'x', 'InvalidAttributeValue'],
    ['an unknown permission', '{"redrivePermission":"some"}', 'InvalidAttributeValue'],
    ['no sources', '{"redrivePermission":"byQueue"}', 'InvalidParameterValueException'],
    [
      'sources for all',
      '{"redrivePermission":"allowAll","sourceQueueArns":["a"]}',
      'InvalidParameterValueException',
    ],
    [
      'eleven sources',
      JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: Array(11).fill('a') }),
      'InvalidParameterValueException',
    ],
  ])('a redrive allow policy with %s is refused', async (_name, RedriveAllowPolicy, code) => {
    const { refusal } = openSqs();
    const Attributes = { RedriveAllowPolicy };
    expect(await refusal('CreateQueue', { QueueName: 'dead', Attributes })).toBe(code);
  });
});

describe('retention', () => {
  test('messages are deleted after the retention period, in flight or not', async () => {
    const { create, send, receive, clock, counts, bodies } = openSqs();
    await create('orders', { MessageRetentionPeriod: '60' });
    await send('orders', 'in flight');
    await receive('orders', { VisibilityTimeout: 600 });
    await send('orders', 'visible');
    await clock.advance(30_000);
    await send('orders', 'young');
    await clock.advance(30_000);
    expect(await bodies('orders')).toEqual(['young']);
    expect(await counts('orders')).toEqual([0, 1, 0]);
  });

  test('a shorter period takes effect on the messages that are there', async () => {
    const { create, call, send, clock, counts } = openSqs();
    const QueueUrl = await create('orders');
    await send('orders', 'x');
    await clock.advance(60_000);
    expect(await counts('orders')).toEqual([1, 0, 0]);
    await call('SetQueueAttributes', { QueueUrl, Attributes: { MessageRetentionPeriod: '60' } });
    expect(await counts('orders')).toEqual([0, 0, 0]);
  });

  test('a dead-lettered message of a standard queue keeps its age', async () => {
    const sqs = openSqs();
    await createWithDeadLetters(sqs);
    await sqs.call('SetQueueAttributes', {
      QueueUrl: urlOf('dead'),
      Attributes: { MessageRetentionPeriod: '100' },
    });
    await sqs.send('source', 'x');
    await sqs.receive('source');
    await sqs.clock.advance(60_000);
    await sqs.receive('source');
    expect(await sqs.counts('dead')).toEqual([1, 0, 0]);
    await sqs.clock.advance(40_000);
    expect(await sqs.counts('dead')).toEqual([0, 0, 0]);
  });
});

test('beyond the limit of messages in flight a standard queue refuses short polling, and long polling gets no message', async () => {
  const { call, clock, create, send, receive, remove, refusal } = openSqs({ inFlightLimit: 3 });
  const QueueUrl = await create('orders');
  for (let i = 0; i < 5; i++) {
    await send('orders', 'x');
  }
  const [first] = await receive('orders', { MaxNumberOfMessages: 2 });
  expect(await receive('orders', { MaxNumberOfMessages: 2 })).toHaveLength(1);
  expect(await refusal('ReceiveMessage', { QueueUrl })).toBe('OverLimit');
  const polled = call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
  await clock.advance(20_000);
  expect(await polled).toEqual({});
  if (first) {
    await remove('orders', first);
  }
  expect(await receive('orders', { MaxNumberOfMessages: 2 })).toHaveLength(1);
});
