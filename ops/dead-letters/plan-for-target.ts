import type { Target } from '@aws-sdk/client-eventbridge';
import { inputFor } from '@event-fanout/event-pattern';
import { readArn } from '../aws/arn.ts';
import type { BusRule, Pipeline } from '../aws/pipeline.ts';
import type { Letter } from './dead-letter-message.ts';
import { type Destination, stays } from './destination.ts';
import { writeQueueEntry } from './write-queue-entry.ts';

/** The only thing of an event that its dead letter does not keep. */
const ingestionTime = 'aws.events.event.ingestion-time';

/**
 * For what EventBridge could not deliver: the target that failed, with the input that its rule makes
 * of the event. The attributes only say which target; what is sent and where to is read from the
 * rule itself, so that a forged message reaches nothing that no rule of the stack's buses targets.
 */
export function planForTarget(letter: Letter, pipeline: Pipeline): Destination {
  const { ruleArn, targetArn } = letter.failure;
  if (ruleArn === undefined || targetArn === undefined) {
    return stays('it does not say which rule and target failed (RULE_ARN, TARGET_ARN)');
  }
  const found = findTarget(ruleArn, targetArn, pipeline.rules);
  if (typeof found === 'string') return stays(found);
  const { target, rule } = found;
  const kind = readArn(targetArn)?.service;
  if (kind !== 'sqs') {
    return stays(`its target is no queue but ${kind ?? 'unknown'}; only queues are sent to`);
  }
  const queue = pipeline.queues.find(({ arn }) => arn === targetArn);
  if (!queue) return stays(`the queue ${readArn(targetArn)?.resource} does not exist`);
  if (target.InputTransformer?.InputTemplate?.includes(ingestionTime)) {
    return stays(`its target's input needs ${ingestionTime}, which a dead letter does not keep`);
  }
  try {
    const body = inputFor(inputOf(target), {
      text: letter.body,
      ruleArn: rule.arn,
      ruleName: rule.name,
      acceptedAt: 0,
    });
    const groupId = target.SqsParameters?.MessageGroupId;
    const entry = writeQueueEntry(letter, queue, { body, groupId });
    return { kind: 'queue', name: queue.name, url: queue.url, entry };
  } catch {
    return stays("its target's input cannot be made of it");
  }
}

/**
 * The target as its rule has it. A rule that is gone, because it was renamed or was made for one
 * replay, is stood in for by another rule of the same bus with that target.
 */
function findTarget(
  ruleArn: string,
  targetArn: string,
  rules: readonly BusRule[],
): { readonly rule: BusRule; readonly target: Target } | string {
  const own = rules.filter(({ arn }) => arn === ruleArn);
  const candidates = own.length > 0 ? own : rules.filter((rule) => isOnSameBus(rule, ruleArn));
  const found = candidates.flatMap((rule) =>
    rule.targets.filter(({ Arn }) => Arn === targetArn).map((target) => ({ rule, target })),
  );
  const [first] = found;
  if (!first) return 'no rule on the bus has its target any more';
  const inputs = new Set(found.map(({ target }) => JSON.stringify(inputOf(target))));
  return inputs.size === 1 ? first : 'its target has several inputs, and it does not say which';
}

const isOnSameBus = ({ arn }: BusRule, ruleArn: string) =>
  arn.slice(0, arn.lastIndexOf('/')) === ruleArn.slice(0, ruleArn.lastIndexOf('/'));

function inputOf({ Arn = '', Input, InputPath, InputTransformer }: Target) {
  const transformer = InputTransformer && {
    InputTemplate: InputTransformer.InputTemplate ?? '',
    InputPathsMap: InputTransformer.InputPathsMap ?? {},
  };
  return { Id: '', Arn, Input, InputPath, InputTransformer: transformer };
}
