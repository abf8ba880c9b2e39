import { buildTargetInput, InvalidTargetInput } from '@event-fanout/event-pattern';
import { AwsError } from '../../aws-service.ts';
import type { Clock } from '../../clock.ts';
import { kindOfTarget } from '../resources.ts';
import type { Transactions, UnitOfWork } from '../unit-of-work.ts';
import {
  type AcceptedEvent,
  type Delivery,
  DeliveryError,
  deadLetter,
  delayAfter,
  type ExhaustedCondition,
  Postponement,
  type Route,
  readDeliveryError,
  retryPolicyOf,
  type TargetPort,
} from './delivery.ts';
import { type DeliveryTable, DueDeliveries } from './due-deliveries.ts';

/** The dependencies of deliveries. */
interface DelivererParts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly table: DeliveryTable;
  readonly transactions: Transactions;
  readonly targets: TargetPort;
  /** Publishes an event on another bus, within the unit of work. */
  readonly forward: (unit: UnitOfWork, event: AcceptedEvent, busArn: string) => void;
  /** Calls an API destination. Rejects with {@link DeliveryError} or {@link Postponement}. */
  readonly callApi: (delivery: Delivery, input: string) => Promise<void>;
}

/**
 * Delivers events to targets. Retries until the delivery succeeds or its retry policy is exhausted;
 * the event then goes to the target's dead-letter queue.
 */
export class Deliverer {
  readonly #parts: DelivererParts;
  readonly due: DueDeliveries;

  constructor(parts: DelivererParts) {
    this.#parts = parts;
    this.due = new DueDeliveries(parts.table, parts.clock, (delivery) => this.#attempt(delivery));
  }

  /**
   * The first attempt. Queues and buses are in the same store, so that an event that they take is
   * accepted and delivered in one transaction. Other targets are called when it is committed.
   */
  attemptFirst(unit: UnitOfWork, event: AcceptedEvent, route: Route): void {
    const delivery = { event, route, failures: 0 };
    if (isInStore(route)) {
      this.#attemptInStore(unit, delivery);
    } else {
      unit.started.push(this.#parts.table.add(delivery, this.#parts.clock.now()));
    }
  }

  #attempt(delivery: Delivery): Promise<void> | undefined {
    const { transactions } = this.#parts;
    if (isInStore(delivery.route)) {
      transactions.run((unit) => this.#attemptInStore(unit, delivery));
      return undefined;
    }
    return this.#call(delivery).then(
      () => transactions.run((unit) => this.#succeed(unit, delivery)),
      (error: unknown) => transactions.run((unit) => this.#fail(unit, delivery, error)),
    );
  }

  #attemptInStore(unit: UnitOfWork, delivery: Delivery): void {
    const { transactions, targets, forward } = this.#parts;
    const { event, route } = delivery;
    const { Arn, SqsParameters } = route.target;
    try {
      transactions.attempt(() => {
        if (kindOfTarget(Arn) === 'bus') {
          forward(unit, event, Arn);
        } else {
          targets.sendToQueue(Arn, {
            body: inputOf(delivery),
            ...(SqsParameters?.MessageGroupId && { groupId: SqsParameters.MessageGroupId }),
            ...(event.traceHeader !== undefined && { traceHeader: event.traceHeader }),
          });
        }
      });
    } catch (error) {
      if (
        !(
          error instanceof AwsError ||
          error instanceof DeliveryError ||
          error instanceof InvalidTargetInput
        )
      ) {
        throw error;
      }
      this.#fail(unit, delivery, error);
      return;
    }
    this.#succeed(unit, delivery);
  }

  async #call(delivery: Delivery): Promise<void> {
    const { Arn } = delivery.route.target;
    const input = inputOf(delivery);
    if (kindOfTarget(Arn) === 'function') {
      await this.#parts.targets.invokeFunction(Arn, input);
    } else {
      await this.#parts.callApi(delivery, input);
    }
  }

  #succeed(unit: UnitOfWork, delivery: Delivery): void {
    const { table, clock } = this.#parts;
    if (delivery.row !== undefined) {
      table.remove(delivery.row);
    }
    const ms = Math.floor(clock.now()) - delivery.event.acceptedAt;
    unit.observations.push({
      kind: 'delivered',
      ms,
      ...attemptOf(delivery, delivery.failures + 1),
    });
  }

