import { Lazy } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { eventSource } from '../events/event-source.ts';
import type { WhatsAppEventBus } from './event-bus.ts';
import { createEndQueue } from './queue.ts';

/** Props of {@link Unrouted}. */
export interface UnroutedProps {
  readonly stage: string;
  readonly bus: WhatsAppEventBus;
  /** Every detail-type that some consumer always hears; asked when all consumers are there. */
  readonly heard: () => readonly string[];
}

/**
 * The catch-all: what no consumer's rule matches goes to a queue instead of vanishing, as it would
 * on a bus without such a rule.
 */
export class Unrouted extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { stage, bus, heard }: UnroutedProps) {
    super(scope, id);
    this.queue = createEndQueue(this, 'Queue', {
      queueName: `whatsapp-${stage}-unrouted`,
      role: 'unrouted',
    });
    bus.addQueueRule(this, 'Rule', {
      description: 'What no consumer hears',
      pattern: Lazy.any({ produce: () => unheardPattern(heard()) }) as unknown as object,
      queue: this.queue,
    });
  }
}

/** Matches what is not ours, and what is ours but heard by no consumer. */
export function unheardPattern(heard: readonly string[]): object {
  // EventBridge does not take a list of exceptions without any.
  if (heard.length === 0) return { source: [{ exists: true }] };
  return {
    $or: [
      { source: [{ 'anything-but': [eventSource] }] },
      { source: [eventSource], 'detail-type': [{ 'anything-but': [...new Set(heard)].sort() }] },
    ],
  };
}
