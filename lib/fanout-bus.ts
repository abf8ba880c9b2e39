import { type Duration, Names, Stack } from 'aws-cdk-lib';
import {
  type CfnRule,
  type EventBus,
  type IEventBus,
  type IRuleTarget,
  Rule,
} from 'aws-cdk-lib/aws-events';
import {
  AccountPrincipal,
  AnyPrincipal,
  Effect,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { busNameOf, eventSource } from '../events/names.ts';
import { refuseNameCollisions } from './name-collisions.ts';

/** A bus that rules are added to. It is created by this app, or looked up. */
export abstract class FanoutBus extends Construct {
  /** Name of the deployment that the bus belongs to. */
  abstract readonly stage: string;
  /** The bus itself. */
  abstract readonly bus: IEventBus;
  /**
   * Where EventBridge puts an event when it cannot deliver it to a target, with the rule, the target and the
   * error as message attributes (EventBridge User Guide, "Using dead-letter queues to process
   * undelivered events").
   */
  abstract readonly undeliverable: IQueue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    refuseNameCollisions(this);
  }

  /** Adds a rule that sends matching events to a target. */
  addRule(scope: Construct, id: string, { target, ...props }: TargetRule): Rule {
    const { pattern, description, ruleName = generatedName(scope, id) } = props;
    const rule = new Rule(scope, id, {
      eventBus: this.bus,
      ruleName,
      description,
      // Replaced below: CDK's type of a pattern has no $or and other field names.
      eventPattern: { source: [eventSource] },
      targets: [target],
    });
    const resource = rule.node.defaultChild as CfnRule;
    resource.eventPattern = pattern;
    resource.eventBusName = busNameOf(this.stage);
    rule.node.addDependency(this.bus);
    return rule;
  }

  /**
   * Adds a rule that sends matching events to a queue. Events that cannot be delivered go to the
   * undeliverable queue. The queue's policy names the rule and exists before it, since EventBridge does not
   * retry when it lacks a permission (User Guide, "Using dead-letter queues to process undelivered events").
   */
  addQueueRule(scope: Construct, id: string, { queue, delivery, ...props }: QueueRule): Rule {
    const { ruleName = generatedName(scope, id) } = props;
    queue.addToResourcePolicy(this.admitting(queue, ruleName));
    queue.encryptionMasterKey?.grantEncryptDecrypt(new ServicePrincipal('events.amazonaws.com'));
    const target = withDelivery(
      { bind: () => ({ arn: queue.queueArn, targetResource: queue }) },
      { deadLetterQueue: this.undeliverable, ...delivery },
    );
    const rule = this.addRule(scope, id, { ...props, ruleName, target });
    rule.node.addDependency(queue, this.undeliverable);
    return rule;
  }

  /**
   * A statement for a queue's policy that allows rules of the bus to send.
   *
   * @param names names of the rules; `*` matches anything
   */
  admitting(queue: IQueue, names: string): PolicyStatement {
    const resource = `rule/${busNameOf(this.stage)}/${names}`;
    return new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: {
        ArnLike: { 'aws:SourceArn': Stack.of(this).formatArn({ service: 'events', resource }) },
      },
    });
  }
}

/** A generated rule name that is known at synth time, unlike one that CloudFormation generates. */
const generatedName = (scope: Construct, id: string) =>
  `${Names.uniqueResourceName(scope, { maxLength: 40, separator: '-' })}-${id}`.slice(0, 64);

/** A rule of the bus. */
interface BusRule {
  /** The event pattern in EventBridge's own form: `detail-type`, not `detailType`. */
  readonly pattern: object;
  /** What the rule is for, in one sentence. */
  readonly description: string;
  /** Name of the rule. @default - generated from the construct's path */
  readonly ruleName?: string;
}

/** A rule from the bus to a target. */
export interface TargetRule extends BusRule {
  /** The target of matching events. */
  readonly target: IRuleTarget;
}

