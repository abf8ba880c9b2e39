import { type AwsService, isObject, type JsonObject, unknownOperation } from '../aws-service.ts';
import { getQueueAttributes, setQueueAttributes } from './actions/queue-attributes.ts';
import {
  createQueue,
  deleteQueue,
  getQueueUrl,
  listDeadLetterSourceQueues,
  listQueues,
  listQueueTags,
  purgeQueue,
  tagQueue,
  untagQueue,
} from './actions/queues.ts';
import { receiveMessage } from './actions/receive-message.ts';
import {
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
} from './actions/received-messages.ts';
import {
  enqueue,
  readOutgoingMessage,
  sendMessage,
  sendMessageBatch,
} from './actions/send-message.ts';
import { Broker, type SqsOptions } from './broker.ts';
import { type StoredMessage, sequenceNumberOf } from './messages/message.ts';
import { writeMessageAttributes } from './messages/message-attributes.ts';
import { serializationException } from './sqs-error.ts';

type Action = (
  broker: Broker,
  input: JsonObject,
  signal?: AbortSignal,
) => JsonObject | Promise<JsonObject>;

/**
 * The actions of the API, version 2012-11-05, without permissions (nothing enforces them here) and
 * message move tasks.
 */
const actions: ReadonlyMap<string, Action> = new Map<string, Action>(
  Object.entries({
    ChangeMessageVisibility: changeMessageVisibility,
    ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
    CreateQueue: createQueue,
    DeleteMessage: deleteMessage,
    DeleteMessageBatch: deleteMessageBatch,
    DeleteQueue: deleteQueue,
    GetQueueAttributes: getQueueAttributes,
    GetQueueUrl: getQueueUrl,
    ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
    ListQueueTags: listQueueTags,
    ListQueues: listQueues,
    PurgeQueue: purgeQueue,
    ReceiveMessage: receiveMessage,
    SendMessage: sendMessage,
    SendMessageBatch: sendMessageBatch,
    SetQueueAttributes: setQueueAttributes,
    TagQueue: tagQueue,
    UntagQueue: untagQueue,
  }),
);

/** A message for a queue of this process. Attribute values are in the API's JSON form. */
interface MessageToSend {
  readonly body: string;
  /** By name, for example `{ kind: { DataType: 'String', StringValue: 'message' } }`. */
  readonly messageAttributes?: JsonObject;
  /** Only `AWSTraceHeader` exists. */
  readonly systemAttributes?: JsonObject;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** 0 to 900. @default the queue's own delay */
  readonly delaySeconds?: number;
}

interface SentMessage {
  readonly messageId: string;
  /** Only of FIFO queues. */
  readonly sequenceNumber?: string;
}

/** A message in its queue. Times are epoch milliseconds. */
export interface PeekedMessage {
  readonly messageId: string;
  readonly body: string;
  /** In the API's form, by name. */
  readonly messageAttributes: JsonObject;
  readonly state: 'visible' | 'inFlight' | 'delayed';
  readonly sentAt: number;
  /** When its delay or visibility timeout ends; in the past for a visible message. */
  readonly visibleAt: number;
  /** Receives in all queues it has been in. */
  readonly receiveCount: number;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  /** The queue it was dead-lettered from. */
  readonly deadLetterSourceArn: string | undefined;
}

/**
 * Amazon SQS on this machine. All state is in the store, in-flight messages and their deadlines
 * included, so that a new instance on the same store continues where the last one was stopped.
 */
export class Sqs implements AwsService {
  readonly #broker: Broker;

  constructor(options: SqsOptions) {
    this.#broker = options.store.transaction(() => new Broker(options));
  }

  async call(action: string, input: JsonObject, signal?: AbortSignal): Promise<JsonObject> {
    const run = actions.get(action);
    if (!run) {
      throw unknownOperation('SQS', action, 'InvalidAction');
    }
    if (!isObject(input)) {
      throw serializationException('The request', 'a structure');
    }
    return run(this.#broker, input, signal);
  }

  /**
   * Sends within the caller's transaction: if that is rolled back, the message was not sent. Long
   * polls receive it only after the commit. Throws {@link AwsError} as SendMessage does.
   */
  sendToArn(queueArn: string, message: MessageToSend): SentMessage {
    const broker = this.#broker;
    return broker.store.transaction(() => {
      const queue = broker.queues.byArn(queueArn);
      const outgoing = readOutgoingMessage(queue, {
        MessageBody: message.body,
        MessageAttributes: message.messageAttributes,
        MessageSystemAttributes: message.systemAttributes,
        MessageGroupId: message.groupId,
        MessageDeduplicationId: message.deduplicationId,
        DelaySeconds: message.delaySeconds,
      });
      const { messageId, seq } = enqueue(broker, queue, outgoing);
      return { messageId, ...(queue.fifo && { sequenceNumber: sequenceNumberOf(seq) }) };
    });
  }

  /** The URL of an existing queue. Throws `QueueDoesNotExist`. */
  urlOf(queueArn: string): string {
    return this.#broker.addresses.urlOf(this.#broker.queues.byArn(queueArn).name);
  }

  /** The ARN of an existing queue. Throws `QueueDoesNotExist`. */
  arnOf(queueUrl: string): string {
    return this.#broker.queues.byUrl(queueUrl).arn;
  }

  /** The oldest messages of a queue and their state, without receiving them. */
  peek(queueArn: string, limit: number): readonly PeekedMessage[] {
    const { store, queues, contents } = this.#broker;
    const queue = queues.byArn(queueArn);
    const now = this.#broker.now();
    return store.transaction(() => {
      contents.expire(queue, now);
      return contents.list(queue.id, limit).map((message) => peeked(message, now));
    });
  }

  /** Ends all long polls with an empty response. The store stays open. */
  close(): void {
    this.#broker.receivers.close();
  }
}

function peeked(message: StoredMessage, now: number): PeekedMessage {
  const hidden = message.receives > 0 ? 'inFlight' : 'delayed';
  return {
    messageId: message.messageId,
    body: message.body,
    messageAttributes: writeMessageAttributes(message.attributes),
    state: message.visibleAt > now ? hidden : 'visible',
    sentAt: message.enqueuedAt,
    visibleAt: message.visibleAt,
    receiveCount: message.earlierReceives + message.receives,
    groupId: message.groupId,
    deduplicationId: message.deduplicationId,
    deadLetterSourceArn: message.sourceArn,
  };
}
