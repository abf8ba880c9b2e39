import { readArn } from '../aws/arn.ts';
import type { BusRule, Pipeline } from '../aws/pipeline.ts';
import { consumerOf, findEndQueues } from '../dead-letters/failure-queue.ts';
import { isTemporary } from '../replay/temporary-rule.ts';
import { tailPrefix } from '../tail/tail-prefix.ts';
import type { HeardRule } from './rule.ts';

/**
 * Archives hear by a rule of their own, which EventBridge makes and keeps (User Guide, "Archiving
 * events": managed rules are named `Events-Archive-<archive>`).
 */
const archiveRulePrefix = 'Events-Archive-';

/**
 * The rules by which a pipeline's consumers hear. Not among them: rules that commands make for a
 * moment, those of archives, and those that run by schedule.
 */
export function rulesOfPipeline(pipeline: Pipeline): readonly HeardRule[] {
  const unrouted = findEndQueues(pipeline).filter(({ role }) => role === 'unrouted');
  return pipeline.rules.flatMap((rule): HeardRule[] =>
    rule.pattern === undefined || isPassing(rule)
      ? []
      : [
          {
            name: rule.name,
            pattern: rule.pattern,
            listeners: rule.targets.map(({ Arn }) => nameListener(Arn ?? '', pipeline)),
            isEnabled: rule.isEnabled,
            isCatchAll: rule.targets.some(({ Arn }) => unrouted.some(({ arn }) => arn === Arn)),
          },
        ],
  );
}

const isPassing = (rule: BusRule) =>
  isTemporary(rule) || rule.name.startsWith(tailPrefix) || rule.name.startsWith(archiveRulePrefix);

/** `queue`, of `arn:aws:sqs:…:queue`; for a queue that belongs to a consumer, the consumer. */
function nameListener(arn: string, { queues }: Pipeline): string {
  const queue = queues.find((each) => each.arn === arn);
  if (queue) return consumerOf(queue);
  const { resource = arn } = readArn(arn) ?? {};
  // An API destination's ARN ends in an id: api-destination/name/id.
  const [kind, name] = resource.split('/');
  return kind === 'api-destination' && name
    ? name
    : resource.replace(/^(function:|event-bus\/)/, '');
}
