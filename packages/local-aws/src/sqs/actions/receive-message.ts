import type { JsonObject } from '../../aws-service.ts';
import type { Broker } from '../broker.ts';
import { type StoredMessage, sequenceNumberOf } from '../messages/message.ts';
import { digestAttributes, writeMessageAttributes } from '../messages/message-attributes.ts';
import { takeMessages } from '../messages/take-messages.ts';
import type { Queue } from '../queues/queue-addresses.ts';
import { millisecondsOf, queueAttributes } from '../queues/queue-attributes.ts';
import { integerWithin, optionalToken, requiredString, stringList } from '../request.ts';
import { invalidAttributeName, invalidParameterValue, queueDoesNotExist } from '../sqs-error.ts';

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
  const { waitMs } = request;
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
  const waitSeconds = integerWithin(input, 'WaitTimeSeconds', 0, 20);
  return {
    waitMs:
      waitSeconds === undefined
        ? millisecondsOf(queue, 'ReceiveMessageWaitTimeSeconds')
        : waitSeconds * 1000,
    max: integerWithin(input, 'MaxNumberOfMessages', 1, 10) ?? 1,
    visibilityMs: seconds === undefined ? undefined : seconds * 1000,
    attemptId,
    selection: readSelection(input),
  };
}

interface ReceiveRequest {
  /** 0: short polling. */
  readonly waitMs: number;
  readonly max: number;
  /** None: the queue's own visibility timeout. */
  readonly visibilityMs: number | undefined;
  readonly attemptId: string | undefined;
  readonly selection: Selection;
}

/** Receives the messages that can be received now; `undefined` when there are none. */
function receiveNow(broker: Broker, queue: Queue, request: ReceiveRequest): JsonObject | undefined {
  const due = broker.messages.due(queue.id, broker.now(), request.max);
  // Avoids a transaction for each poll of an empty standard queue. A FIFO queue always needs one:
  // an attempt may be repeated, or a group may become receivable because its first message expired.
  if (due.length === 0 && !queue.fifo) {
    return undefined;
  }
  const taken = broker.store.transaction(() => take(broker, queue, request, due));
  if (taken.length === 0) {
    return undefined;
  }
  return {
    Messages: taken.map((message) => ({
      ReceiptHandle: broker.handles.write({
        queueId: queue.id,
        seq: message.seq,
        receive: message.receives,
      }),
      ...writeMessage(broker, queue, message, request.selection),
    })),
  };
}

function take(
  broker: Broker,
  queue: Queue,
  request: ReceiveRequest,
  due: readonly StoredMessage[],
): readonly StoredMessage[] {
  const { max, attemptId, waitMs } = request;
  const visibilityMs = request.visibilityMs ?? millisecondsOf(queue, 'VisibilityTimeout');
  const wanted = { due, max, visibilityMs, isLongPoll: waitMs > 0 };
  if (attemptId === undefined) {
    return takeMessages(broker, queue, wanted);
  }
  const now = broker.now();
  const repeated = repeat(broker, queue, attemptId, now + visibilityMs);
  const taken = repeated ?? takeMessages(broker, queue, wanted);
  if (taken.length > 0) {
    const received = taken.map(({ seq, receives, visibleAt }) => ({ seq, receives, visibleAt }));
    broker.attempts.put(queue.id, attemptId, received, now);
  }
  return taken;
}

/**
 * The messages of an earlier receive with the same attempt id, hidden again, with the same handles.
 * None if any of them was deleted, became visible or had its visibility changed since (API
 * reference, ReceiveMessage, `ReceiveRequestAttemptId`).
 */
function repeat(
  broker: Broker,
  queue: Queue,
  attemptId: string,
  visibleAt: number,
): readonly StoredMessage[] | undefined {
  const now = broker.now();
  const earlier = broker.attempts.find(queue.id, attemptId, now) ?? [];
  const messages = earlier.flatMap((taken) => {
    const message = broker.messages.find(taken.seq, queue.id);
    const untouched =
      message && message.receives === taken.receives && message.visibleAt === taken.visibleAt;
    return untouched && message.visibleAt > now ? [{ ...message, visibleAt }] : [];
  });
  if (messages.length === 0 || messages.length < earlier.length) {
    return undefined;
  }
  for (const message of messages) {
    broker.messages.saveReceive(message, now);
  }
  return messages;
}

/** The attributes that a receiver requests of each message besides its body. */
export interface Selection {
  readonly system: (name: string) => boolean;
  readonly user: (name: string) => boolean;
}

const systemAttributes: ReadonlySet<string> = new Set([
  'All',
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'SequenceNumber',
  'MessageDeduplicationId',
  'MessageGroupId',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
]);

/** `AttributeNames` is the older name of `MessageSystemAttributeNames`; both are accepted. */
export function readSelection(input: JsonObject): Selection {
  const older = stringList(input, 'AttributeNames').filter((name) => !queueAttributes.has(name));
  const system = new Set([...older, ...stringList(input, 'MessageSystemAttributeNames')]);
  for (const name of system) {
    if (!systemAttributes.has(name)) {
      throw invalidAttributeName(name);
    }
  }
  const user = stringList(input, 'MessageAttributeNames');
  const exact = new Set(user);
  // "All attributes starting with a prefix, for example bar.*"; `.*` is then the empty prefix.
  const prefixes = user.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2));
  return {
    system: (name) => system.has('All') || system.has(name),
    user: (name) =>
      exact.has('All') || exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix)),
  };
}

/** One message of the response of `ReceiveMessage`, without its receipt handle. */
function writeMessage(
  broker: Broker,
  queue: Queue,
  message: StoredMessage,
  { system, user }: Selection,
): JsonObject {
  const attributes = systemAttributesOf(broker, queue, message).filter(([name]) => system(name));
  const selected = message.attributes.filter(({ name }) => user(name));
  const all = selected.length === message.attributes.length;
  return {
    MessageId: message.messageId,
    MD5OfBody: message.bodyDigest,
    Body: message.body,
    ...(attributes.length > 0 && { Attributes: Object.fromEntries(attributes) }),
    ...(selected.length > 0 && {
      // The digest covers what is returned, so that the receiver can check it.
      MD5OfMessageAttributes: all ? message.attributesDigest : digestAttributes(selected),
      MessageAttributes: writeMessageAttributes(selected),
    }),
  };
}

function systemAttributesOf(
  broker: Broker,
  queue: Queue,
  message: StoredMessage,
): readonly (readonly [string, string])[] {
  const { firstReceivedAt, groupId, deduplicationId, traceHeader, sourceArn } = message;
  const present: readonly (readonly [string, string | undefined])[] = [
    // Every local caller is the account itself; requests are not signed by users.
    ['SenderId', broker.accountId],
    ['SentTimestamp', String(message.enqueuedAt)],
    ['ApproximateReceiveCount', String(message.earlierReceives + message.receives)],
    ['ApproximateFirstReceiveTimestamp', firstReceivedAt?.toString()],
    ['SequenceNumber', queue.fifo ? sequenceNumberOf(message.seq) : undefined],
    ['MessageDeduplicationId', deduplicationId],
    ['MessageGroupId', groupId],
    ['AWSTraceHeader', traceHeader],
    ['DeadLetterQueueSourceArn', sourceArn],
  ];
  return present.filter((entry): entry is [string, string] => entry[1] !== undefined);
}
