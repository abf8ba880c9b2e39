import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { WhatsAppEventBus } from '../../lib/event-bus.ts';
import { messagesIn, publish, runBesideBus } from '../examples/run-example.ts';

const busArn = 'arn:aws:events:us-east-1:000000000000:event-bus/other';
let run: LocalRun;

beforeAll(async () => {
  run = await runBesideBus((app) => {
    const stack = new Stack(app, 'Kinds');
    const other = new EventBus(stack, 'Other', { eventBusName: 'other' });
    new Rule(stack, 'Everything', {
      eventBus: other,
      eventPattern: { source: ['whatsapp'] },
      targets: [new SqsQueue(new Queue(stack, 'Far', { queueName: 'far' }))],
    });
    const bus = WhatsAppEventBus.lookup(stack, 'Bus', {});
    const categories = ['calls'] as const;
    bus.addConsumer('copy', { kind: 'bus', summary: 'Copies', categories, busArn });
    bus.addConsumer('lake', { kind: 'firehose', summary: 'Files', categories });
    bus.addConsumer('own', {
      kind: 'target',
      summary: 'Own',
      categories,
      target: new SqsQueue(new Queue(stack, 'Own', { queueName: 'own' })),
    });
    return stack;
  });
});

afterAll(async () => {
  await run?.close();
});

test('another bus, and a custom target, receive the events of their subscriptions', async () => {
  const { meta } = await publish(run, 'call.received');
  await publish(run, 'poll.vote');
  for (const queue of ['far', 'own']) {
    const ids = (await messagesIn(run, queue)).map(({ Body }) => JSON.parse(Body).detail.meta.id);
    expect([queue, ids]).toEqual([queue, [meta.id]]);
  }
});

test('Firehose is skipped by its metadata, and no event is undeliverable', async () => {
  const ignored = run.stacks.find(({ name }) => name === 'Kinds')?.ignored;
  expect([...(ignored?.keys() ?? [])]).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^AWS::KinesisFirehose::DeliveryStream \(\w+\)$/),
      expect.stringMatching(/^AWS::Logs::LogStream \(\w+\)$/),
    ]),
  );
  expect(await messagesIn(run, 'whatsapp-dev-undeliverable')).toEqual([]);
});
