import { describe, expect, test } from '@jest/globals';
import { arnOf, openSqs, urlOf } from './open-sqs.ts';

describe('creating a queue', () => {
  test('a queue has the URL and the ARN of its name', async () => {
    const { create, attributes, sqs } = openSqs();
    await create('orders');
    expect(await attributes('orders', 'QueueArn')).toEqual({ QueueArn: arnOf('orders') });
    expect(sqs.arnOf(urlOf('orders'))).toBe(arnOf('orders'));
    expect(sqs.urlOf(arnOf('orders'))).toBe(urlOf('orders'));
  });

  test('a new standard queue has the documented defaults', async () => {
    const { create, attributes } = openSqs();
    await create('orders');
    expect(await attributes('orders')).toEqual({
      QueueArn: arnOf('orders'),
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: String(Date.parse('2026-01-01T00:00:00Z') / 1000),
      LastModifiedTimestamp: String(Date.parse('2026-01-01T00:00:00Z') / 1000),
      VisibilityTimeout: '30',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      DelaySeconds: '0',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
    });
  });

  test('a FIFO queue has four attributes more', async () => {
    const { create, attributes } = openSqs();
    await create('orders.fifo', { FifoQueue: 'true' });
    expect(await attributes('orders.fifo')).toMatchObject({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    });
  });

  test('creating it again with the same or no attributes returns its URL', async () => {
    const { call, create } = openSqs();
    await create('orders', { DelaySeconds: '1', Policy: '{"a":1,"b":2}' });
    for (const Attributes of [{}, { DelaySeconds: '1' }, { Policy: '{ "b": 2, "a": 1 }' }]) {
      const answer = await call('CreateQueue', { QueueName: 'orders', Attributes });
      expect(answer).toEqual({ QueueUrl: urlOf('orders') });
    }
  });

  test('creating it again with other attributes is refused', async () => {
    const { refusal, create } = openSqs();
    await create('orders', { DelaySeconds: '1' });
    const again = (Attributes: object) =>
      refusal('CreateQueue', { QueueName: 'orders', Attributes });
    expect(await again({ DelaySeconds: '2' })).toBe('QueueNameExists');
    expect(await again({ VisibilityTimeout: '31' })).toBe('QueueNameExists');
    expect(await again({ VisibilityTimeout: '30' })).toBe('none');
  });

  test.each([
    ['', {}],
    ['a.b', {}],
    ['a/b', {}],
    ['é', {}],
    ['a'.repeat(81), {}],
    ['orders.fifo', {}],
    ['orders', { FifoQueue: 'true' }],
    [`${'a'.repeat(76)}.fifo`, { FifoQueue: 'true' }],
  ])('the name %j with %j is refused', async (QueueName, Attributes) => {
    const { refusal } = openSqs();
    expect(await refusal('CreateQueue', { QueueName, Attributes })).toBe(
      'InvalidParameterValueException',
    );
  });

  test('the name of a deleted queue is free again after 60 seconds', async () => {
    const { call, clock, refusal, create, send, counts } = openSqs();
    await create('orders');
    await send('orders', 'lost with its queue');
    await call('DeleteQueue', { QueueUrl: urlOf('orders') });
    expect(await refusal('GetQueueUrl', { QueueName: 'orders' })).toBe('QueueDoesNotExist');
    await clock.advance(59_999);
    expect(await refusal('CreateQueue', { QueueName: 'orders' })).toBe('QueueDeletedRecently');
    await clock.advance(1);
    await create('orders');
    expect(await counts('orders')).toEqual([0, 0, 0]);
  });
});

