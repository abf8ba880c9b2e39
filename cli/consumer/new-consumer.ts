import { InvalidArgumentError } from 'commander';
import { eventSource } from '../../events/names.ts';
import type { EventPattern } from '../../events/pattern.ts';
import { checkConsumer } from '../../lib/check-consumer.ts';
import type { ConsumerKind, ConsumerRow } from '../../lib/consumer-row.ts';
import { type Subscription, subscribedTypes } from '../../lib/subscription.ts';

/** The kinds of consumers that the command can write; the rows of others need more settings. */
export const addableKinds = [
  'function',
  'queue',
  'https',
  'bus',
  'firehose',
] as const satisfies readonly ConsumerKind[];

/** The options of `fanout consumer add`. */
export interface AddOptions {
  readonly name: string;
  readonly type?: readonly string[];
  readonly category?: readonly string[];
  readonly to: (typeof addableKinds)[number];
  readonly endpoint?: string;
  readonly busArn?: string;
  readonly summary?: string;
  readonly dryRun?: boolean;
}

/** The options that a kind of consumer cannot be without. */
const required: Partial<Record<AddOptions['to'], readonly [string, 'endpoint' | 'busArn']>> = {
  https: ['--endpoint <url>', 'endpoint'],
  bus: ['--bus-arn <arn>', 'busArn'],
};

/** A new consumer, checked. */
export interface NewConsumer {
  readonly name: string;
  readonly row: ConsumerRow;
  /** Subscribed event types; empty if it subscribes to categories. */
  readonly types: readonly string[];
  readonly categories: readonly string[];
}

/**
 * Validates the options with the same checks as `cdk synth`.
 *
 * @throws InvalidArgumentError for the first problem: says what is wrong, the bad value, and what is allowed
 */
export function readNewConsumer(options: AddOptions): NewConsumer {
  const { name, type = [], category = [], to: kind, endpoint, busArn } = options;
  const types = [...new Set(type)];
  const categories = [...new Set(category)];
  if (types.length === 0 && categories.length === 0) {
    throw new InvalidArgumentError('Give --type or --category: what the consumer subscribes to.');
  }
  if (types.length > 0 && categories.length > 0) {
    throw new InvalidArgumentError('Give either --type or --category, not both.');
  }
  const [option, value] = required[kind] ?? [];
  if (option !== undefined && value !== undefined && options[value] === undefined) {
    throw new InvalidArgumentError(`Give ${option}: --to ${kind} needs it.`);
  }
  const known = subscribedTypes({ pattern: { source: [eventSource] } });
  const unknown = types.filter((each) => !known.includes(each));
  if (unknown.length > 0) {
    throw new InvalidArgumentError(
      `There is no event type ${unknown.map((each) => `"${each}"`).join(', ')}. There are: ${known.join(', ')}.`,
    );
  }
  const { summary = `Subscribes to ${[...types, ...categories].join(', ')}` } = options;
  const row = {
    kind,
    summary,
    ...subscription(types, categories),
    ...(endpoint !== undefined && { endpoint }),
    ...(busArn !== undefined && { busArn }),
  } as ConsumerRow;
  try {
    checkConsumer(name, row);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
  return { name, row, types, categories };
}

function subscription(types: readonly string[], categories: readonly string[]): Subscription {
  if (types.length === 0) {
    return { categories: categories as Subscription['categories'] };
  }
  return { pattern: { source: [eventSource], 'detail-type': [...types] } as EventPattern };
}
