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
import { watchInterval } from './alarms/pipeline-alarms.ts';
import { BundledFunction } from './bundled-function.ts';
import { acknowledge } from './nag.ts';
import type { Settings } from './settings.ts';
import { mayHaveState, onlyKeys } from './tables.ts';

/** Props of {@link Watch}. */
export interface WatchProps {
  /** The settings of the deployment. */
  readonly settings: Settings;
  /** The queue of events that EventBridge could not deliver. */
  readonly undeliverable: IQueue;
}

/**
 * Counts every ten minutes what needs a person: events in failure queues, and sessions that are offline or
 * restricted. A session reports a change only once, so no metric of events shows how long it has been
 * offline. An alarm for each queue would cost more than all other fixed costs
 * (docs/decisions/alarms-one-by-one.md). The counts cost three cents a month.
 */
export class Watch extends Construct {
  /** The function that counts. */
  readonly function: IFunction;
  readonly #bundled: BundledFunction;
  readonly #queues: string[] = [];
  #state: ITable | undefined;

  constructor(scope: Construct, id: string, { settings, undeliverable }: WatchProps) {
    super(scope, id);
    const { stage, consumerMemoryMb } = settings;
    this.#bundled = new BundledFunction(this, 'Handler', {
      entry: 'lambdas/watch/watch.ts',
      functionName: `whatsapp-${stage}-watch`,
      description: 'Counts failed events, and sessions that are offline or restricted',
      settings,
      memory: Size.mebibytes(consumerMemoryMb),
      timeout: Duration.seconds(20),
      environment: {
        FAILURE_QUEUES: Lazy.uncachedString({ produce: () => this.#queues.join(',') }),
        UNDELIVERABLE_QUEUE_URL: undeliverable.queueUrl,
        STATE_TABLE: Lazy.uncachedString({ produce: () => this.#state?.tableName }),
      },
      absent: mayHaveState('sessions', { state: true }, settings.state) ? [] : ['STATE_TABLE'],
    });
    this.function = this.#bundled.function;
    const rule = new Rule(this, 'Schedule', {
      description: 'Invokes the watch function every ten minutes',
      schedule: Schedule.rate(watchInterval),
      // A count that could not be made is outdated when the next one is due.
      targets: [
        new LambdaFunction(this.function, { maxEventAge: watchInterval, retryAttempts: 0 }),
      ],
    });
    acknowledge(rule, {
      'Serverless-EventBusDLQ': 'A count that is missed is made again ten minutes later.',
    });
    // A local run keeps no metrics; there `fanout status` shows the same counts.
    (rule.node.defaultChild as CfnResource).addMetadata(localMetadata.resource, 'ignore');
  }

  /**
   * Adds a queue of the stage whose messages are counted.
   *
   * @param name the queue's name without `whatsapp-<stage>-`
   */
  addQueue(queue: IQueue, name: string): void {
    this.#queues.push(name);
    this.#bundled.role.addToPolicy(
      new PolicyStatement({ actions: ['sqs:GetQueueAttributes'], resources: [queue.queueArn] }),
    );
  }

  /**
   * Counts the sessions that are offline or restricted too.
   *
   * @param state the state table with the state of each session
   */
  addSessions(state: ITable): void {
    this.#state = state;
    this.#bundled.role.addToPolicy(sessionsOf(state));
  }
}

const sessionsOf = (state: ITable) =>
  new PolicyStatement({
    actions: ['dynamodb:Query'],
    resources: [state.tableArn],
    conditions: onlyKeys('StringEquals', [stateKeys.sessions]),
  });
