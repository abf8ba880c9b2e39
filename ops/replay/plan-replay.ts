import type { BusRule } from '../aws/pipeline.ts';
import { admitsRule } from './admits-rule.ts';
import type { Consumer } from './find-consumer.ts';
import { narrowPattern, type ReplayFilter } from './narrow-pattern.ts';
import type { TemporaryRule } from './temporary-rule.ts';

/** How a replay reaches one consumer and no other. */
export interface ReplayPlan {
  readonly name: string;
  /** ARNs of the rules that the replay is for; EventBridge shows it to no other. */
  readonly ruleArns: readonly string[];
  /** Those of them that are made for it. */
  readonly temporary: readonly TemporaryRule[];
}

/**
 * Plans a replay. Where all that the consumer hears is wanted and its rule has no other target, that
 * rule will do. Otherwise a rule is made that matches less and has the one target, because a replay
 * can choose among rules, but not among events or targets.
 *
 * @throws when the filter cannot be brought together with the consumer's rule, or when its queue
 *   would not take what a rule made for the replay sends
 */
export function planReplay(consumer: Consumer, filter: ReplayFilter, name: string): ReplayPlan {
  const isWhole = Object.values(filter).every((each) => each === undefined);
  const isExact = ({ targets, isEnabled }: BusRule) => isEnabled && targets.length === 1;
  if (isWhole && consumer.rules.every(isExact)) {
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
  if (!target) throw new Error(`The rule ${rule.name} does not send to ${queue.name} any more.`);
  if (!admitsRule(queue.attributes.Policy, arn)) {
    throw new Error(
      `The queue ${queue.name} takes only what its consumer's own rule sends, so that nothing less than all can be replayed: leave out --type, --session and --chat, or let its policy admit the rule ${arn}.`,
    );
  }
  const pattern = narrowPattern(rule.pattern ?? '{}', filter, replayName);
  return { name, arn, busName: bus.name, pattern, target };
}
