import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { EventType } from '../../events/catalog.ts';
import { parseRecord } from '../../events/consume.ts';
import type { EventOf } from '../../events/envelope.ts';
import { errorName, log } from './log.ts';

/** What a handler may want to know of the delivery besides the event. */
export interface Delivery {
  /** How often this message has been given out, this time included. */
  readonly receiveCount: number;
}

/** One consumer's work on one event. Return: done. Throw: redelivered. */
export type Handle<Type extends EventType> = (
  event: EventOf<Type>,
  delivery: Delivery,
) => Promise<void> | void;

/**
 * Makes a function that consumes a queue: each record is parsed and handled by itself, and only
 * those that failed are given back (Lambda developer guide, "Reporting batch item failures").
 */
export function consume<Type extends EventType>(
  handle: Handle<Type>,
): (batch: SQSEvent) => Promise<SQSBatchResponse> {
  return async ({ Records }) => {
    const failures = await Promise.all(Records.map((record) => attempt(record, handle)));
    return { batchItemFailures: failures.filter((failure) => failure !== undefined) };
  };
}

async function attempt<Type extends EventType>(
  record: SQSRecord,
  handle: Handle<Type>,
): Promise<{ itemIdentifier: string } | undefined> {
  const receiveCount = Number(record.attributes.ApproximateReceiveCount);
  try {
    await handle(parseRecord(record.body) as EventOf<Type>, { receiveCount });
    return undefined;
  } catch (error) {
    log.error('failed', {
      consumer: process.env.CONSUMER,
      messageId: record.messageId,
      receiveCount,
      error: errorName(error),
    });
    return { itemIdentifier: record.messageId };
  }
}
