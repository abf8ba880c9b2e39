import type { BusType, EventOf, WhatsAppEvent } from '../../events/envelope.ts';
import { fingerprint } from '../../events/fingerprint.ts';
import { checkedHops } from '../../events/hops.ts';
import { consumerMetrics, messageAttributes } from '../../events/names.ts';
import { parseRecord } from '../../events/parse.ts';
import { fromXrayHeader } from '../../events/traceparent.ts';
import { errorDetails, isPermanent } from './classify-error.ts';
import {
  type ConsumerQueue,
  type DeadLetterReason,
  type SqsBatchResponse,
  type SqsEvent,
  type SqsRecord,
  sqsConsumerQueue,
} from './consumer-queue.ts';
import { count, measure } from './count.ts';
import { type Deadline, type InvocationContext, startDeadline } from './deadline.ts';
import { correlate, correlation, errorName, log } from './log.ts';
import { InDoubtError, InProgressError, onceFromEnvironment } from './once.ts';

/** Information on the delivery of an event. */
export interface Delivery {
  /** How often this message has been received, including this time. */
  readonly receiveCount: number;
  /**
   * Aborted shortly before the function's timeout, when the event fails. Pass it to what the handler waits for,
   * such as `fetch`: otherwise the rest of the work may run beside the next delivery of the event.
   */
  readonly signal: AbortSignal;
}

/**
 * Handles one event. If it returns, the event is done. If it throws, the event is redelivered, or sent to the
 * dead-letter queue if a retry cannot help.
 */
export type Handle<Type extends BusType> = (
  event: EventOf<Type>,
  delivery: Delivery,
) => Promise<void> | void;

/** Options of a consumer. */
export interface ConsumeOptions<Type extends BusType> {
  /**
   * For an idempotent consumer whose function was ended while it handled an event: finds out whether the
   * effect has happened. The event is then completed or handled again, and does not go to the dead-letter
   * queue.
   *
   * @default - unknown: such an event goes to the dead-letter queue with the reason `in-doubt`
   */
  readonly wasDone?: (event: EventOf<Type>) => Promise<boolean>;
  /** The consumer's queue. @default - the queue in the function's environment variables */
  readonly queue?: ConsumerQueue;
  /**
   * Runs each event at most once. @default - by the table in the environment variables, if the consumer's row
   * has `idempotent`
   */
  readonly once?: RunOnce | undefined;
}

/** Runs the work on an event at most once. */
export interface RunOnce {
  run(
    key: { readonly id: string; readonly fingerprint: string; readonly isRedriven: boolean },
    work: () => Promise<void>,
    wasDone?: () => Promise<boolean>,
  ): Promise<void>;
}

/** Seconds before the first redelivery. Each further one waits twice as long. */
const firstPauseSeconds = 5;

/** Maximum seconds before a redelivery. */
const maxPauseSeconds = 900;

/**
 * Creates a function that consumes a queue. Each record is parsed and handled separately, and only failed
 * ones are reported for redelivery (Lambda Developer Guide, "Reporting batch item failures").
 *
 * An event that is not handled shortly before the function's timeout fails with a `TimeoutError`, so that the
 * other events of its batch are not delivered again. The work that it leaves behind continues if Lambda uses the
 * execution environment again (Lambda Developer Guide, "Understanding the Lambda execution environment
 * lifecycle"). Work of an idempotent consumer must not continue after its lease, so Lambda ends it at the timeout;
 * the other events of the batch are then recognized as done.
 *
 * @example
 * export const handler = consume<'message'>(async (event) => {
 *   if (event.data.body === 'ping') await answer(event.meta.chat, 'pong');
 * });
 */
