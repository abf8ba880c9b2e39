import type { Clock } from '../../src/clock.ts';
import type { TargetPort } from '../../src/eventbridge/delivery/delivery.ts';
import { EventBridge } from '../../src/eventbridge/event-bridge.ts';
import { Sqs } from '../../src/sqs/sqs.ts';
import type { Store } from '../../src/store.ts';

const place = { region: 'eu-west-1', accountId: '123456789012' };
const queueArn = (name: string) => `arn:aws:sqs:eu-west-1:123456789012:${name}`;

/** EventBridge and SQS on one store: an event goes to queues `a` and `b`, and fails to reach `c`. */
export async function newPipeline(store: Store, clock: Clock) {
  const sqs = new Sqs({ store, clock, ...place, endpoint: 'http://127.0.0.1:4566' });
  const targets: TargetPort = {
    sendToQueue: (arn, { body, attributes = {}, groupId, traceHeader }) => {
      const messageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [
          name,
          { DataType: 'String', StringValue },
        ]),
      );
      sqs.sendToArn(arn, {
        body,
        messageAttributes,
        ...(groupId !== undefined && { groupId }),
        ...(traceHeader !== undefined && {
          systemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } },
        }),
      });
    },
    invokeFunction: async () => {},
  };
  const eventBridge = new EventBridge({ store, clock, ...place, targets });
  for (const QueueName of ['a', 'b', 'dead']) {
    await sqs.call('CreateQueue', { QueueName });
  }
  for (const name of ['a', 'b', 'c']) {
    await eventBridge.call('PutRule', { Name: name, EventPattern: '{"version":["0"]}' });
    const target = {
      Id: 't',
      Arn: queueArn(name),
      DeadLetterConfig: { Arn: queueArn('dead') },
      RetryPolicy: { MaximumRetryAttempts: 0 },
    };
    await eventBridge.call('PutTargets', { Rule: name, Targets: [target] });
  }
  eventBridge.start();
  return {
    eventBridge,
    sqs,
    async put(n: number): Promise<void> {
      const Entries = [
        { Source: 's', DetailType: 'd', Detail: `{"n":${n}}`, TraceHeader: `Root=${n}` },
      ];
      await eventBridge.call('PutEvents', { Entries });
    },
    /** The numbers of the events in a queue, sorted. */
    numbersIn(name: string): number[] {
      return sqs
        .peek(queueArn(name), 1_000_000)
        .map(({ body }) => JSON.parse(body).detail.n as number)
        .sort((x, y) => x - y);
    },
    async receive(name: string) {
      const { Messages } = await sqs.call('ReceiveMessage', {
        QueueUrl: sqs.urlOf(queueArn(name)),
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      });
      return Messages as readonly { readonly [name: string]: unknown }[] | undefined;
    },
  };
}
