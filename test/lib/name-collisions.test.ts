import { describe, expect, test } from '@jest/globals';
import { App, type Environment, Stack, Stage } from 'aws-cdk-lib';
import type { ConsumerRow } from '../../lib/consumer-row.ts';
import { WhatsAppEventBus } from '../../lib/event-bus.ts';
import { WhatsAppEventFanout } from '../../lib/fanout-stack.ts';

const row: ConsumerRow = { kind: 'queue', summary: 'Orders', categories: ['messages'] };

const newApp = () =>
  new App({
    context: { 'aws:cdk:bundling-stacks': [] },
    builtinCloudFormationValidation: false,
  });

/** A pipeline in a stack of its own. */
function addPipeline(app: App, id: string, stage: string, consumer: string, env?: Environment) {
  const stack = new Stack(app, id, env ? { env } : {});
  new WhatsAppEventFanout(stack, 'WhatsApp', {
    settings: { stage },
    consumers: { [consumer]: row },
  });
}

describe('two resources with one name in an account and region', () => {
  test('are refused: two pipelines of one stage', () => {
    const app = newApp();
    addPipeline(app, 'A', 'prod', 'orders');
    addPipeline(app, 'B', 'prod', 'crm');
    expect(() => app.synth()).toThrow(
      '2 resources (AWS::Events::EventBus) are named whatsapp-prod in aws://unknown-account/unknown-region: ' +
        'A/WhatsApp/EventBus/Bus/Resource, B/WhatsApp/EventBus/Bus/Resource.',
    );
  });

  test('are refused: consumers of two stages whose names together are the same', () => {
    const app = newApp();
    addPipeline(app, 'A', 'prod', 'eu-orders');
    addPipeline(app, 'B', 'prod-eu', 'orders');
    expect(() => app.synth()).toThrow(
      /2 resources \(AWS::SQS::Queue\) are named whatsapp-prod-eu-orders in .*: A\/.*, B\/.* Choose another stage or another name/,
    );
  });

  test.each(['queue', 'https', 'firehose', 'bus'] as const)(
    'are refused: one consumer of the kind %s that two lookups add',
    (kind) => {
      const app = newApp();
      const rest = {
        queue: {},
        https: { endpoint: 'https://example.com' },
        firehose: {},
        bus: { busArn: 'arn:aws:events:eu-west-1:123456789012:event-bus/other' },
      }[kind];
      for (const id of ['A', 'B']) {
        const bus = WhatsAppEventBus.lookup(new Stack(app, id), 'Bus', { stage: 'prod' });
        bus.addConsumer('orders', { ...row, kind, ...rest } as ConsumerRow);
      }
      expect(() => app.synth()).toThrow(/2 resources \(.*\) are named whatsapp-prod.*orders in /);
    },
  );

  test('are accepted in different accounts and regions, also of two stages of a CDK pipeline', () => {
    const app = newApp();
    addPipeline(app, 'A', 'prod', 'orders', { account: '123456789012', region: 'eu-west-1' });
    addPipeline(app, 'B', 'prod', 'orders', { account: '123456789012', region: 'eu-west-2' });
    const stage = new Stage(app, 'C', { env: { account: '210987654321', region: 'eu-west-1' } });
    new WhatsAppEventFanout(new Stack(stage, 'D'), 'WhatsApp', { settings: { stage: 'prod' } });
    expect(() => app.synth()).not.toThrow();
  });

  test('do not exist if a lookup adds a consumer with another name', () => {
    const app = newApp();
    addPipeline(app, 'A', 'prod', 'orders');
    const bus = WhatsAppEventBus.lookup(new Stack(app, 'B'), 'Bus', { stage: 'prod' });
    bus.addConsumer('crm', row);
    expect(() => app.synth()).not.toThrow();
  });
});