/** A rule from the bus to a queue. */
export interface QueueRule extends BusRule {
  /** The target of matching events. */
  readonly queue: IQueue;
  /** Retry policy and dead-letter queue. @default - EventBridge's default: 185 retries in 24 hours */
  readonly delivery?: Delivery;
}

/** Retry policy and dead-letter queue of a target. */
export interface Delivery {
  /** The queue for events that cannot be delivered. */
  readonly deadLetterQueue: IQueue;
  /** Number of retries. @default - EventBridge's default, 185 */
  readonly retryAttempts?: number;
  /** How long EventBridge retries. @default - EventBridge's default, 24 hours */
  readonly maxEventAge?: Duration;
}

/**
 * Adds a dead-letter queue and a retry policy to a target that has none of its own. The undeliverable queue
 * allows every rule of the bus to send, so no permission is missing.
 */
export function withDelivery(
  target: IRuleTarget,
  { deadLetterQueue, retryAttempts, maxEventAge }: Delivery,
): IRuleTarget {
  const isLimited = retryAttempts !== undefined || maxEventAge !== undefined;
  return {
    bind(rule, id) {
      const config = target.bind(rule, id);
      return {
        ...config,
        deadLetterConfig: config.deadLetterConfig ?? { arn: deadLetterQueue.queueArn },
        retryPolicy:
          config.retryPolicy ??
          (isLimited
            ? {
                maximumRetryAttempts: retryAttempts,
                maximumEventAgeInSeconds: maxEventAge?.toSeconds(),
              }
            : undefined),
      };
    },
  };
}

/**
 * The actions that another account needs to manage its own rules on the bus (EventBridge User Guide,
 * "Permissions for event buses"). CloudFormation's type AWS::Events::Rule reads targets and tags too.
 */
const ruleActions = [
  'events:PutRule',
  'events:DeleteRule',
  'events:DescribeRule',
  'events:DisableRule',
  'events:EnableRule',
  'events:ListTagsForResource',
  'events:ListTargetsByRule',
  'events:PutTargets',
  'events:RemoveTargets',
  'events:TagResource',
  'events:UntagResource',
];

/**
 * Allows other accounts, or all accounts of an organization, to add rules to a bus. An account can change
 * only the rules that it created: the policy compares the caller with the rule's creator (the same guide,
 * "Send events to the same account and restrict updates"). It cannot create a rule whose name the policies of
 * the stage's queues admit: such a rule could send anything to a consumer's queue.
 *
 * @param sharedWith `none`, or ids of accounts and organizations, separated by commas
 */
export function shareBus(bus: EventBus, stage: string, sharedWith: string): void {
  if (sharedWith === 'none') {
    return;
  }
  const busName = busNameOf(stage);
  const rules = Stack.of(bus).formatArn({ service: 'events', resource: `rule/${busName}/*` });
  for (const id of new Set(sharedWith.split(','))) {
    const isOrganization = id.startsWith('o-');
    bus.addToResourcePolicy(
      new PolicyStatement({
        sid: `Rules${id.replaceAll(/[^a-z0-9]/g, '')}`,
        principals: [isOrganization ? new AnyPrincipal() : new AccountPrincipal(id)],
        actions: ruleActions,
        resources: [rules],
        conditions: {
          StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' },
          ...(isOrganization && { StringEquals: { 'aws:PrincipalOrgID': id } }),
        },
      }),
    );
  }
  bus.addToResourcePolicy(
    new PolicyStatement({
      sid: 'OwnNames',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['events:PutRule', 'events:PutTargets'],
      resources: [`whatsapp-${stage}-*`, 'fanout-*'].map((names) =>
        Stack.of(bus).formatArn({ service: 'events', resource: `rule/${busName}/${names}` }),
      ),
      conditions: { StringNotEquals: { 'aws:PrincipalAccount': Stack.of(bus).account } },
    }),
  );
}
