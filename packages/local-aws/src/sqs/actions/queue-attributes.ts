import type { JsonObject } from '../../aws-service.ts';
import type { Broker } from '../broker.ts';
import { isFifoName, type Queue } from '../queues/queue-addresses.ts';
import {
  allowsRedriveFrom,
  attributeOf,
  computedAttributes,
  mergeAttributes,
  millisecondsOf,
  queueAttributes,
  readAttributes,
  readRedriveAllowPolicy,
  readRedrivePolicy,
  refuseRedrivePolicy,
} from '../queues/queue-attributes.ts';
import { requiredString, stringEntries, stringList } from '../request.ts';
import { invalidAttributeName, missingParameter } from '../sqs-error.ts';

export function setQueueAttributes(broker: Broker, input: JsonObject): JsonObject {
  const url = requiredString(input, 'QueueUrl');
  const entries = stringEntries(input, 'Attributes');
  if (!Object.hasOwn(input, 'Attributes')) {
    throw missingParameter('Attributes');
  }
  broker.store.transaction(() => {
    const queue = broker.queues.byUrl(url);
    const given = readAttributes(entries, queue.fifo);
    checkRedrive(broker, queue.name, given);
    const attributes = mergeAttributes(queue.attributes, given);
    broker.queues.setAttributes(queue, attributes, broker.now());
    if (queue.fifo && given.has('DelaySeconds')) {
      broker.contents.delay(queue.id, millisecondsOf({ ...queue, attributes }, 'DelaySeconds'));
    }
    broker.receivers.wake(queue.id);
  });
  return {};
}

/** An attribute that the queue does not have is not in the response. */
export function getQueueAttributes(broker: Broker, input: JsonObject): JsonObject {
  const queue = broker.queues.byUrl(requiredString(input, 'QueueUrl'));
  const requested = stringList(input, 'AttributeNames');
  const unknown = requested.find((name) => name !== 'All' && !queueAttributes.has(name));
  if (unknown !== undefined) {
    throw invalidAttributeName(unknown);
  }
  const names = requested.includes('All') ? queueAttributes : new Set(requested);
  const computed = computedAttributes.some((name) => names.has(name))
    ? compute(broker, queue)
    : none;
  const attributes = [...names]
    .map((name) => [name, computed.get(name) ?? attributeOf(queue, name)] as const)
    .filter(([, value]) => value !== undefined);
  return attributes.length > 0 ? { Attributes: Object.fromEntries(attributes) } : {};
}

const none: ReadonlyMap<string, string> = new Map();

function compute(broker: Broker, queue: Queue): ReadonlyMap<string, string> {
  const now = broker.now();
  const counts = broker.store.transaction(() => {
    broker.contents.expire(queue, now);
    return broker.contents.count(queue.id, now);
  });
  const seconds = (milliseconds: number) => String(Math.floor(milliseconds / 1000));
  return new Map([
    ['QueueArn', queue.arn],
    ['CreatedTimestamp', seconds(queue.createdAt)],
    ['LastModifiedTimestamp', seconds(queue.modifiedAt)],
    ['ApproximateNumberOfMessages', String(counts.visible)],
    ['ApproximateNumberOfMessagesNotVisible', String(counts.inFlight)],
    ['ApproximateNumberOfMessagesDelayed', String(counts.delayed)],
  ]);
}

/** Checks the redrive policies that a request sets on the queue of this name. */
export function checkRedrive(
  broker: Broker,
  name: string,
  given: ReadonlyMap<string, string>,
): void {
  const allowPolicy = given.get('RedriveAllowPolicy');
  if (allowPolicy) {
    readRedriveAllowPolicy(allowPolicy);
  }
  const policy = given.get('RedrivePolicy');
  if (!policy) {
    return;
  }
  const target = broker.queues.findByArn(readRedrivePolicy(policy).deadLetterTargetArn);
  if (!target) {
    throw refuseRedrivePolicy(policy, 'Dead letter target does not exist.');
  }
  if (target.fifo !== isFifoName(name)) {
    throw refuseRedrivePolicy(
      policy,
      'Dead-letter queue must be same type of queue as the source.',
    );
  }
  const sourceArn = broker.addresses.arnOf(name);
  if (!allowsRedriveFrom(target.attributes.get('RedriveAllowPolicy'), sourceArn)) {
    throw refuseRedrivePolicy(
      policy,
      "The dead-letter queue's redrive allow policy does not allow this source queue.",
    );
  }
}
