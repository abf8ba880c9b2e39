import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/aws-service.ts';
import { arnOf, createWithDeadLetters, openSqs, urlOf } from './open-sqs.ts';

/** A dead-letter queue `dead` with this number of messages from `source`. */
async function openWithDeadLetters(count: number) {
  const sqs = openSqs();
  await createWithDeadLetters(sqs);
  for (let i = 0; i < count; i++) {
    await sqs.send('source', `m${i}`);
    await sqs.receive('source', { VisibilityTimeout: 0 });
  }
  await sqs.receive('source');
  const start = async (more: JsonObject = {}) =>
    String(
      (await sqs.call('StartMessageMoveTask', { SourceArn: arnOf('dead'), ...more })).TaskHandle,
    );
  const list = async (MaxResults?: number) => {
    const { Results } = await sqs.call('ListMessageMoveTasks', {
      SourceArn: arnOf('dead'),
      MaxResults,
    });
    return Results as readonly JsonObject[];
  };
  return { ...sqs, start, list };
}

describe('moving dead-letter messages', () => {
  test('without a destination each message goes back to the queue it came from', async () => {
    const { start, list, clock, create, send, receive, bodies, counts } =
      await openWithDeadLetters(2);
    await create('second', {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 1 }),
    });
    await send('second', 'other');
    for (let i = 0; i < 2; i++) {
      await receive('second', { VisibilityTimeout: 0 });
    }
    const startedAt = clock.now();
    await start();
    await clock.advance(0);
    expect(await bodies('source')).toEqual(['m0', 'm1']);
    expect(await bodies('second')).toEqual(['other']);
    expect(await counts('dead')).toEqual([0, 0, 0]);
    expect(await list()).toEqual([
      {
        Status: 'COMPLETED',
        SourceArn: arnOf('dead'),
        ApproximateNumberOfMessagesMoved: 3,
        ApproximateNumberOfMessagesToMove: 3,
        StartedTimestamp: startedAt,
      },
    ]);
  });

  test('a moved message is a new message', async () => {
    const { start, clock, receive, sqs } = await openWithDeadLetters(1);
    const [before] = sqs.peek(arnOf('dead'), 1);
    await clock.advance(5000);
    await start();
    await clock.advance(0);
    const [after] = await receive('source', { MessageSystemAttributeNames: ['All'] });
    expect(after?.MessageId).not.toBe(before?.messageId);
    expect(after?.Attributes).toEqual({
      SenderId: '000000000000',
      SentTimestamp: String(clock.now()),
      ApproximateReceiveCount: '1',
      ApproximateFirstReceiveTimestamp: String(clock.now()),
    });
  });

  test('messages go to the destination that is given', async () => {
    const { start, list, clock, create, bodies } = await openWithDeadLetters(2);
    await create('elsewhere');
    await start({ DestinationArn: arnOf('elsewhere') });
    await clock.advance(0);
    expect(await bodies('elsewhere')).toEqual(['m0', 'm1']);
    expect(await list()).toMatchObject([{ DestinationArn: arnOf('elsewhere') }]);
  });

  test.each([
    [1, 10, [1, 2, 3, 4]],
    [3, 10, [3, 6, 9, 10]],
    [25, 100, [25, 50, 75, 100]],
    [499, 1000, [499, 998, 1000, 1000]],
    [500, 1000, [500, 1000, 1000, 1000]],
  ])('at most %i a second are moved', async (rate, count, moved) => {
    const { start, list, clock, create, sqs } = await openWithDeadLetters(0);
    await create('elsewhere');
    for (let i = 0; i < count; i++) {
      sqs.sendToArn(arnOf('dead'), { body: 'x' });
    }
    await start({ DestinationArn: arnOf('elsewhere'), MaxNumberOfMessagesPerSecond: rate });
    const seen: unknown[] = [];
    for (let second = 1; second <= 4; second++) {
      await clock.advance(second === 1 ? 999 : 1000);
      seen.push((await list())[0]?.ApproximateNumberOfMessagesMoved);
    }
    expect(seen).toEqual(moved);
  });

  test('a task does not follow the messages that fail again', async () => {
    const { start, list, clock, bodies, counts } = await openWithDeadLetters(3);
    await start({ MaxNumberOfMessagesPerSecond: 1 });
    for (let second = 0; second < 10; second++) {
      await clock.advance(1000);
      await bodies('source', { VisibilityTimeout: 0 });
    }
    expect(await list()).toMatchObject([
      { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 3 },
    ]);
    expect(await counts('dead')).toEqual([3, 0, 0]);
  });

  test('a running task can be cancelled; messages that it moved stay moved', async () => {
    const { start, list, clock, call, refusal, counts } = await openWithDeadLetters(5);
    const TaskHandle = await start({ MaxNumberOfMessagesPerSecond: 1 });
    await clock.advance(1500);
    expect(await list()).toMatchObject([
      { Status: 'RUNNING', TaskHandle, MaxNumberOfMessagesPerSecond: 1 },
    ]);
    expect(await call('CancelMessageMoveTask', { TaskHandle })).toEqual({
      ApproximateNumberOfMessagesMoved: 2,
    });
    await clock.advance(5000);
    expect(await counts('dead')).toEqual([3, 0, 0]);
    const [task] = await list();
    expect(task).toMatchObject({ Status: 'CANCELLED' });
    expect(task).not.toHaveProperty('TaskHandle');
    expect(await refusal('CancelMessageMoveTask', { TaskHandle })).toBe(
      'InvalidParameterValueException',
    );
  });

  test('a task fails when its destination is deleted', async () => {
    const { start, list, clock, create, call, counts } = await openWithDeadLetters(3);
    await create('elsewhere');
    await start({ DestinationArn: arnOf('elsewhere'), MaxNumberOfMessagesPerSecond: 1 });
    await clock.advance(0);
    await call('DeleteQueue', { QueueUrl: urlOf('elsewhere') });
    await clock.advance(1000);
    expect(await list()).toMatchObject([
      {
        Status: 'FAILED',
        FailureReason: 'AWS.SimpleQueueService.NonExistentQueue',
        ApproximateNumberOfMessagesMoved: 1,
      },
    ]);
    expect(await counts('dead')).toEqual([2, 0, 0]);
  });

  test('a task fails at a message without a known source queue', async () => {
    const { start, list, clock, send, counts } = await openWithDeadLetters(1);
    await send('dead', 'sent here directly');
    await start();
    await clock.advance(0);
    expect(await list()).toMatchObject([
      {
        Status: 'FAILED',
        FailureReason: 'CouldNotDetermineMessageSource',
        ApproximateNumberOfMessagesMoved: 1,
      },
    ]);
    expect(await counts('dead')).toEqual([1, 0, 0]);
  });

  test('FIFO dead-letter messages return in order, within their groups', async () => {
    const sqs = openSqs();
    const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
    await sqs.create('dead.fifo', fifo);
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: arnOf('dead.fifo'),
      maxReceiveCount: 1,
    });
    await sqs.create('source.fifo', { ...fifo, RedrivePolicy });
    for (const body of ['1', '2', '3']) {
      await sqs.send('source.fifo', body, { MessageGroupId: 'g' });
    }
    for (let i = 0; i < 2; i++) {
      await sqs.bodies('source.fifo', { VisibilityTimeout: 0 });
    }
    await sqs.call('StartMessageMoveTask', { SourceArn: arnOf('dead.fifo') });
    await sqs.clock.advance(0);
    expect(await sqs.bodies('source.fifo')).toEqual(['1', '2', '3']);
  });

  test('the latest ten tasks are listed, newest first, one by default', async () => {
    const { start, list, clock } = await openWithDeadLetters(1);
    const startedAt: number[] = [];
    for (let i = 0; i < 12; i++) {
      startedAt.unshift(clock.now());
      await start();
      await clock.advance(1000);
    }
    expect(await list()).toHaveLength(1);
    const all = await list(10);
    expect(all.map(({ StartedTimestamp }) => StartedTimestamp)).toEqual(startedAt.slice(0, 10));
  });
});

