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

/** A rule that exists for a limited time and sends to one target. */
export interface TemporaryRule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  /** JSON. */
  readonly pattern: string;
  readonly target: Target;
}

const descriptionPattern = /^Made at (\S{20,30}) for the replay (\S{1,64})\. Goes away with it\.$/;

/** Whether a rule was created for a replay. */
export function isTemporary({ name }: Pick<BusRule, 'name'>): boolean {
  return name.startsWith(replayRulePrefix);
}

/** When a temporary rule was created and for which replay; undefined for any other rule. */
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

/** Creates the rule with its target. */
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
    throw new Error(`The rule ${name} could not be given its target: ${failed.ErrorMessage}`);
  }
}

/** Deletes a rule and its targets. A rule that does not exist is no error. */
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

/** Minimum age of a leftover rule in milliseconds: a rule is created shortly before its replay. */
const graceMs = 10 * 60_000;

const active: ReadonlySet<string | undefined> = new Set(['STARTING', 'RUNNING', 'CANCELLING']);

/**
 * Removes rules of replays that have ended: a command that is killed, or does not wait, leaves its rule
 * behind. The rule matches nothing any more, but counts towards the limit of 300 rules per bus.
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
 * Whether a queue's policy allows a rule to send to it. Evaluates the usual conditions; a statement with any
 * other condition counts as not matching, because events that the queue refuses would be lost.
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

/**
 * Matches the wildcards `*` (any characters) and `?` (one character). Not a regular expression, because an
 * untrusted pattern could make it run very long.
 */
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
