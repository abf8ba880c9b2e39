import { messageAttributes } from '../../events/names.ts';
import type { Pipeline } from '../aws/pipeline.ts';
import { attributeText } from './attribute-text.ts';
import type { Letter } from './dead-letter-message.ts';
import { type Destination, stays } from './destination.ts';
import { consumerOf, type EndQueue } from './failure-queue.ts';
import { planForBus } from './plan-for-bus.ts';
import { planForTarget } from './plan-for-target.ts';
import { withoutReason, writeQueueEntry } from './write-queue-entry.ts';

/**
 * Where a letter of an end queue belongs, and nowhere else: a dead letter to its consumer's queue,
 * what could not be delivered to the one target that failed, what no rule matched and what the bus
 * refused to the bus.
 */
export function planRedrive(letter: Letter, end: EndQueue, pipeline: Pipeline): Destination {
  switch (end.role) {
    case 'dead-letters':
      // Some use one queue for both; EventBridge's attributes tell what it put there.
      return letter.failure.targetArn !== undefined &&
        letter.system.DeadLetterQueueSourceArn === undefined
        ? planForTarget(letter, pipeline)
        : planForConsumer(letter, end);
    case 'undeliverable':
      return planForTarget(letter, pipeline);
    case 'unrouted':
    case 'spill':
      return planForBus(letter, end);
  }
}

/**
 * Tells the consumer that a person has sent this on: an idempotent consumer then does an event that a
 * killed function had begun, which it would otherwise hold to be in doubt.
 */
const redriven = { DataType: 'String', StringValue: 'dlq' };

function planForConsumer(letter: Letter, { sources }: EndQueue): Destination {
  const { DeadLetterQueueSourceArn: sourceArn } = letter.system;
  const consumer = attributeText(letter.attributes, messageAttributes.consumer);
  const named = sources.filter((queue) =>
    sourceArn === undefined ? consumerOf(queue) === consumer : queue.arn === sourceArn,
  );
  const [queue, another] = named.length > 0 ? named : sourceArn === undefined ? sources : [];
  if (queue === undefined)
    return stays('no queue names this one as its dead-letter queue any more');
  if (another)
    return stays('several queues send their dead letters here, and it does not say which');
  const attributes = { ...withoutReason(letter.attributes), [messageAttributes.redrive]: redriven };
  return {
    kind: 'queue',
    name: queue.name,
    url: queue.url,
    entry: writeQueueEntry(letter, queue, { body: letter.body, attributes }),
  };
}