describe('queue attributes', () => {
  test.each([
    ['VisibilityTimeout', ['0', '43200'], ['-1', '43201', '1.5', ' 1', '', 'x']],
    ['MaximumMessageSize', ['1024', '1048576'], ['1023', '1048577']],
    ['MessageRetentionPeriod', ['60', '1209600'], ['59', '1209601']],
    ['DelaySeconds', ['0', '900'], ['901', '']],
    ['ReceiveMessageWaitTimeSeconds', ['0', '20'], ['21']],
    ['KmsDataKeyReusePeriodSeconds', ['60', '86400'], ['59', '86401']],
    ['SqsManagedSseEnabled', ['true', 'false'], ['yes']],
    ['Policy', ['{}'], ['{']],
  ])('%s is kept within its bounds', async (name, good, bad) => {
    const { create, refusal } = openSqs();
    const QueueUrl = await create('orders');
    const set = (value: string) =>
      refusal('SetQueueAttributes', { QueueUrl, Attributes: { [name]: value } });
    for (const value of good) {
      expect([value, await set(value)]).toEqual([value, 'none']);
    }
    for (const value of bad) {
      expect([value, await set(value)]).toEqual([value, 'InvalidAttributeValue']);
    }
  });

  test('an unknown attribute, or one of FIFO queues only, is refused by name', async () => {
    const { create, refusal } = openSqs();
    const QueueUrl = await create('orders');
    for (const name of ['Nonsense', 'QueueArn', 'FifoQueue', 'DeduplicationScope', '__proto__']) {
      const Attributes = JSON.parse(`{"${name}":"true"}`);
      const refused = await refusal('SetQueueAttributes', { QueueUrl, Attributes });
      expect([name, refused]).toEqual([name, 'InvalidAttributeName']);
    }
    expect(await refusal('GetQueueAttributes', { QueueUrl, AttributeNames: ['Nonsense'] })).toBe(
      'InvalidAttributeName',
    );
  });

  test('a queue cannot change its type', async () => {
    const { create, refusal } = openSqs();
    const QueueUrl = await create('orders.fifo', { FifoQueue: 'true' });
    const set = (FifoQueue: string) =>
      refusal('SetQueueAttributes', { QueueUrl, Attributes: { FifoQueue } });
    expect(await set('true')).toBe('none');
    expect(await set('false')).toBe('InvalidAttributeValue');
  });

  test('high throughput by group needs deduplication by group', async () => {
    const { refusal } = openSqs();
    const create = (attributes: object) =>
      refusal('CreateQueue', {
        QueueName: 'orders.fifo',
        Attributes: { FifoQueue: 'true', FifoThroughputLimit: 'perMessageGroupId', ...attributes },
      });
    expect(await create({})).toBe('InvalidAttributeValue');
    expect(await create({ DeduplicationScope: 'messageGroup' })).toBe('none');
  });

  test('the encryption that was set last is the one in force', async () => {
    const { create, call, attributes, refusal } = openSqs();
    const QueueUrl = await create('orders');
    const set = (Attributes: object) => call('SetQueueAttributes', { QueueUrl, Attributes });
    const read = () =>
      attributes(
        'orders',
        'KmsMasterKeyId',
        'KmsDataKeyReusePeriodSeconds',
        'SqsManagedSseEnabled',
      );
    await set({ KmsMasterKeyId: 'alias/mine' });
    expect(await read()).toEqual({
      KmsMasterKeyId: 'alias/mine',
      KmsDataKeyReusePeriodSeconds: '300',
      SqsManagedSseEnabled: 'false',
    });
    await set({ SqsManagedSseEnabled: 'true' });
    expect(await read()).toEqual({ SqsManagedSseEnabled: 'true' });
    const both = { KmsMasterKeyId: 'alias/mine', SqsManagedSseEnabled: 'true' };
    expect(await refusal('SetQueueAttributes', { QueueUrl, Attributes: both })).toBe(
      'InvalidAttributeName',
    );
  });

  test('an empty policy removes the policy', async () => {
    const { create, call, attributes } = openSqs();
    const QueueUrl = await create('orders', { Policy: '{"Version":"2012-10-17"}' });
    expect(await attributes('orders', 'Policy')).toEqual({ Policy: '{"Version":"2012-10-17"}' });
    await call('SetQueueAttributes', { QueueUrl, Attributes: { Policy: '' } });
    expect(await attributes('orders', 'Policy')).toEqual({});
  });

  test('without attribute names the answer is empty', async () => {
    const { create, call } = openSqs();
    expect(await call('GetQueueAttributes', { QueueUrl: await create('orders') })).toEqual({});
  });

  test('setting no attributes changes nothing, but they must be given', async () => {
    const { create, refusal, attributes } = openSqs();
    const QueueUrl = await create('orders', { DelaySeconds: '3' });
    expect(await refusal('SetQueueAttributes', { QueueUrl, Attributes: {} })).toBe('none');
    expect(await refusal('SetQueueAttributes', { QueueUrl })).toBe(
      'MissingRequiredParameterException',
    );
    expect(await attributes('orders', 'DelaySeconds')).toEqual({ DelaySeconds: '3' });
  });

  test('a change shows in LastModifiedTimestamp', async () => {
    const { create, call, clock, attributes } = openSqs();
    const QueueUrl = await create('orders');
    const before = await attributes('orders', 'CreatedTimestamp', 'LastModifiedTimestamp');
    await clock.advance(5000);
    await call('SetQueueAttributes', { QueueUrl, Attributes: { DelaySeconds: '1' } });
    const after = await attributes('orders', 'CreatedTimestamp', 'LastModifiedTimestamp');
    expect(after.CreatedTimestamp).toBe(before.CreatedTimestamp);
    expect(Number(after.LastModifiedTimestamp)).toBe(Number(before.LastModifiedTimestamp) + 5);
  });
});

