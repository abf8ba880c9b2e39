import { isObject } from '../../aws-service.ts';
import type { Clock } from '../../clock.ts';
import {
  type MappingPorts,
  type MappingSettings,
  type QueueMessage,
  type QueueSource,
  type SqsRecord,
  toSqsRecord,
} from './mapping-settings.ts';

/** SQS returns at most ten messages at once, and waits at most twenty seconds. */
export const maxMessagesPerReceive = 10;
const maxWaitSeconds = 20;

/** Maximum size of the event of one invocation: Lambda's limit on synchronous payloads. */
const maxBatchBytes = 6 * 1024 * 1024;

/** How a batch is filled. */
export interface BatchOptions {
  readonly queueArn: string;
  readonly size: number;
  readonly windowSeconds: number;
}

/**
 * Reads the next batch of a queue: waits for the first message, and then, if there is a batching
 * window, until the batch is full, its messages reach 6 MB or the window is over
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching).
 * Empty when no message arrived within one long poll, or when `signal` aborted.
 */
export async function readBatch(
  queues: QueueSource,
  clock: Clock,
  { queueArn, size, windowSeconds }: BatchOptions,
  signal: AbortSignal,
): Promise<QueueMessage[]> {
  const messages: QueueMessage[] = [];
  const receive = async (waitSeconds: number, until: AbortSignal) => {
    const maxMessages = Math.min(maxMessagesPerReceive, size - messages.length);
    try {
      const options = { maxMessages, waitSeconds, signal: until };
      messages.push(...(await queues.receive(queueArn, options)));
    } catch (error) {
      if (!until.aborted) {
        throw error;
      }
    }
  };

  await receive(maxWaitSeconds, signal);
  if (messages.length === 0 || windowSeconds === 0) {
    return messages;
  }

  const window = new AbortController();
  const end = clock.now() + windowSeconds * 1000;
  const cancel = clock.after(windowSeconds * 1000, () => window.abort());
  const until = AbortSignal.any([signal, window.signal]);
  try {
    while (!until.aborted && messages.length < size && countBytes(messages) < maxBatchBytes) {
      const remaining = Math.ceil((end - clock.now()) / 1000);
      await receive(Math.min(maxWaitSeconds, Math.max(1, remaining)), until);
    }
  } finally {
    cancel();
  }
  return messages;
}

function countBytes(messages: readonly QueueMessage[]): number {
  return messages.reduce((bytes, { Body }) => bytes + Buffer.byteLength(Body), 0);
}

/** Whether a record passes the mapping's filters. */
export type RecordFilter = (record: object) => boolean;

/**
 * Calls the function with a batch, and deletes the messages that were processed or filtered out.
 * Failed messages stay in the queue. Rejects when the function could not be called.
 */
export async function handleBatch(
  messages: readonly QueueMessage[],
  settings: MappingSettings,
  filters: readonly RecordFilter[],
  ports: MappingPorts,
): Promise<void> {
  const { eventSourceArn: queueArn } = settings;
  const records = messages.map((message) => toSqsRecord(message, queueArn));
  const wanted = records.filter((record) => passes(record, filters));
  const done = new Set(records.filter((record) => !wanted.includes(record)));
  try {
    for (const part of splitBySize(wanted)) {
      const batch = { queueArn, functionName: settings.functionName, records: part };
      ports.batches?.batchStarted(batch);
      const { failed, error } = await callWithRecords(part, settings, ports).catch((refused) => {
        ports.batches?.batchFinished(batch, idsOf(part), 'Lambda refused the invocation');
        throw refused;
      });
      ports.batches?.batchFinished(batch, failed, error);
      for (const record of part) {
        if (!failed.has(record.messageId)) {
          done.add(record);
        }
      }
    }
  } finally {
    const handles = [...done].map(({ receiptHandle }) => receiptHandle);
    if (handles.length > 0) {
      await ports.queues.deleteMessages(queueArn, handles);
    }
  }
}

async function callWithRecords(
  records: readonly SqsRecord[],
  { functionName, functionResponseTypes = [] }: MappingSettings,
  { invoke }: MappingPorts,
): Promise<{ readonly failed: ReadonlySet<string>; readonly error?: string }> {
  const ids = idsOf(records);
  const result = await invoke(functionName, JSON.stringify({ Records: records }));
  if (result.functionError) {
    return { failed: ids, error: result.functionError };
  }
  const isPartial = functionResponseTypes.includes('ReportBatchItemFailures');
  return { failed: isPartial ? readBatchResponse(result.payload, ids) : new Set() };
}

const idsOf = (records: readonly SqsRecord[]) => new Set(records.map(({ messageId }) => messageId));

/** Ten messages of 1 MiB do not fit in one event: such a batch is split. */
function splitBySize(records: readonly SqsRecord[]): (readonly SqsRecord[])[] {
  if (fitsCertainly(records)) {
    return records.length > 0 ? [records] : [];
  }
  const parts: SqsRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const bytes = Buffer.byteLength(JSON.stringify(record)) + 1;
    if (bytes > room || parts.length === 0) {
      parts.push([]);
      room = maxBatchBytes - '{"Records":[]}'.length;
    }
    parts.at(-1)?.push(record);
    room -= bytes;
  }
  return parts;
}

/**
 * A quick upper bound, enough for nearly every batch: as JSON, a character takes at most six bytes,
 * and the other parts of a record are bounded.
 */
function fitsCertainly(records: readonly SqsRecord[]): boolean {
  let max = 0;
  for (const { body, messageAttributes } of records) {
    if (Object.keys(messageAttributes).length > 0) {
      return false;
    }
    max += 6 * body.length + maxBesidesBodyBytes;
  }
  return max < maxBatchBytes;
}

/** Upper bound of a record besides its body: ids, digests, the ARN, and the system's attributes. */
const maxBesidesBodyBytes = 16 * 1024;

function passes(record: SqsRecord, filters: readonly RecordFilter[]): boolean {
  if (filters.length === 0) {
    return true;
  }
  const readable = { ...record, body: parseBody(record.body) };
  return filters.some((filter) => filter(readable));
}

/** A filter tests the members of a body that is JSON, and any other body as text. */
function parseBody(body: string): unknown {
  try {
    const value = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : body;
  } catch {
    return body;
  }
}

/**
 * The messages of a batch that a function reports as failed, by the rules of
 * `ReportBatchItemFailures`
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting):
 * an empty report is success, and an invalid report fails the entire batch.
 */
export function readBatchResponse(
  payload: string,
  messageIds: ReadonlySet<string>,
): ReadonlySet<string> {
  const items = listFailures(payload);
  if (!items) {
    return messageIds;
  }
  const failed = new Set<string>();
  for (const item of items) {
    const id = isObject(item) && Object.hasOwn(item, 'itemIdentifier') && item.itemIdentifier;
    if (typeof id !== 'string' || !messageIds.has(id)) {
      return messageIds;
    }
    failed.add(id);
  }
  return failed;
}

/** Undefined for a response without the documented shape. */
function listFailures(payload: string): readonly unknown[] | undefined {
  let response: unknown;
  try {
    response = payload === '' ? null : JSON.parse(payload);
  } catch {
    return undefined;
  }
  if (response === null || response === '') {
    return [];
  }
  if (!isObject(response)) {
    return undefined;
  }
  const failures = Object.hasOwn(response, 'batchItemFailures') ? response.batchItemFailures : null;
  if (failures === null) {
    return [];
  }
  return Array.isArray(failures) ? failures : undefined;
}
