import { Lazy } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { eventSource } from '../events/names.ts';
import type { FanoutBus } from './fanout-bus.ts';
import { createFailureQueue } from './queue.ts';

/** Props of {@link Unrouted}. */
export interface UnroutedProps {
  /** Name of the deployment. */
  readonly stage: string;
  /** The bus whose unrouted events are caught. */
  readonly bus: FanoutBus;
  /**
   * The detail-types that at least one consumer receives unconditionally. Called at synthesis, after all
   * consumers were added.
   */
  readonly subscribed: () => readonly string[];
}

/**
 * The catch-all rule. Events that no consumer subscribes to go to a queue; without such a rule EventBridge
 * discards them.
 */
export class Unrouted extends Construct {
  /** Holds the events that no consumer subscribes to. */
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { stage, bus, subscribed }: UnroutedProps) {
    super(scope, id);
    this.queue = createFailureQueue(this, 'Queue', {
      queueName: `whatsapp-${stage}-unrouted`,
      role: 'unrouted',
    });
    bus.addQueueRule(this, 'Rule', {
      ruleName: `whatsapp-${stage}-unrouted`,
      description: 'Events that no consumer subscribes to',
      pattern: Lazy.any({ produce: () => unroutedPattern(subscribed()) }) as unknown as object,
      queue: this.queue,
    });
  }
}

/** Matches events of other sources, and our events of types that no consumer subscribes to. */
export function unroutedPattern(subscribed: readonly string[]): object {
  // EventBridge does not accept an empty `anything-but`.
  if (subscribed.length === 0) {
    return { source: [{ exists: true }] };
  }
  return {
    $or: [
      { source: [{ 'anything-but': [eventSource] }] },
      {
        source: [eventSource],
        'detail-type': [{ 'anything-but': [...new Set(subscribed)].sort() }],
      },
    ],
  };
}
