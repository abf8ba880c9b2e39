import { hash } from 'node:crypto';
import { isObject, type JsonObject } from '../../aws-service.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import { attributeOf, millisecondsOf } from '../queues/queue-attributes.ts';
import { optionalInteger, optionalToken, requiredString } from '../request.ts';
import { invalidMessageContents, invalidParameterValue, missingParameter } from '../sqs-error.ts';
import type { OutgoingMessage } from './message.ts';
import {
  isMessageText,
  readMessageAttributes,
  readTraceHeader,
  sizeOfAttribute,
} from './message-attributes.ts';

const maxDelaySeconds = 900;

/**
 * Checks one message to send against the queue's limits. `batchLabel` is the name of a batch entry
 * in errors.
 */
export function readOutgoingMessage(
  queue: Queue,
  input: JsonObject,
  batchLabel?: string,
): OutgoingMessage {
  const body = requiredString(
    input,
    'MessageBody',
    batchLabel ? `${batchLabel}.MessageBody` : 'MessageBody',
  );
  if (!isMessageText(body)) {
    throw invalidMessageContents();
  }
  const attributes = readMessageAttributes(input);
  const size = sizeOfMessage(body, attributes);
  const limit = Number(attributeOf(queue, 'MaximumMessageSize'));
  if (size > limit) {
    throw invalidParameterValue(
      `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
    );
  }
  return {
    body,
    attributes,
    traceHeader: readTraceHeader(input),
    delayMs: readDelayMs(queue, input),
    ...(queue.fifo ? readFifoIds(queue, input, body, batchLabel) : readStandardIds(input)),
  };
}

/** The same size before anything is checked; malformed parts count 0. */
export function sizeOfUnchecked({ MessageBody, MessageAttributes }: JsonObject): number {
  const bytes = (value: unknown, encoding?: BufferEncoding) =>
    typeof value === 'string' ? Buffer.byteLength(value, encoding) : 0;
  const attributes = isObject(MessageAttributes) ? Object.entries(MessageAttributes) : [];
  return attributes.reduce((sum, [name, value]) => {
    const { DataType, StringValue, BinaryValue } = isObject(value) ? value : {};
    return sum + bytes(name) + bytes(DataType) + bytes(StringValue) + bytes(BinaryValue, 'base64');
  }, bytes(MessageBody));
}

function sizeOfMessage(body: string, attributes: OutgoingMessage['attributes']): number {
  return attributes.reduce((sum, each) => sum + sizeOfAttribute(each), Buffer.byteLength(body));
}

function readDelayMs(queue: Queue, input: JsonObject): number {
  const seconds = optionalInteger(input, 'DelaySeconds');
  if (seconds === undefined) {
    return millisecondsOf(queue, 'DelaySeconds');
  }
  const refuse = (reason: string) =>
    invalidParameterValue(
      `Value ${seconds} for parameter DelaySeconds is invalid. Reason: ${reason}`,
    );
  if (queue.fifo) {
    // Only the queue's own delay applies; 0 is accepted and has no effect.
    if (seconds !== 0) {
      throw refuse(notForThisType);
    }
    return millisecondsOf(queue, 'DelaySeconds');
  }
  if (seconds < 0 || seconds > maxDelaySeconds) {
    throw refuse(`DelaySeconds must be >= 0 and <= ${maxDelaySeconds}.`);
  }
  return seconds * 1000;
}

const notForThisType = 'The request include parameter that is not valid for this queue type.';

/** A standard queue takes a group id, the tenant of a fair queue, but deduplicates nothing. */
function readStandardIds(input: JsonObject) {
  const groupId = optionalToken(input, 'MessageGroupId');
  if (optionalToken(input, 'MessageDeduplicationId') !== undefined) {
    throw invalidParameterValue(
      `Value for parameter MessageDeduplicationId is invalid. Reason: ${notForThisType}`,
    );
  }
  return { groupId, deduplicationId: undefined };
}

function readFifoIds(queue: Queue, input: JsonObject, body: string, batchLabel?: string) {
  const groupId = optionalToken(input, 'MessageGroupId');
  if (groupId === undefined) {
    const missing = missingParameter('MessageGroupId');
    // In a batch, AWS returns the same message under another error name.
    throw batchLabel ? invalidParameterValue(missing.message) : missing;
  }
  const given = optionalToken(input, 'MessageDeduplicationId');
  if (given === undefined && attributeOf(queue, 'ContentBasedDeduplication') !== 'true') {
    throw invalidParameterValue(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return { groupId, deduplicationId: given ?? hash('sha256', body, 'hex') };
}
