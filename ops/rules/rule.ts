import { readFileSync } from 'node:fs';
import {
  type CompiledPattern,
  compilePattern,
  explainMatch,
  type Leaf,
  type LeafFailure,
  matches,
} from '@event-fanout/event-pattern';
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
  /** Names of the consumers that it delivers to, else of queues, functions and other targets. */
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

/** The consumer of a queue, else the resource name in the ARN: `queue` of `arn:aws:sqs:…:queue`. */
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
 * The rules of a synthesized template, read from its file.
 *
 * @throws when the file is not a template
 */
export function rulesOfTemplate(file: string): readonly SubscribedRule[] {
  const text = readFileSync(file, 'utf8');
  let resources: unknown;
  try {
    resources = own(JSON.parse(text), 'Resources');
  } catch {
    // Not JSON, as below.
  }
  if (typeof resources !== 'object' || resources === null) {
    throw new Error(
      `${file} is not a CloudFormation template, such as cdk.out/WhatsAppEventFanout-dev.template.json.`,
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

/** Result of matching an event against one rule. */
export interface RuleExplanation {
  readonly rule: SubscribedRule;
  readonly matches: boolean;
  /** The failed fields of the nearest `$or` branch; empty when the pattern matches. */
  readonly failures: readonly LeafFailure[];
  /** Number of fields in this branch, failed or not. */
  readonly fields: number;
}

/**
 * Matches an event against each rule: matching rules first, then the others, nearest first. The nearest
 * rule has the fewest failed fields and, among equals, the most fields.
 *
 * @param event JSON text, or parsed
 * @throws InvalidEventPattern for a pattern that EventBridge would refuse
 */
export function explainRules(
  rules: readonly SubscribedRule[],
  event: unknown,
): readonly RuleExplanation[] {
  return rules
    .map((rule): RuleExplanation => {
      const pattern = compilePattern(rule.pattern);
      const { matches, failures } = explainMatch(pattern, event);
      const fields = Math.max(...pattern.branches.map((branch) => branch.length));
      return { rule, matches, failures, fields };
    })
    .sort(
      (a, b) =>
        Number(b.matches) - Number(a.matches) ||
        a.failures.length - b.failures.length ||
        b.fields - a.fields,
    );
}

/** A rule's conditions besides the type: one list for each `$or` branch of the pattern. */
export interface Subscription {
  /** Whether the rule matches every event of the type. */
  readonly always: boolean;
  /** Otherwise, the further conditions: all conditions of at least one list must match. */
  readonly conditions: readonly (readonly Condition[])[];
}

/** A field, and the values that the pattern allows for it. */
export interface Condition {
  readonly path: string;
  /** Compact JSON. */
  readonly expected: string;
}

/** Fields that are the same for all events of a type. */
const fixedFields: ReadonlySet<string> = new Set([
  'source',
  'detail-type',
  'detail.meta.type',
  'detail.meta.category',
]);

/**
 * The conditions under which a rule matches events of a type; undefined when it never does.
 *
 * @param example a parsed event of the type; only the fields that are the same for all events of the type are
 *   used
 */
export function subscriptionOf(pattern: string, example: object): Subscription | undefined {
  const compiled = compilePattern(pattern);
  const open = compiled.branches
    .filter((branch) => matches(partOf(compiled, branch.filter(isFixed)), example))
    .map((branch) => branch.filter((leaf) => !isFixed(leaf)));
  if (open.length === 0) {
    return undefined;
  }
  if (open.some((leaves) => leaves.length === 0)) {
    return { always: true, conditions: [] };
  }
  const conditions = open.map((leaves) => leaves.map(({ path, expected }) => ({ path, expected })));
  return { always: false, conditions };
}

const isFixed = ({ path }: Leaf) => fixedFields.has(path);

const partOf = ({ text, readsNumbers }: CompiledPattern, leaves: readonly Leaf[]) => ({
  text,
  readsNumbers,
  branches: [leaves],
});