  #fail(unit: UnitOfWork, delivery: Delivery, cause: unknown): void {
    const { table, clock, random } = this.#parts;
    const now = clock.now();
    const policy = retryPolicyOf(delivery.route.target);
    const deadline = delivery.event.acceptedAt + policy.maximumEventAgeMs;
    if (cause instanceof Postponement && now + cause.afterMs <= deadline) {
      this.#postpone(delivery, delivery.failures, now + cause.afterMs);
      return;
    }
    const error = readDeliveryError(cause);
    const failures = delivery.failures + 1;
    const failed = { ...delivery, failures };
    const delay = Math.max(delayAfter(failures, random), error.retryAfterMs);
    const failFinally = (exhausted: ExhaustedCondition) => {
      if (delivery.row !== undefined) {
        table.remove(delivery.row);
      }
      this.#failFinally(unit, failed, error, exhausted);
    };
    if (error.retry === 'never') {
      failFinally(undefined);
    } else if (failures > policy.maximumRetryAttempts) {
      failFinally('MaximumRetryAttempts');
    } else if (now + delay > deadline) {
      failFinally('MaximumEventAgeInSeconds');
    } else {
      this.#postpone(delivery, failures, now + delay);
      unit.observations.push({
        kind: 'failed',
        retryInMs: delay,
        ...attemptOf(delivery, failures),
        ...failureOf(error),
      });
    }
  }

  #postpone(delivery: Delivery, failures: number, dueAt: number): void {
    const { table } = this.#parts;
    if (delivery.row === undefined) {
      table.add({ ...delivery, failures }, dueAt);
    } else {
      table.postpone(delivery.row, failures, dueAt);
    }
    this.due.wakeAt(dueAt);
  }

  #failFinally(
    unit: UnitOfWork,
    failed: Delivery,
    error: DeliveryError,
    exhausted: ExhaustedCondition,
  ): void {
    const { targets, transactions } = this.#parts;
    const attempt = attemptOf(failed, failed.failures);
    const queueArn = failed.route.target.DeadLetterConfig?.Arn;
    if (queueArn === undefined) {
      unit.observations.push({ kind: 'dropped', ...attempt, ...failureOf(error) });
      return;
    }
    try {
      transactions.attempt(() =>
        targets.sendToQueue(queueArn, deadLetter(failed, error, exhausted)),
      );
      unit.observations.push({ kind: 'deadLettered', queueArn, ...attempt, ...failureOf(error) });
    } catch (refusal) {
      if (!(refusal instanceof AwsError)) {
        throw refusal;
      }
      const errorMessage = `${error.message} The dead-letter queue refused it: ${refusal.message}`;
      unit.observations.push({ kind: 'dropped', ...attempt, errorCode: error.code, errorMessage });
    }
  }
}

function isInStore({ target }: Route): boolean {
  const kind = kindOfTarget(target.Arn);
  return kind === 'queue' || kind === 'bus';
}

const inputOf = ({ event, route }: Delivery) =>
  buildTargetInput(route.target, {
    text: event.text,
    ruleArn: route.ruleArn,
    ruleName: route.ruleName,
    acceptedAt: event.acceptedAt,
  });

const attemptOf = ({ event, route }: Delivery, attempt: number) => ({
  eventId: event.id,
  bus: event.bus,
  rule: route.ruleName,
  targetId: route.target.Id,
  targetArn: route.target.Arn,
  attempt,
});

const failureOf = ({ code, message }: DeliveryError) => ({
  errorCode: code,
  errorMessage: message,
});
