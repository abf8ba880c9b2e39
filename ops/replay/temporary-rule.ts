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
