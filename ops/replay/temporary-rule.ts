import {
  DeleteRuleCommand,
  DescribeReplayCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { replayRulePrefix } from '../../events/names.ts';
import { own } from '../../events/own.ts';
import type { AwsAccess } from '../aws/connect.ts';
import { isMissing } from '../aws/explain-error.ts';
import type { BusRule, Pipeline } from '../aws/pipeline.ts';

/** A rule that is there for a while and sends to one target. */
export interface TemporaryRule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  /** JSON. */
  readonly pattern: string;
  readonly target: Target;
}

const descriptionPattern = /^Made at (\S{20,30}) for the replay (\S{1,64})\. Goes away with it\.$/;

/** Made by a replay, and for nothing else. */
export function isTemporary({ name }: Pick<BusRule, 'name'>): boolean {
  return name.startsWith(replayRulePrefix);
}

/** When a temporary rule was made and for which replay; undefined for any other rule. */
function readTemporary(
  rule: BusRule,
): { readonly madeAt: number; readonly replayName: string } | undefined {
  if (!isTemporary(rule)) {
    return undefined;
  }
  const [, madeAt = '', replayName = ''] = descriptionPattern.exec(rule.description ?? '') ?? [];
  return replayName ? { madeAt: Date.parse(madeAt), replayName } : undefined;
}

/** The rule's description, which names its replay; parsed by {@link readTemporary}. */
export const describeTemporary = (replayName: string) =>
  `Made at ${new Date().toISOString()} for the replay ${replayName}. Goes away with it.`;

/** Makes the rule with its target. */
export async function createRule(
  { eventBridge }: Pick<AwsAccess, 'eventBridge'>,
  { name, busName, pattern, target }: TemporaryRule,
  description: string,
): Promise<void> {
  await eventBridge.send(
    new PutRuleCommand({
      Name: name,
      EventBusName: busName,
      EventPattern: pattern,
      Description: description,
    }),
  );
  const { FailedEntries = [] } = await eventBridge.send(
    new PutTargetsCommand({ Rule: name, EventBusName: busName, Targets: [target] }),
  );
  const [failed] = FailedEntries;
  if (failed) {
    throw new Error(`The rule ${name} got no target: ${failed.ErrorMessage}`);
  }
}

/** Removes a rule and its targets; one that is gone already is as good. */
export async function removeRule(
  { eventBridge }: Pick<AwsAccess, 'eventBridge'>,
  { name, busName }: { readonly name: string; readonly busName: string },
  targetIds: readonly string[],
): Promise<void> {
  try {
    if (targetIds.length > 0) {
      await eventBridge.send(
        new RemoveTargetsCommand({ Rule: name, EventBusName: busName, Ids: [...targetIds] }),
      );
    }
    await eventBridge.send(new DeleteRuleCommand({ Name: name, EventBusName: busName }));
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
  }
}

/** A rule is created shortly before its replay; a younger rule is not removed as a leftover. */
const graceMs = 10 * 60_000;

const active: ReadonlySet<string | undefined> = new Set(['STARTING', 'RUNNING', 'CANCELLING']);

/**
 * Removes rules that were made for a replay that has ended: a command that is killed, or does not
 * wait, leaves its rule behind. It matches nothing any more, but a bus has room for 300 rules.
 */
export async function removeStaleRules(
  access: Pick<AwsAccess, 'eventBridge'>,
  { rules }: Pipeline,
  now = Date.now(),
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const rule of rules) {
    if (!(await isStale(access, rule, now))) {
      continue;
    }
    const targetIds = rule.targets.flatMap(({ Id }) => Id ?? []);
    await removeRule(access, rule, targetIds);
    removed.push(rule.name);
  }
  return removed;
}

async function isStale(
  { eventBridge }: Pick<AwsAccess, 'eventBridge'>,
  rule: BusRule,
  now: number,
): Promise<boolean> {
  const temporary = readTemporary(rule);
  if (!temporary) {
    return false;
  }
  try {
    const { State } = await eventBridge.send(
      new DescribeReplayCommand({ ReplayName: temporary.replayName }),
    );
    return !active.has(State);
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
    return now - temporary.madeAt > graceMs;
  }
}

/**
 * Whether a queue's policy lets a rule send to it. Knows what such policies are made of; a statement
 * with any other condition counts as none, since a replay must not send into the void.
 *
 * @param policy the queue attribute `Policy`, JSON; without one only a local run lets rules send
 */
export function admitsRule(policy: string | undefined, ruleArn: string): boolean {
  if (policy === undefined || policy === '') {
    return true;
  }
  let statements: unknown;
  try {
    statements = own(JSON.parse(policy), 'Statement');
  } catch {
    return false;
  }
  return listOf(statements).some(
    (statement) =>
      own(statement, 'Effect') === 'Allow' &&
      namesEventBridge(own(statement, 'Principal')) &&
      listOf(own(statement, 'Action')).some(isSending) &&
      conditionsHold(own(statement, 'Condition'), ruleArn),
  );
}

function namesEventBridge(principal: unknown): boolean {
  if (principal === '*' || own(principal, 'AWS') === '*') {
    return true;
  }
  return listOf(own(principal, 'Service')).includes('events.amazonaws.com');
}

const isSending = (action: unknown) =>
  typeof action === 'string' && /^(\*|sqs:(\*|send\*|sendmessage))$/i.test(action);

/** The condition operators that compare an ARN; ArnEquals takes wildcards too (IAM, "ARN condition operators"). */
const comparesWithWildcards: ReadonlyMap<string, boolean> = new Map([
  ['ArnEquals', true],
  ['ArnLike', true],
  ['StringLike', true],
  ['StringEquals', false],
]);

function conditionsHold(condition: unknown, ruleArn: string): boolean {
  if (condition === undefined) {
    return true;
  }
  return Object.entries(condition ?? {}).every(([operator, keys]) => {
    const wildcards = comparesWithWildcards.get(operator);
    if (wildcards === undefined) {
      return false;
    }
    return Object.entries(keys ?? {}).every(([key, values]) => {
      if (key.toLowerCase() === 'aws:sourceaccount') {
        return listOf(values).includes(ruleArn.split(':')[4]);
      }
      if (key.toLowerCase() !== 'aws:sourcearn') {
        return false;
      }
      return listOf(values).some((value) =>
        wildcards ? isLike(String(value), ruleArn) : value === ruleArn,
      );
    });
  });
}

/** `*` stands for any characters, `?` for one. Without a regular expression, which could be made to hang. */
function isLike(pattern: string, text: string): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const wanted = pattern[from];
    if (wanted === '*') {
      star = from++;
      resume = at;
    } else if (wanted === '?' || wanted === text[at]) {
      from += 1;
      at += 1;
    } else if (star >= 0) {
      from = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[from] === '*') {
    from += 1;
  }
  return from === pattern.length;
}

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