describe('finding queues', () => {
  test('queues are listed by prefix, in pages', async () => {
    const { create, call } = openSqs();
    for (const name of ['b-1', 'a-2', 'a-1', 'a-3', 'a_4']) {
      await create(name);
    }
    const list = (input: object) => call('ListQueues', { ...input });
    expect(await list({ QueueNamePrefix: 'b' })).toEqual({ QueueUrls: [urlOf('b-1')] });
    expect(await list({ QueueNamePrefix: 'none' })).toEqual({});
    const first = await list({ QueueNamePrefix: 'a-', MaxResults: 2 });
    expect(first).toEqual({
      QueueUrls: [urlOf('a-1'), urlOf('a-2')],
      NextToken: expect.any(String),
    });
    const rest = { QueueNamePrefix: 'a-', MaxResults: 2, NextToken: first.NextToken };
    expect(await list(rest)).toEqual({ QueueUrls: [urlOf('a-3')] });
  });

  test('a queue of another account does not exist', async () => {
    const { create, refusal } = openSqs();
    await create('orders');
    const other = urlOf('orders').replace('000000000000', '111111111111');
    expect(await refusal('GetQueueAttributes', { QueueUrl: other })).toBe('QueueDoesNotExist');
    expect(
      await refusal('GetQueueUrl', { QueueName: 'orders', QueueOwnerAWSAccountId: '111111111111' }),
    ).toBe('QueueDoesNotExist');
  });

  test('a queue is found whatever the host of its URL is, and by its name alone', async () => {
    const { create, refusal } = openSqs();
    await create('orders');
    for (const QueueUrl of ['http://localhost:4566/000000000000/orders', 'orders']) {
      expect(await refusal('GetQueueAttributes', { QueueUrl })).toBe('none');
    }
    for (const QueueUrl of ['http://localhost:4566/orders', 'ftp://x/000000000000/orders', '?']) {
      expect(await refusal('GetQueueAttributes', { QueueUrl })).toBe('InvalidAddress');
    }
  });

  test('the sources of a dead-letter queue are listed', async () => {
    const { create, call } = openSqs();
    await create('dead');
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: arnOf('dead'),
      maxReceiveCount: 3,
    });
    for (const name of ['one', 'two']) {
      await create(name, { RedrivePolicy });
    }
    const list = () => call('ListDeadLetterSourceQueues', { QueueUrl: urlOf('dead') });
    expect(await list()).toEqual({ queueUrls: [urlOf('one'), urlOf('two')] });
    await call('SetQueueAttributes', { QueueUrl: urlOf('one'), Attributes: { RedrivePolicy: '' } });
    expect(await list()).toEqual({ queueUrls: [urlOf('two')] });
  });
});

describe('purging', () => {
  test('a purge deletes visible, delayed and in-flight messages, once a minute', async () => {
    const { create, call, send, receive, counts, clock, refusal } = openSqs();
    const QueueUrl = await create('orders');
    await send('orders', 'in flight');
    await receive('orders');
    await send('orders', 'visible');
    await send('orders', 'delayed', { DelaySeconds: 10 });
    expect(await counts('orders')).toEqual([1, 1, 1]);
    await call('PurgeQueue', { QueueUrl });
    expect(await counts('orders')).toEqual([0, 0, 0]);
    await clock.advance(59_999);
    expect(await refusal('PurgeQueue', { QueueUrl })).toBe('PurgeQueueInProgress');
    await clock.advance(1);
    expect(await refusal('PurgeQueue', { QueueUrl })).toBe('none');
  });
});

describe('tags', () => {
  test('tags are added, replaced and removed', async () => {
    const { call } = openSqs();
    const QueueUrl = urlOf('orders');
    await call('CreateQueue', { QueueName: 'orders', tags: { stage: 'dev' } });
    await call('TagQueue', { QueueUrl, Tags: { stage: 'prod', owner: '😀' } });
    expect(await call('ListQueueTags', { QueueUrl })).toEqual({
      Tags: { stage: 'prod', owner: '😀' },
    });
    await call('UntagQueue', { QueueUrl, TagKeys: ['stage', 'owner', 'unknown'] });
    expect(await call('ListQueueTags', { QueueUrl })).toEqual({});
  });

  test('a queue has at most 50 tags', async () => {
    const { create, refusal } = openSqs();
    const QueueUrl = await create('orders');
    const tags = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`key-${i}`, 'x']));
    expect(await refusal('TagQueue', { QueueUrl, Tags: tags(50) })).toBe('none');
    expect(await refusal('TagQueue', { QueueUrl, Tags: { more: 'x' } })).toBe(
      'InvalidParameterValueException',
    );
  });

  test('a tag may be called __proto__', async () => {
    const { create, call } = openSqs();
    const QueueUrl = await create('orders');
    await call('TagQueue', { QueueUrl, Tags: JSON.parse('{"__proto__":"harmless"}') });
    const { Tags } = await call('ListQueueTags', { QueueUrl });
    expect(JSON.stringify(Tags)).toBe('{"__proto__":"harmless"}');
  });
});
