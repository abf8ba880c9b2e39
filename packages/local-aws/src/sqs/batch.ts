import { AwsError, type JsonObject } from '../aws-service.ts';
import { objectList, optionalString } from './request.ts';
import {
  batchEntryIdsNotDistinct,
  emptyBatchRequest,
  invalidBatchEntryId,
  missingParameter,
  tooManyEntriesInBatchRequest,
  UnusableReceiptHandle,
} from './sqs-error.ts';

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
