import type { Bus, BusRule, Pipeline, Queue } from '../aws/pipeline.ts';
import { consumerOf, findEndQueues } from '../dead-letters/failure-queue.ts';
import { tailPrefix } from '../tail/tail-prefix.ts';
import { isTemporary } from './temporary-rule.ts';

/** A consumer: its queue, and the rules that fill it. */
export interface Consumer {
  readonly name: string;
  readonly queue: Queue;
  readonly bus: Bus;
  readonly rules: readonly BusRule[];
}

/** Thrown when a consumer is named that is not there; the command was called wrongly. */
export class UnknownConsumerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnknownConsumerError';
  }
}

/**
 * The consumer of this name, by its tag, or by the name of its queue or the end of that.
 *
 * @throws UnknownConsumerError when there is none, or more than one: lists them
 */
export function findConsumer(pipeline: Pipeline, name: string): Consumer {
  const consumers = listConsumers(pipeline);
  const ways: readonly ((consumer: Consumer) => boolean)[] = [
    (consumer) => consumer.name === name,
    ({ queue }) => [queue.name, queue.arn, queue.url].includes(name),
    ({ queue }) => queue.name.endsWith(`-${name}`),
  ];
  for (const isMeant of ways) {
    const [found, another] = consumers.filter(isMeant);
    if (found && !another) return found;
  }
  const names = consumers.map((consumer) => consumer.name).join(', ');
  throw new UnknownConsumerError(
    `There is no one consumer "${name}" with a queue of its own. There are: ${names || 'none'}.`,
  );
}

function listConsumers(pipeline: Pipeline): Consumer[] {
  const ends = new Set(findEndQueues(pipeline).map(({ arn }) => arn));
  return pipeline.queues
    .filter(({ arn }) => !ends.has(arn))
    .flatMap((queue) => {
      const rules = pipeline.rules.filter(
        (rule) =>
          rule.pattern !== undefined &&
          !isTemporary(rule) &&
          !rule.name.startsWith(tailPrefix) &&
          rule.targets.some(({ Arn }) => Arn === queue.arn),
      );
      const buses = pipeline.buses.filter(({ name }) => rules.some((r) => r.busName === name));
      const [bus, another] = buses;
      return bus && !another ? [{ name: consumerOf(queue), queue, bus, rules }] : [];
    });
}
