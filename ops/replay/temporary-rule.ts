import {
  DeleteRuleCommand,
  DescribeReplayCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { replayRulePrefix } from '../../events/names.ts';
import type { AwsAccess } from '../aws/connect.ts';
import { isMissing } from '../aws/explain-error.ts';
import type { BusRule, Pipeline } from '../aws/pipeline.ts';

/** A temporary rule with one target. */
export interface TemporaryRule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  /** JSON. */
  readonly pattern: string;
  readonly target: Target;
}

const descriptionPattern = /^Made at (\S{20,30}) for the replay (\S{1,64})\. Goes away with it\.$/;

/** Whether a rule was created by a replay. */
export function isTemporary({ name }: Pick<BusRule, 'name'>): boolean {
  return name.startsWith(replayRulePrefix);
}

/** When a temporary rule was created, and its replay; undefined for any other rule. */
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
    throw new Error(`The rule ${name} got no target: ${failed.ErrorMessage}`);
  }
}

/** Removes a rule and its targets. Ignores one that is already deleted. */
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
 * Removes the rules of replays that have ended: a command that was killed, or did not wait, leaves its rule.
 * The rule matches nothing any more, but a bus can have at most 300 rules.
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
