import { type CfnResource, Duration, Lazy, Size } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { localMetadata } from '../events/names.ts';
import { stateKeys } from '../events/state/state-keys.ts';
import { watchInterval } from './alarms/alarms.ts';
import { BundledFunction } from './bundled-function.ts';
import { acknowledge } from './nag.ts';
import type { Settings } from './settings.ts';

/** Props of {@link Watch}. */
export interface WatchProps {
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** Holds what EventBridge could not deliver. */
  readonly undeliverable: IQueue;
  /** Where the consumer `sessions` keeps the state of each session. @default - sessions are not watched */
  readonly state?: ITable | undefined;
}

/**
 * Counts every ten minutes what waits for a person: events in queues that should be empty, sessions that
 * are offline or restricted. A session reports a change once and then nothing, so no metric of events could
 * say how long it has been offline; and an alarm for each queue would cost more than all else that is fixed
 * (docs/decisions/alarms-one-by-one.md). The looks cost three cents a month.
 */
export class Watch extends Construct {
  /** The function that looks. */
  readonly function: IFunction;
  readonly #bundled: BundledFunction;
  readonly #queues: string[] = [];

  constructor(scope: Construct, id: string, { settings, undeliverable, state }: WatchProps) {
    super(scope, id);
    const { stage, consumerMemoryMb } = settings;
    this.#bundled = new BundledFunction(this, 'Handler', {
      entry: 'lambdas/watch/watch.ts',
      functionName: `whatsapp-${stage}-watch`,
      description: 'Counts what waits for a person',
      settings,
      memory: Size.mebibytes(consumerMemoryMb),
      timeout: Duration.seconds(20),
      environment: {
        FAILURE_QUEUES: Lazy.uncachedString({ produce: () => this.#queues.join(',') }),
        UNDELIVERABLE_QUEUE_URL: undeliverable.queueUrl,
        ...(state && { STATE_TABLE: state.tableName }),
      },
      absent: state ? [] : ['STATE_TABLE'],
    });
    this.function = this.#bundled.function;
    if (state) {
      this.#bundled.role.addToPolicy(sessionsOf(state));
    }
    const rule = new Rule(this, 'Schedule', {
      description: 'When it is counted what waits for a person',
      schedule: Schedule.rate(watchInterval),
      targets: [new LambdaFunction(this.function)],
    });
    acknowledge(rule, {
      'Serverless-EventBusDLQ': 'A count that is missed is made again ten minutes later.',
    });
    // No metrics are kept on one machine, where `fanout status` says the same.
    (rule.node.defaultChild as CfnResource).addMetadata(localMetadata.resource, 'ignore');
  }

  /**
   * Counts the events in a queue of the stage too.
   *
   * @param name what is behind `whatsapp-<stage>-` in its name
   */
  addQueue(queue: IQueue, name: string): void {
    this.#queues.push(name);
    this.#bundled.role.addToPolicy(
      new PolicyStatement({ actions: ['sqs:GetQueueAttributes'], resources: [queue.queueArn] }),
    );
  }
}

const sessionsOf = (state: ITable) =>
  new PolicyStatement({
    actions: ['dynamodb:Query'],
    resources: [state.tableArn],
    conditions: {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [stateKeys.sessions] },
    },
  });
