import type { Broker } from '../broker.ts';
import type { Queue } from '../queues/queue.ts';
import { receiptHandleIsInvalid, UnusableReceiptHandle } from '../sqs-error.ts';
import type { ReceivedState } from './message-table.ts';

/**
 * The message that a receipt handle stands for; `undefined` when it has been deleted. A standard
 * queue accepts also a handle of an earlier receive. A FIFO queue accepts a handle only while its
 * visibility timeout runs, since afterwards another consumer may be at work on the group.
 */
export function findByHandle(
  broker: Broker,
  queue: Queue,
  handle: string,
): ReceivedState | undefined {
  const receipt = broker.handles.read(handle);
  if (receipt?.queueId !== queue.id) throw receiptHandleIsInvalid();
  const message = broker.messages.findState(receipt.seq, queue.id);
  const outdated =
    message && (message.receives !== receipt.receive || message.visibleAt <= broker.now());
  if (queue.fifo && outdated)
    throw new UnusableReceiptHandle(handle, 'The receipt handle has expired');
  return message;
}
