import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { SteppedClock } from '../../src/clock.ts';
import type { LocalRun } from '../../src/local-run.ts';
import { cleanUp, runTemplates, temporaryDirectory } from '../template/run-template.ts';

afterAll(cleanUp);

const hour = 3_600_000;
const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

/** A bus with a rule to an API destination that does not answer, and one to a queue. */
const Shop = {
  Resources: {
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
    Orders: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: 'orders',
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] },
          maxReceiveCount: 3,
        },
      },
    },
    Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
    Undeliverable: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'undeliverable' } },
    Connection: {
      Type: 'AWS::Events::Connection',
      Properties: {
        Name: 'partner',
        AuthorizationType: 'API_KEY',
        AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'x-key', ApiKeyValue: 'secret' } },
      },
    },
    Partner: {
      Type: 'AWS::Events::ApiDestination',
      Properties: {
        Name: 'partner',
        ConnectionArn: { 'Fn::GetAtt': ['Connection', 'Arn'] },
        HttpMethod: 'POST',
        // Port 9 (discard): no server listens there.
        InvocationEndpoint: 'http://127.0.0.1:9/orders',
      },
    },
    Archive: {
      Type: 'AWS::Events::Archive',
      Properties: {
        ArchiveName: 'orders',
        SourceArn: { 'Fn::GetAtt': ['Bus', 'Arn'] },
        RetentionDays: 1,
      },
    },
    ToPartner: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { source: ['shop'] },
        Targets: [
          {
            Id: 'Partner',
            Arn: { 'Fn::GetAtt': ['Partner', 'Arn'] },
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Undeliverable', 'Arn'] } },
          },
          { Id: 'Queue', Arn: { 'Fn::GetAtt': ['Orders', 'Arn'] } },
        ],
      },
    },
  },
};

const publish = (run: LocalRun) =>
  run.services.eventBridge.call('PutEvents', {
    Entries: [{ EventBusName: 'shop', Source: 'shop', DetailType: 'order', Detail: '{"id":1}' }],
  });

const archived = async (run: LocalRun) =>
  (await run.services.eventBridge.call('DescribeArchive', { ArchiveName: 'orders' })).EventCount;

/** Moves the clock in steps, and waits for requests, which take real time. */
async function pass(clock: SteppedClock, run: LocalRun, until: number): Promise<void> {
  while (clock.now() < until) {
    await clock.advance(10 * 60_000);
    // An attempt that this step has begun ends in real time.
    await run.services.eventBridge.settled();
  }
}

describe('a full run on a clock that a test moves', () => {
  test('a day of retries, visibility timeouts and archive retention take a moment', async () => {
    const clock = new SteppedClock();
    const start = clock.now();
    const dataDirectory = temporaryDirectory();
    const first = await runTemplates({ Shop }, { clock, dataDirectory });
    await publish(first);
    expect(await archived(first)).toBe(1);
    await pass(clock, first, start + 12 * hour);
    expect(first.services.eventBridge.pending()).toBe(1);
    expect(first.services.sqs.peek(arn('undeliverable'), 1)).toEqual([]);
    await first.close();

    // The second half after a restart.
    const run = await runTemplates({ Shop }, { clock, dataDirectory });
    expect(run.services.eventBridge.pending()).toBe(1);
    await pass(clock, run, start + 25 * hour);
    expect(run.services.eventBridge.pending()).toBe(0);
    const [deadLetter] = run.services.sqs.peek(arn('undeliverable'), 10);
    expect(deadLetter?.messageAttributes).toMatchObject({
      // 185 attempts or 24 hours: with the jitter either may come first.
      EXHAUSTED_RETRY_CONDITION: {
        StringValue: expect.stringMatching(/^(MaximumRetryAttempts|MaximumEventAgeInSeconds)$/),
      },
      RULE_ARN: { StringValue: expect.stringContaining('rule/shop/') },
    });
    expect(await archived(run)).toBe(0);

    // Received three times and never deleted, the message is dead-lettered at the fourth receive.
    const QueueUrl = run.services.sqs.urlOf(arn('orders'));
    for (let time = 0; time < 3; time += 1) {
      const { Messages } = await run.services.sqs.call('ReceiveMessage', { QueueUrl });
      expect(Messages).toHaveLength(1);
      await clock.advance(31_000);
    }
    expect((await run.services.sqs.call('ReceiveMessage', { QueueUrl })).Messages).toBeUndefined();
    expect(run.services.sqs.peek(arn('dead'), 10)).toHaveLength(1);
    await run.close();
  });
});

describe('--time-scale', () => {
  beforeEach(() => {
    jest.useFakeTimers({
      doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'performance'],
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('an hour passes in a second, and the clock does not go back at the next start', async () => {
    const dataDirectory = temporaryDirectory();
    const run = await runTemplates({ Shop }, { timeScale: 3600, dataDirectory });
    const { sqs } = run.services;
    const QueueUrl = sqs.urlOf(arn('orders'));
    await sqs.call('SendMessage', { QueueUrl, MessageBody: 'x', DelaySeconds: 900 });
    const receiving = sqs.call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
    await jest.advanceTimersByTimeAsync(10);
    expect((await receiving).Messages).toBe(undefined);
    await jest.advanceTimersByTimeAsync(250);
    await sqs.call('ReceiveMessage', { QueueUrl, VisibilityTimeout: 3600 });
    const [message] = sqs.peek(arn('orders'), 1);
    expect(message).toMatchObject({ state: 'inFlight', receiveCount: 1 });
    await run.close();

    const again = await runTemplates({ Shop }, { dataDirectory });
    const [kept] = again.services.sqs.peek(arn('orders'), 1);
    // Seen from the machine's clock, an hour and a quarter more would have to pass.
    expect((kept?.visibleAt ?? 0) - Date.now()).toBeGreaterThan(3600_000);
    await again.services.sqs.call('SendMessage', {
      QueueUrl: again.services.sqs.urlOf(arn('dead')),
      MessageBody: 'y',
    });
    const [fresh] = again.services.sqs.peek(arn('dead'), 1);
    expect((fresh?.sentAt ?? 0) - Date.now()).toBeGreaterThan(900_000);
    await again.close();
  });
});
