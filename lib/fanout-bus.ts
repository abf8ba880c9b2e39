import { type Duration, Names, Stack } from 'aws-cdk-lib';
import { type CfnRule, type IEventBus, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { busNameOf, eventSource } from '../events/names.ts';

/** A bus that rules are added to, whether this app makes it or not. */
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

  /** Sends what matches the pattern to a target. */
  addRule(scope: Construct, id: string, { target, ...props }: TargetRule): Rule {
    const { pattern, description, ruleName = madeUpName(scope, id) } = props;
    const rule = new Rule(scope, id, {
      eventBus: this.bus,
      ruleName,
      description,
      // Replaced below: CDK's own type of a pattern has no $or, and renames the fields.
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
   * Sends what matches the pattern to a queue; what cannot be delivered, to the undeliverable queue. The
   * queue admits the rule by its name, before there is a rule: EventBridge does not try again where it
   * lacks a permission (User Guide, "Using dead-letter queues to process undelivered events").
   */
  addQueueRule(scope: Construct, id: string, { queue, delivery, ...props }: QueueRule): Rule {
    const { ruleName = madeUpName(scope, id) } = props;
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
   * The statement of a queue's policy that lets in rules of the bus.
   *
   * @param names how their names look, with `*` for anything
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

/** A name that is known when the template is made, other than CloudFormation's own. */
const madeUpName = (scope: Construct, id: string) =>
  `${Names.uniqueResourceName(scope, { maxLength: 40, separator: '-' })}-${id}`.slice(0, 64);

/** A rule of the bus. */
interface BusRule {
  /** As EventBridge takes it: `detail-type`, not `detailType`. */
  readonly pattern: object;
  /** What the rule is for, in one sentence. */
  readonly description: string;
  /** Its name. @default - made of its construct's path */
  readonly ruleName?: string;
}

/** A rule from the bus to a target. */
export interface TargetRule extends BusRule {
  /** Where events that match go. */
  readonly target: IRuleTarget;
}

/** A rule from the bus to a queue. */
export interface QueueRule extends BusRule {
  /** Where events that match go. */
  readonly queue: IQueue;
  /** @default - EventBridge's own: 185 retries in 24 hours */
  readonly delivery?: Delivery;
}

/** How hard EventBridge tries to reach a target, as CDK's targets take it. */
export interface Delivery {
  /** Where what cannot be delivered goes. */
  readonly deadLetterQueue: IQueue;
  /** Attempts after the first one. @default - EventBridge's own, 185 */
  readonly retryAttempts?: number;
  /** How long EventBridge tries. @default - EventBridge's own, 24 hours */
  readonly maxEventAge?: Duration;
}

/**
 * A target with the undeliverable queue behind it and the retries of its row, unless it says otherwise
 * itself. The undeliverable queue lets every rule of the bus in, so no permission is missing.
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
