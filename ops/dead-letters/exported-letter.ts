import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { own, ownText } from '../../events/own.ts';
import type { Letter } from './dead-letter-message.ts';
import type { QueueEntry } from './destination.ts';

/** SQS API reference, SendMessage: attributes of one message at most. */
const mostAttributes = 10;

/** Thrown for a line that holds no letter. Says nothing of its content. */
export class NotALetterError extends Error {
  constructor(expected: string) {
    super(`expected ${expected}`);
    this.name = 'NotALetterError';
  }
}

/** A letter as one line of NDJSON, whole: with everything that was said in it. */
export function writeExported({ messageId, body, attributes, system }: Letter): string {
  const written = Object.entries(attributes).map(([name, value]) => [name, writeAttribute(value)]);
  return JSON.stringify({ messageId, body, attributes: Object.fromEntries(written), system });
}

/**
 * Reads such a line as a message to send. SQS sets the times, the counts and the id anew.
 *
 * @throws NotALetterError
 */
export function readExported(line: string, isFifo: boolean): QueueEntry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new NotALetterError('a JSON object');
  }
  const body = ownText(value, 'body');
  if (body === undefined) throw new NotALetterError('a field "body" with text');
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
  if (given === undefined) return undefined;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new NotALetterError('"attributes" to be an object');
  }
  const entries = Object.entries(given);
  if (entries.length > mostAttributes) {
    throw new NotALetterError(`at most ${mostAttributes} attributes`);
  }
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, readAttribute(value)]));
}

function readAttribute(value: unknown): MessageAttributeValue {
  const DataType = ownText(value, 'type');
  const text = ownText(value, 'value');
  const base64 = ownText(value, 'base64');
  if (DataType !== undefined && text !== undefined) return { DataType, StringValue: text };
  if (DataType !== undefined && base64 !== undefined) {
    return { DataType, BinaryValue: Buffer.from(base64, 'base64') };
  }
  throw new NotALetterError('each attribute to have a "type", and a "value" or "base64"');
}
