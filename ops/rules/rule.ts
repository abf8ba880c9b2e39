import { readFileSync } from 'node:fs';
import { queueTags } from '../../events/names.ts';
import { own } from '../../events/own.ts';
import { readArn } from '../aws/arn.ts';
import type { BusRule, Pipeline } from '../aws/pipeline.ts';
import { consumerOf, findFailureQueues } from '../dead-letters/failure-queue.ts';
import { isTemporary } from '../replay/temporary-rule.ts';
import { tailPrefix } from '../tail/tail-queue.ts';

/** A rule of a bus, a template or a file. */
export interface SubscribedRule {
  readonly name: string;
  /** The event pattern, as JSON. */
  readonly pattern: string;
  /** Its targets: names of consumers, else of queues, functions and other targets. */
  readonly listeners: readonly string[];
  readonly isEnabled: boolean;
  /** The catch-all rule for events that no consumer subscribes to. */
  readonly isCatchAll: boolean;
}

/**
 * Each archive has a rule of its own, which EventBridge manages (User Guide, "Archiving
 * events": managed rules are named `Events-Archive-<archive>`).
 */
const archiveRulePrefix = 'Events-Archive-';

/**
 * The rules of a pipeline's consumers. Excludes the temporary rules of commands, the rules of archives,
 * and schedules.
 */
export function rulesOfPipeline(pipeline: Pipeline): readonly SubscribedRule[] {
  const unrouted = findFailureQueues(pipeline).filter(({ role }) => role === 'unrouted');
  return pipeline.rules.flatMap((rule): SubscribedRule[] =>
    rule.pattern === undefined || isInternal(rule)
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

const isInternal = (rule: BusRule) =>
  isTemporary(rule) || rule.name.startsWith(tailPrefix) || rule.name.startsWith(archiveRulePrefix);

/** `queue`, of `arn:aws:sqs:…:queue`; for a queue that belongs to a consumer, the consumer. */
function nameListener(arn: string, { queues }: Pipeline): string {
  const queue = queues.find((each) => each.arn === arn);
  if (queue) {
    return consumerOf(queue);
  }
  const { resource = arn } = readArn(arn) ?? {};
  // An API destination's ARN ends in an id: api-destination/name/id.
  const [kind, name] = resource.split('/');
  return kind === 'api-destination' && name
    ? name
    : resource.replace(/^(function:|event-bus\/)/, '');
}

/**
 * The rules of a synthesized template, read from its file, without anything running or deployed.
 *
 * @throws if the file is not a template
 */
export function rulesOfTemplate(file: string): readonly SubscribedRule[] {
  const resources = own(JSON.parse(readFileSync(file, 'utf8')), 'Resources');
  if (typeof resources !== 'object' || resources === null) {
    throw new Error(
      `${file} is no CloudFormation template. One looks like cdk.out/WhatsAppEventFanout-dev.template.json.`,
    );
  }
  return Object.entries(resources).flatMap(
    ([id, resource]: [string, unknown]): SubscribedRule[] => {
      const pattern = own(resource, 'Properties', 'EventPattern');
      if (own(resource, 'Type') !== 'AWS::Events::Rule' || pattern === undefined) {
        return [];
      }
      const targets = own(resource, 'Properties', 'Targets');
      const arns = (Array.isArray(targets) ? targets : []).map((target) => own(target, 'Arn'));
      const queues = arns.map((arn) => own(resources, String(own(arn, 'Fn::GetAtt', '0') ?? '')));
      return [
        {
          name: id,
          pattern: JSON.stringify(pattern),
          listeners: arns.map((arn, index) => nameInTemplate(arn, queues[index])),
          isEnabled: own(resource, 'Properties', 'State') !== 'DISABLED',
          isCatchAll: queues.some((queue) => tagOf(queue, queueTags.role) === 'unrouted'),
        },
      ];
    },
  );
}

function nameInTemplate(arn: unknown, resource: unknown): string {
  const known = tagOf(resource, queueTags.consumer) ?? own(resource, 'Properties', 'QueueName');
  if (typeof known === 'string') {
    return known;
  }
  const logicalId = own(arn, 'Fn::GetAtt', '0');
  return typeof logicalId === 'string' ? logicalId : JSON.stringify(arn);
}

function tagOf(resource: unknown, name: string): unknown {
  const tags = own(resource, 'Properties', 'Tags');
  return own(
    Array.isArray(tags) ? tags.find((tag) => own(tag, 'Key') === name) : undefined,
    'Value',
  );
}
