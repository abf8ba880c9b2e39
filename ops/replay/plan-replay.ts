import { ListArchivesCommand } from '@aws-sdk/client-eventbridge';
import { describeUnknownName } from '../../events/nearest-name.ts';
import { own } from '../../events/own.ts';
import { readArn } from '../aws/arn.ts';
import type { AwsAccess } from '../aws/connect.ts';
import type { Bus, BusRule, Pipeline, Queue } from '../aws/pipeline.ts';
import { consumerOf, findFailureQueues } from '../dead-letters/failure-queue.ts';
import { sameSpelling } from '../event-filter.ts';
import { printable } from '../printable.ts';
import { tailPrefix } from '../tail/tail-queue.ts';
import { admitsRule, isTemporary, type TemporaryRule } from './temporary-rule.ts';

/** How a replay reaches one consumer and no other. */
export interface ReplayPlan {
  readonly name: string;
  /** ARNs of the rules that receive the replayed events; EventBridge sends them to no other rule. */
  readonly ruleArns: readonly string[];
  /** The rules among them that are created for this replay. */
  readonly temporary: readonly TemporaryRule[];
}

/**
 * Plans a replay. Without a filter, if the consumer's rule has no other target, the replay uses that rule.
 * Otherwise it uses a temporary rule that matches less and has the one target, because a replay can select
 * rules, but not events or targets.
 *
 * @throws when the filter cannot be combined with the consumer's rule, or when the policy of its queue would
 *   refuse events of a temporary rule
 */
export function planReplay(consumer: Consumer, filter: ReplayFilter, name: string): ReplayPlan {
  const isComplete = Object.values(filter).every((each) => each === undefined);
  const isExact = ({ targets, isEnabled }: BusRule) => isEnabled && targets.length === 1;
  if (isComplete && consumer.rules.every(isExact)) {
    return { name, ruleArns: consumer.rules.map(({ arn }) => arn), temporary: [] };
  }
  const temporary = consumer.rules.map((rule, index) =>
    makeTemporary(consumer, rule, filter, name, index),
  );
  return { name, ruleArns: temporary.map(({ arn }) => arn), temporary };
}

function makeTemporary(
  { queue, bus }: Consumer,
  rule: BusRule,
  filter: ReplayFilter,
  replayName: string,
  index: number,
): TemporaryRule {
  const name = index === 0 ? replayName : `${replayName}-${index + 1}`;
  // A rule's ARN ends in its name.
  const arn = `${rule.arn.slice(0, rule.arn.lastIndexOf('/') + 1)}${name}`;
  const target = rule.targets.find(({ Arn }) => Arn === queue.arn);
  if (!target) {
    throw new Error(`The rule ${rule.name} no longer sends to ${queue.name}.`);
  }
  if (!admitsRule(queue.attributes.Policy, arn)) {
    throw new Error(
      `The queue ${queue.name} accepts only events of its consumer's own rule, so that only all of them can be replayed: omit --type, --session and --chat, or allow the rule ${arn} in its policy.`,
    );
  }
  const pattern = narrowPattern(rule.pattern ?? '{}', filter, replayName);
  return { name, arn, busName: bus.name, pattern, target };
}

/** Which of a consumer's past events are replayed. A missing field does not restrict. */
export interface ReplayFilter {
  readonly types?: readonly string[];
  readonly sessions?: readonly string[];
  readonly chats?: readonly string[];
}

/** Maximum number of characters of an event pattern (EventBridge quotas). */
const maxPatternLength = 2_048;

/** A pattern, or a part of one. Untrusted. */
type Branch = { readonly [name: string]: unknown };

/**
 * The pattern for events of this replay that match both the consumer's own pattern and the filter. A pattern
 * has one list of conditions for each field: if the consumer's pattern already has one for a field of the
 * filter, both are combined, or this throws.
 *
 * @throws when the consumer receives nothing that the filter matches, or when both cannot be combined
 */
export function narrowPattern(pattern: string, filter: ReplayFilter, replayName: string): string {
  const { types, sessions, chats } = filter;
  let narrowed = JSON.parse(pattern) as Branch;
  // Only plain strings in the consumer's pattern can be compared with those of the filter.
  const typePath = isWords(narrowed['detail-type']) ? ['detail-type'] : ['detail', 'meta', 'type'];
  if (types) {
    narrowed = restrict(narrowed, typePath, types);
  }
  if (sessions) {
    narrowed = restrict(narrowed, ['detail', 'meta', 'session'], sessions);
  }
  if (chats) {
    narrowed = restrict(narrowed, ['detail', 'meta', 'chat'], chats.map(sameSpelling));
  }
  const text = JSON.stringify({ ...narrowed, 'replay-name': [replayName] });
  if (text.length <= maxPatternLength) {
    return text;
  }
  throw new Error(
    `The filter is too long for one rule (${text.length} of ${maxPatternLength} characters). Name fewer types, sessions or chats.`,
  );
}

function restrict(branch: Branch, path: readonly string[], wanted: readonly string[]): Branch {
  const [name = '', ...rest] = path;
  if (mentions(branch.$or, path.at(-1) ?? '')) {
    throw new Error(
      `The consumer's rule has alternatives ($or) for ${path.at(-1)}, which cannot be narrowed.`,
    );
  }
  const present = own(branch, name);
  if (rest.length > 0) {
    const inner = typeof present === 'object' && present !== null ? (present as Branch) : {};
    return { ...branch, [name]: restrict(inner, rest, wanted) };
  }
  if (present === undefined) {
    return { ...branch, [name]: wanted };
  }
  if (!isWords(present)) {
    throw new Error(
      `The consumer's rule has conditions of its own for ${name}, which cannot be narrowed.`,
    );
  }
  const both = present.filter((word) => wanted.includes(word));
  if (both.length > 0) {
    return { ...branch, [name]: both };
  }
  throw new Error(
    `The consumer receives none of ${wanted.join(', ')}. It receives: ${present.join(', ')}.`,
  );
}

const isWords = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const mentions = (alternatives: unknown, name: string) =>
  alternatives !== undefined && JSON.stringify(alternatives).includes(JSON.stringify(name));

/** A consumer: its queue, and the rules that fill it. */
export interface Consumer {
  readonly name: string;
  readonly queue: Queue;
  readonly bus: Bus;
  readonly rules: readonly BusRule[];
}

/** Thrown for an unknown name of a consumer: wrong usage of the command. */
export class UnknownConsumerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnknownConsumerError';
  }
}

/**
 * Finds a consumer by its tag, or by the name of its queue or the end of that name.
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
 * @throws when there is none, or when the choice is ambiguous
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
  if (given !== undefined) {
    throw new Error(describeUnknownName(`archive of ${bus.name}`, printable(given), names));
  }
  throw new Error(`Name one of the archives of ${bus.name} with --archive: ${names.join(', ')}.`);
}