export function consume<Type extends BusType>(
  handle: Handle<Type>,
  options: ConsumeOptions<Type> = {},
): (batch: SqsEvent, context?: InvocationContext) => Promise<SqsBatchResponse> {
  const { queue = sqsConsumerQueue, once = onceFromEnvironment(), wasDone } = options;
  const maxReceiveCount = Number(process.env.MAX_RECEIVE_COUNT ?? Number.POSITIVE_INFINITY);

  return async ({ Records }, context) => {
    const batch: Batch = { deadline: startDeadline(context), waits: [], requestIds: [] };
    const results = await Promise.all(
      Records.map(async (record) =>
        (await processRecord(record, batch)) ? undefined : record.messageId,
      ),
    ).finally(() => batch.deadline.clear());
    reportDone(batch);
    const failed = results.filter((messageId) => messageId !== undefined);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };

  /**
   * Processes one record. Returns true if it may be deleted: it was handled, or is in the dead-letter queue.
   */
  async function processRecord(record: SqsRecord, batch: Batch): Promise<boolean> {
    try {
      const event = parseRecord(record.body, process.env.BUS_ACCOUNT) as EventOf<Type>;
      const { requestId, id, traceparent = traceparentIn(record) } = event.meta;
      return await correlate({ requestId, id, traceparent }, () =>
        handleEvent(event, record, batch),
      );
    } catch (error) {
      // The message is not an event, so its webhook is unknown.
      return settleFailure(error, record);
    }
  }

  async function handleEvent(
    event: EventOf<Type>,
    record: SqsRecord,
    batch: Batch,
  ): Promise<boolean> {
    const receiveCount = receiveCountOf(record);
    const wait = waitOf(event as WhatsAppEvent, record);
    log.debug('received', { consumer: process.env.CONSUMER, receiveCount, waitedMs: wait });
    try {
      await runHandler(event, record, batch);
      const handledAfter = waitOf(event as WhatsAppEvent, record);
      if (handledAfter !== undefined) {
        batch.waits.push(handledAfter);
        batch.requestIds.push(correlation().requestId);
      }
      return true;
    } catch (error) {
      return settleFailure(error, record);
    }
  }

  /**
   * Sends a failed message to the dead-letter queue, or postpones its redelivery. Returns true if the message
   * may be deleted.
   */
  async function settleFailure(error: unknown, record: SqsRecord): Promise<boolean> {
    const receiveCount = receiveCountOf(record);
    const reason = deadLetterReasonOf(error, receiveCount);
    report(record, receiveCount, error, reason);
    if (reason) {
      const details = errorDetails(error);
      return sendToDeadLetterQueue(record, { reason, error: errorName(error), details });
    }
    await queue.postpone(record, pauseAfter(error, receiveCount)).catch(() => {
      // The message is then redelivered after the queue's visibility timeout.
    });
    return false;
  }

  async function runHandler(event: EventOf<Type>, record: SqsRecord, batch: Batch): Promise<void> {
    checkedHops(event.meta.hops ?? 0);
    const { deadline } = batch;
    const delivery = { receiveCount: receiveCountOf(record), signal: deadline.signal };
    const work = async () => handle(event, delivery);
    if (!once) {
      return deadline.within(work());
    }
    const { id, replay } = event.meta;
    await once.run(
      // A replay is intended, so each replay has its own effect, once.
      {
        id: replay ? `${id}@${replay}` : id,
        fingerprint: fingerprint(event.data),
        isRedriven: isRedriven(record),
      },
      work,
      wasDone && (() => wasDone(event)),
    );
  }

  function deadLetterReasonOf(
    error: unknown,
    receiveCount: number,
  ): DeadLetterReason['reason'] | undefined {
    if (error instanceof InDoubtError) {
      return 'in-doubt';
    }
    if (isPermanent(error)) {
      return 'permanent';
    }
    return receiveCount >= maxReceiveCount ? 'exhausted' : undefined;
  }

  async function sendToDeadLetterQueue(
    record: SqsRecord,
    reason: DeadLetterReason,
  ): Promise<boolean> {
    try {
      await queue.sendToDeadLetterQueue(record, reason);
      return true;
    } catch (error) {
      // The message is then redelivered, and after the last receive SQS moves it to the dead-letter queue.
      log.error('the dead-letter queue refused', { error: errorName(error) });
      return false;
    }
  }
}

/** A batch, and its handled events. */
interface Batch {
  readonly deadline: Deadline;
  /** Milliseconds since the webhook of each event, except for replayed and redriven events. */
  readonly waits: number[];
  readonly requestIds: (string | undefined)[];
}

/**
 * Logs one line for each batch at every log level: the latency of each event, and the ids of their webhooks.
 * A line for each event would cost more than its queue.
 */
function reportDone({ waits, requestIds }: Batch): void {
  measure(consumerMetrics.latency, waits, { Consumer: process.env.CONSUMER ?? '' }, { requestIds });
}

/** The trace of a message whose event has none, for example of an event that another service published. */
const traceparentIn = ({ attributes }: SqsRecord) => fromXrayHeader(attributes.AWSTraceHeader);

const receiveCountOf = (record: SqsRecord) => Number(record.attributes.ApproximateReceiveCount);

/** Whether an operator has redriven the message. */
const isRedriven = (record: SqsRecord) =>
  record.messageAttributes?.[messageAttributes.redrive] !== undefined;

/** Milliseconds from the webhook until the event was handled. Undefined for a replayed or redriven event. */
function waitOf({ meta }: WhatsAppEvent, record: SqsRecord): number | undefined {
  if (meta.replay !== undefined || isRedriven(record)) {
    return undefined;
  }
  const wait = Date.now() - Date.parse(meta.receivedAt);
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

function report(
  record: SqsRecord,
  receiveCount: number,
  error: unknown,
  reason: string | undefined,
): void {
  const consumer = process.env.CONSUMER ?? '';
  count(consumerMetrics.failed, 1, { Consumer: consumer });
  log.error('failed', {
    consumer,
    messageId: record.messageId,
    receiveCount,
    error: errorName(error),
    outcome: reason ?? 'redelivered',
    ...errorDetails(error),
  });
}

/**
 * Seconds before the next delivery: doubled each time, with jitter, so that messages are not all redelivered
 * at once. An event that another invocation is handling waits until that one has certainly ended: it then needs
 * one more delivery, instead of its last.
 */
function pauseAfter(error: unknown, receiveCount: number): number {
  if (error instanceof InProgressError && error.leaseEndsInMs !== undefined) {
    return Math.floor(Math.max(0, error.leaseEndsInMs) / 1_000) + 1;
  }
  const pause = Math.min(firstPauseSeconds * 2 ** (receiveCount - 1), maxPauseSeconds);
  return Math.round(pause * (0.5 + Math.random() / 2));
}
