import { ListArchivesCommand } from '@aws-sdk/client-eventbridge';
import { describeUnknownName } from '../../events/nearest-name.ts';
import { readArn } from '../aws/arn.ts';
import type { AwsAccess } from '../aws/connect.ts';
import type { Bus, BusRule, Pipeline, Queue } from '../aws/pipeline.ts';
import { consumerOf, findFailureQueues } from '../dead-letters/failure-queue.ts';
import { tailPrefix } from '../tail/tail-queue.ts';
import { isTemporary } from './temporary-rule.ts';

/** A consumer: its queue, and the rules that fill it. */
export interface Consumer {
  readonly name: string;
  readonly queue: Queue;
  readonly bus: Bus;
  readonly rules: readonly BusRule[];
}

/** Thrown for an unknown consumer: wrong usage of the command. */
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
  const schemes: readonly ((consumer: Consumer) => boolean)[] = [
    (consumer) => consumer.name === name,
    ({ queue }) => [queue.name, queue.arn, queue.url].includes(name),
    ({ queue }) => queue.name.endsWith(`-${name}`),
  ];
  for (const isMeant of schemes) {
    const [found, another] = consumers.filter(isMeant);
    if (found && !another) {
      return found;
    }
  }
  const names = consumers.map((consumer) => consumer.name);
  throw new UnknownConsumerError(
    describeUnknownName('consumer with a queue of its own', name, names),
  );
}

function listConsumers(pipeline: Pipeline): Consumer[] {
  const ends = new Set(findFailureQueues(pipeline).map(({ arn }) => arn));
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

/**
 * The ARN of a bus's archive: the named one, else the stack's own, else the only one.
 *
 * @throws if there is none, or if it is ambiguous
 */
export async function findArchive(
  { eventBridge }: Pick<AwsAccess, 'eventBridge'>,
  bus: Bus,
  { archives }: Pick<Pipeline, 'archives'>,
  given?: string,
): Promise<string> {
  const { Archives = [] } = await eventBridge.send(
    new ListArchivesCommand({ EventSourceArn: bus.arn }),
  );
  const names = Archives.flatMap(({ ArchiveName }) => ArchiveName ?? []);
  const own = names.filter((name) => archives.includes(name));
  const wanted = given === undefined ? own : names.filter((name) => name === given);
  const [only, another] = wanted.length > 0 || given !== undefined ? wanted : names;
  if (only !== undefined && another === undefined) {
    const { region, account } = readArn(bus.arn) ?? {};
    const partition = bus.arn.split(':')[1];
    return `arn:${partition}:events:${region}:${account}:archive/${only}`;
  }
  if (names.length === 0) {
    throw new Error(`The bus ${bus.name} has no archive, so that nothing can be replayed from it.`);
  }
  throw new Error(`Name one of the archives of ${bus.name} with --archive: ${names.join(', ')}.`);
}
