import type { JsonObject } from '../../aws-service.ts';
import type { Broker } from '../broker.ts';
import { type ReceiveRequest, receiveNow } from '../messages/receive-now.ts';
import { readSelection } from '../messages/received-message.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import { millisecondsOf } from '../queues/queue-attributes.ts';
import { integerWithin, optionalToken, requiredString } from '../request.ts';
import { invalidParameterValue, queueDoesNotExist } from '../sqs-error.ts';

/**
 * Receives at once, or waits for messages for the wait time of the request or the queue (long
 * polling).
 */
export function receiveMessage(
  broker: Broker,
  input: JsonObject,
  signal?: AbortSignal,
): JsonObject | Promise<JsonObject> {
  const queue = broker.queues.byUrl(requiredString(input, 'QueueUrl'));
  const request = readRequest(queue, input);
  const waitSeconds = integerWithin(input, 'WaitTimeSeconds', 0, 20);
  const waitMs =
    waitSeconds === undefined
      ? millisecondsOf(queue, 'ReceiveMessageWaitTimeSeconds')
      : waitSeconds * 1000;
  // A caller that has gone must not receive a message.
  if (signal?.aborted) {
    return {};
  }
  broker.receivers.serve(queue.id);
  const answer = receiveNow(broker, queue, request);
  if (answer) {
    return answer;
  }
  if (waitMs === 0) {
    return {};
  }
  const attempt = () => {
    // Read again, because the queue may have been changed or deleted meanwhile.
    const current = broker.queues.findById(queue.id);
    if (!current) {
      throw queueDoesNotExist();
    }
    return receiveNow(broker, current, request);
  };
  return broker.receivers.wait(queue.id, waitMs, attempt, signal);
}

function readRequest(queue: Queue, input: JsonObject): ReceiveRequest {
  const seconds = integerWithin(input, 'VisibilityTimeout', 0, 43_200);
  const attemptId = optionalToken(input, 'ReceiveRequestAttemptId');
  if (attemptId !== undefined && !queue.fifo) {
    throw invalidParameterValue(
      'Value for parameter ReceiveRequestAttemptId is invalid. Reason: The request include parameter that is not valid for this queue type.',
    );
  }
  return {
    max: integerWithin(input, 'MaxNumberOfMessages', 1, 10) ?? 1,
    visibilityMs: seconds === undefined ? undefined : seconds * 1000,
    attemptId,
    selection: readSelection(input),
  };
}
