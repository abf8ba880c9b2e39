import { AwsError, isObject, type JsonObject } from '../aws-service.ts';
import {
  batchEntryIdsNotDistinct,
  emptyBatchRequest,
  invalidBatchEntryId,
  invalidParameterValue,
  missingParameter,
  serializationException,
  tooManyEntriesInBatchRequest,
  UnusableReceiptHandle,
} from './sqs-error.ts';

/** Readers for untrusted input: each returns a value of its type or throws as SQS would. */

/** The field's value; `undefined` for a field that is absent or null, as the JSON protocol has it. */
function field(input: JsonObject, name: string): unknown {
  return Object.hasOwn(input, name) ? (input[name] ?? undefined) : undefined;
}

export function optionalString(input: JsonObject, name: string): string | undefined {
  const value = field(input, name);
  if (value === undefined || typeof value === 'string') {
    return value;
  }
  throw serializationException(name, 'a string');
}

/** A string of at least one character. `label` is its name in errors. */
export function requiredString(input: JsonObject, name: string, label = name): string {
  const value = optionalString(input, name);
  if (!value) {
    throw missingParameter(label);
  }
  return value;
}

export function optionalInteger(input: JsonObject, name: string): number | undefined {
  const value = field(input, name);
  if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value))) {
    return value;
  }
  throw serializationException(name, 'an integer');
}

/** An integer within bounds, both included, or `undefined`. */
export function integerWithin(
  input: JsonObject,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const value = optionalInteger(input, name);
  if (value === undefined || (value >= min && value <= max)) {
    return value;
  }
  throw invalidParameterValue(
    `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${min} and ${max}, if provided.`,
  );
}

export function stringList(input: JsonObject, name: string): readonly string[] {
  const value = field(input, name) ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return value;
  }
  throw serializationException(name, 'a list of strings');
}

export function objectList(input: JsonObject, name: string): readonly JsonObject[] {
  const value = field(input, name);
  if (value === undefined) {
    throw missingParameter(name);
  }
  if (Array.isArray(value) && value.every(isObject)) {
    return value;
  }
  throw serializationException(name, 'a list of structures');
}

/** The entries of a map; none when the field is absent. A null value counts as absent. */
export function mapEntries(input: JsonObject, name: string): readonly [string, unknown][] {
  const value = field(input, name) ?? {};
  if (!isObject(value)) {
    throw serializationException(name, 'a map');
  }
  return Object.entries(value).filter(([, item]) => item !== null);
}

/** Entries of a map of strings. Numbers and booleans are read as strings, which SQS does too. */
export function stringEntries(input: JsonObject, name: string): readonly [string, string][] {
  return mapEntries(input, name).map(([key, value]) => {
    if (typeof value === 'object') {
      throw serializationException(name, 'a map of strings');
    }
    return [key, String(value)];
  });
}

/** Characters of group, deduplication and receive-attempt ids (API reference, SendMessage). */
const token = /^[\x21-\x7e]{1,128}$/;

export function optionalToken(input: JsonObject, name: string): string | undefined {
  const value = optionalString(input, name);
  if (value === undefined || token.test(value)) {
    return value;
  }
  // The value stays out of the message: a group id may be a phone number.
  throw invalidParameterValue(
    `Value for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

/** API reference, TooManyEntriesInBatchRequest. */
const maxEntries = 10;

export interface BatchEntry {
  readonly id: string;
  readonly fields: JsonObject;
  /** The entry's name in errors, counted from one: `SendMessageBatchRequestEntry.1`. */
  readonly label: string;
}

/** Reads the `Entries` of a batch action. Errors of the batch itself refuse all entries. */
export function readBatch(input: JsonObject, entryName: string): readonly BatchEntry[] {
  const entries = objectList(input, 'Entries');
  if (entries.length === 0) {
    throw emptyBatchRequest(entryName);
  }
  if (entries.length > maxEntries) {
    throw tooManyEntriesInBatchRequest(maxEntries, entries.length);
  }
  const seen = new Set<string>();
  return entries.map((fields, index) => {
    const label = `${entryName}.${index + 1}`;
    const id = optionalString(fields, 'Id');
    if (id === undefined) {
      throw missingParameter(`${label}.Id`);
    }
    if (!/^[\w-]{1,80}$/.test(id)) {
      throw invalidBatchEntryId();
    }
    if (seen.has(id)) {
      throw batchEntryIdsNotDistinct(id);
    }
    seen.add(id);
    return { id, fields, label };
  });
}

/**
 * Processes each entry separately: an entry's error is reported in `Failed` and does not affect the
 * others.
 */
export function answerEach<Entry extends { readonly id: string }>(
  entries: readonly Entry[],
  run: (entry: Entry) => JsonObject,
): JsonObject {
  const successful: JsonObject[] = [];
  const failed: JsonObject[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry.id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) {
        throw error;
      }
      failed.push(failure(entry.id, error));
    }
  }
  return {
    ...(successful.length > 0 && { Successful: successful }),
    ...(failed.length > 0 && { Failed: failed }),
  };
}

function failure(id: string, error: AwsError): JsonObject {
  const handle = error instanceof UnusableReceiptHandle;
  return {
    Id: id,
    SenderFault: true,
    Code: handle ? 'ReceiptHandleIsInvalid' : (error.queryCode ?? error.code),
    Message: handle ? error.reason : error.message,
  };
}
