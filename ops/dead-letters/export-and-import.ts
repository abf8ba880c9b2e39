import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { isRecord, own, ownText } from '../../events/own.ts';
import type { AwsAccess } from '../aws/connect.ts';
import type { DeadLetterMessage } from './dead-letter-message.ts';
import type { FailureQueue } from './failure-queue.ts';
import { type ScanOptions, type ScanResult, scanQueue } from './scan-queue.ts';
import { type QueueEntry, sendToQueue, Tally } from './send-messages.ts';

/**
 * Writes the messages of a queue to a new file, one per line, that only its owner can read. They stay
 * in the queue.
 *
 * @throws when the file is there already or cannot be written
 */
export async function exportMessages(
  access: AwsAccess,
  queue: FailureQueue,
  file: string,
  options: ScanOptions = {},
): Promise<ScanResult> {
  const handle = await create(file);
  try {
    return await scanQueue(access, queue, options, async (messages) => {
      await handle.appendFile(messages.map((message) => `${writeExported(message)}\n`).join(''));
    });
  } finally {
    await handle.close();
  }
}

/** Why a new file cannot be created, by Node's error codes. */
const createProblems: Readonly<Record<string, string>> = {
  EEXIST: 'already exists. Name another file, or remove it.',
  ENOENT: 'cannot be created: its folder does not exist.',
};

async function create(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'wx', 0o600);
  } catch (error) {
    const problem = createProblems[(error as { code?: string }).code ?? ''];
    throw problem === undefined ? error : new Error(`${file} ${problem}`, { cause: error });
  }
}

/** Options of an import. */
export interface ImportOptions {
  /** Lines that an earlier, interrupted run has sent. @default 0 */
  readonly skip?: number;
  /** Sends nothing; checks each line. @default false */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (lines: number) => void;
}

/** Result of an import. */
interface ImportSummary {
  readonly sent: number;
  /** Lines that were not sent, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Number of processed lines: where to continue after an interruption. */
  readonly lines: number;
  readonly interrupted: boolean;
}

const linesPerRound = 80;

/**
 * Sends the messages of an NDJSON file to a queue. Checks the full file first, so that an error on the
 * last line is found before anything is sent.
 *
 * @throws RangeError when the file has fewer lines than are skipped; Error when a line is no message: names the line
 */
export async function importMessages(
  { sqs }: Pick<AwsAccess, 'sqs'>,
  queue: FailureQueue,
  file: string,
  options: ImportOptions = {},
): Promise<ImportSummary> {
  const { skip = 0, dryRun = false, signal, onProgress } = options;
  let checked = 0;
  for await (const round of rounds(file, queue, skip)) {
    checked += round.entries.length;
  }
  if (dryRun) {
    return { sent: checked, refused: {}, lines: 0, interrupted: false };
  }
  const refused = new Tally();
  let sent = 0;
  let lines = skip;
  for await (const round of rounds(file, queue, skip)) {
    if (signal?.aborted) {
      return { sent, refused: refused.toJSON(), lines, interrupted: true };
    }
    const results = await sendToQueue(sqs, queue.url, round.entries);
    for (const result of results) {
      if ('error' in result) {
        refused.add(result.error);
      } else {
        sent += 1;
      }
    }
    lines = round.lastLine;
    onProgress?.(lines);
  }
  return { sent, refused: refused.toJSON(), lines, interrupted: false };
}

interface Round {
  readonly entries: readonly QueueEntry[];
  readonly lastLine: number;
}

async function* rounds(file: string, { name }: FailureQueue, skip: number): AsyncGenerator<Round> {
  const isFifo = name.endsWith('.fifo');
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  let number = 0;
  let entries: QueueEntry[] = [];
  for await (const line of lines) {
    number += 1;
    if (number <= skip || line.trim() === '') {
      continue;
    }
    entries.push(readLine(line, number, isFifo));
    if (entries.length < linesPerRound) {
      continue;
    }
    yield { entries, lastLine: number };
    entries = [];
  }
  if (number < skip) {
    throw new RangeError(`${file} has ${number} lines, so ${skip} cannot be skipped.`);
  }
  if (entries.length > 0) {
    yield { entries, lastLine: number };
  }
}

function readLine(line: string, number: number, isFifo: boolean): QueueEntry {
  try {
    return readExported(line, isFifo);
  } catch (error) {
    if (!(error instanceof NotADeadLetterMessageError)) {
      throw error;
    }
    throw new Error(`Line ${number} is not a message: ${error.message}. Nothing was sent.`);
  }
}

/** Maximum number of attributes of one message (SQS API reference, SendMessage). */
const maxAttributes = 10;

/** Thrown for a line that is not a message. Does not contain the line's content. */
export class NotADeadLetterMessageError extends Error {
  constructor(expected: string) {
    super(`expected ${expected}`);
    this.name = 'NotADeadLetterMessageError';
  }
}

/** A message as one line of NDJSON, including personal data. */
export function writeExported({ messageId, body, attributes, system }: DeadLetterMessage): string {
  const written = Object.entries(attributes).map(([name, value]) => [name, writeAttribute(value)]);
  return JSON.stringify({ messageId, body, attributes: Object.fromEntries(written), system });
}

/**
 * Parses an exported line as a message to send. SQS assigns new times, counts and a new id.
 *
 * @throws NotADeadLetterMessageError
 */
export function readExported(line: string, isFifo: boolean): QueueEntry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new NotADeadLetterMessageError('a JSON object');
  }
  const body = ownText(value, 'body');
  if (body === undefined) {
    throw new NotADeadLetterMessageError('a field "body" with text');
  }
  const attributes = readAttributes(own(value, 'attributes'));
  const groupId = ownText(value, 'system', 'MessageGroupId');
  const trace = ownText(value, 'system', 'AWSTraceHeader');
  const id = ownText(value, 'messageId');
  return {
    MessageBody: body,
    ...(attributes && { MessageAttributes: attributes }),
    ...(trace !== undefined && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } },
    }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(isFifo && id !== undefined && { MessageDeduplicationId: id }),
  };
}

function writeAttribute({ DataType, StringValue, BinaryValue }: MessageAttributeValue) {
  return BinaryValue === undefined
    ? { type: DataType, value: StringValue }
    : { type: DataType, base64: Buffer.from(BinaryValue).toString('base64') };
}

function readAttributes(given: unknown): Record<string, MessageAttributeValue> | undefined {
  if (given === undefined) {
    return undefined;
  }
  if (!isRecord(given)) {
    throw new NotADeadLetterMessageError('"attributes" to be an object');
  }
  const entries = Object.entries(given);
  if (entries.length > maxAttributes) {
    throw new NotADeadLetterMessageError(`at most ${maxAttributes} attributes`);
  }
  if (entries.length === 0) {
    return undefined;
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, readAttribute(value)]));
}

function readAttribute(value: unknown): MessageAttributeValue {
  const DataType = ownText(value, 'type');
  const text = ownText(value, 'value');
  const base64 = ownText(value, 'base64');
  if (DataType !== undefined && text !== undefined) {
    return { DataType, StringValue: text };
  }
  if (DataType !== undefined && base64 !== undefined) {
    return { DataType, BinaryValue: Buffer.from(base64, 'base64') };
  }
  throw new NotADeadLetterMessageError(
    'each attribute to have a "type", and a "value" or "base64"',
  );
}
