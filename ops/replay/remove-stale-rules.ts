import { DescribeReplayCommand } from '@aws-sdk/client-eventbridge';
import type { AwsAccess } from '../aws/connect.ts';
import { isMissing } from '../aws/explain-error.ts';
import type { BusRule, Pipeline } from '../aws/pipeline.ts';
import { readTemporary, removeRule } from './temporary-rule.ts';

/** A rule is made a little before its replay; until then it is somebody else's and wanted. */
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
    if (!(await isStale(access, rule, now))) continue;
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
  if (!temporary) return false;
  try {
    const { State } = await eventBridge.send(
      new DescribeReplayCommand({ ReplayName: temporary.replayName }),
    );
    return !active.has(State);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return now - temporary.madeAt > graceMs;
  }
}
