import type { Broker } from '../broker.ts';
import { isFifoName } from '../queues/queue-addresses.ts';
import {
  allowsRedriveFrom,
  readRedriveAllowPolicy,
  readRedrivePolicy,
  refuseRedrivePolicy,
} from '../queues/redrive-policy.ts';

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
