import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../aws-service.ts';
import type { EventBridgeContext } from '../event-bridge-context.ts';
import { validationError } from '../eventbridge-error.ts';
import { type EventHead, isoSeconds, writeEvent } from '../publishing/event-text.ts';
import {
  checkEntry,
  type Entry,
  type EntryRefusal,
  readEntry,
  type SoundEntry,
  sizeOfEntry,
} from '../publishing/read-entry.ts';
import { objectList } from '../request.ts';
import type { UnitOfWork } from '../turn.ts';

/** API reference, PutEvents. */
const maxEntries = 10;
/** 1 MB for the entries together, counted by {@link sizeOfEntry}; exactly 1 MiB is accepted. */
const maxRequestBytes = 1024 * 1024;

type EntryResult = { readonly EventId: string } | EntryRefusal;

/**
 * Accepts events. Each entry is accepted or refused separately; accepted events are in the targets'
 * queues, or stored for delivery, when this returns.
 */
export function putEvents(context: EventBridgeContext, input: JsonObject): JsonObject {
  const entries = objectList(input, 'Entries', 1, maxEntries).map(readEntry);
  if (entries.reduce((sum, entry) => sum + sizeOfEntry(entry), 0) > maxRequestBytes) {
    throw validationError('Total size of the entries in the request is over the limit.');
  }
  const results = context.turns.run((unit) =>
    entries.map((entry) => putEntry(context, unit, entry)),
  );
  const FailedEntryCount = results.filter((result) => 'ErrorCode' in result).length;
  return { FailedEntryCount, Entries: results };
}

function putEntry(context: EventBridgeContext, unit: UnitOfWork, entry: Entry): EntryResult {
  const bus = context.arns.busName(entry.bus);
  const checked = checkEntry(entry, context.publisher.readsNumbers(bus));
  if ('ErrorCode' in checked) {
    return checked;
  }
  return { EventId: accept(context, unit, bus, checked) };
}

function accept(
  context: EventBridgeContext,
  unit: UnitOfWork,
  bus: string,
  entry: SoundEntry,
): string {
  const { source, detailType, resources, traceHeader } = entry;
  const { accountId: account, region } = context.place;
  const acceptedAt = context.now();
  const id = randomUUID();
  const time = entry.time ?? acceptedAt;
  const head: EventHead = { id, detailType, source, account, time, region, resources };
  const event = {
    id,
    bus,
    text: writeEvent(head, entry.detail),
    time,
    acceptedAt,
    forwarded: false,
    ...(traceHeader !== undefined && { traceHeader }),
  };
  const parsed = {
    version: '0',
    id,
    'detail-type': detailType,
    source,
    account,
    time: isoSeconds(time),
    region,
    resources,
    detail: entry.parsed,
  };
  context.publisher.publish(unit, event, parsed);
  return id;
}