describe('refused requests', () => {
  test('a source that does not exist or is no queue’s dead-letter queue', async () => {
    const { refusal } = await openWithDeadLetters(0);
    const start = (SourceArn: string) => refusal('StartMessageMoveTask', { SourceArn });
    expect(await start(arnOf('none'))).toBe('ResourceNotFoundException');
    expect(await start('junk')).toBe('ResourceNotFoundException');
    expect(await start(arnOf('source'))).toBe('InvalidParameterValueException');
  });

  test('a destination that does not exist, is the source, or is of the other type', async () => {
    const { refusal, create } = await openWithDeadLetters(0);
    await create('other.fifo', { FifoQueue: 'true' });
    const start = (name: string) =>
      refusal('StartMessageMoveTask', { SourceArn: arnOf('dead'), DestinationArn: arnOf(name) });
    expect(await start('none')).toBe('ResourceNotFoundException');
    expect(await start('dead')).toBe('InvalidParameterValueException');
    expect(await start('other.fifo')).toBe('InvalidParameterValueException');
  });

  test('a second task for a source while one runs', async () => {
    const { start, refusal, clock } = await openWithDeadLetters(2);
    await start({ MaxNumberOfMessagesPerSecond: 1 });
    const again = () => refusal('StartMessageMoveTask', { SourceArn: arnOf('dead') });
    expect(await again()).toBe('InvalidParameterValueException');
    await clock.advance(2000);
    expect(await again()).toBe('none');
  });

  test.each([0, 501])('a rate of %i', async (MaxNumberOfMessagesPerSecond) => {
    const { refusal } = await openWithDeadLetters(0);
    const input = { SourceArn: arnOf('dead'), MaxNumberOfMessagesPerSecond };
    expect(await refusal('StartMessageMoveTask', input)).toBe('InvalidParameterValueException');
  });

  test('a handle that is junk, of no queue, or of no task', async () => {
    const { refusal } = await openWithDeadLetters(0);
    const cancel = (handle: string) => refusal('CancelMessageMoveTask', { TaskHandle: handle });
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64');
    expect(await cancel('foobared')).toBe('InvalidParameterValueException');
    expect(await cancel(encode({ taskId: 1 }))).toBe('InvalidParameterValueException');
    expect(await cancel(encode({ taskId: 'x', sourceArn: arnOf('none') }))).toBe(
      'ResourceNotFoundException',
    );
    expect(await cancel(encode({ taskId: 'x', sourceArn: arnOf('dead') }))).toBe(
      'ResourceNotFoundException',
    );
  });
});
