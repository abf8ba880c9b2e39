import type { EndQueue } from './end-queue.ts';

/** Thrown when a queue is named that is not there; the command was called wrongly. */
export class UnknownQueueError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnknownQueueError';
  }
}

/**
 * The end queue that a person means by its name, URL or ARN, by the consumer whose dead letters it
 * holds, or by its role.
 *
 * @throws UnknownQueueError when there is none, or more than one: lists them
 */
export function chooseQueue(queues: readonly EndQueue[], given: string): EndQueue {
  const ways: readonly ((queue: EndQueue) => boolean)[] = [
    ({ name, url, arn }) => [name, url, arn].includes(given),
    ({ consumer }) => consumer === given,
    ({ role, name }) => role === given && name.endsWith(`-${given}`),
    ({ role }) => role === given,
    // What stands in README as `messages` is the queue `whatsapp-dev-messages-dead-letters`.
    ({ name }) => name.endsWith(`-${given}-dead-letters`),
  ];
  for (const isMeant of ways) {
    const found = queues.filter(isMeant);
    if (found.length > 1) {
      throw new UnknownQueueError(
        `"${given}" is more than one queue: ${namesOf(found)}. Name one.`,
      );
    }
    if (found[0]) return found[0];
  }
  throw new UnknownQueueError(
    `There is no end queue "${given}". There are: ${namesOf(queues) || 'none'}.`,
  );
}

const namesOf = (queues: readonly EndQueue[]) => queues.map(({ name }) => name).join(', ');
