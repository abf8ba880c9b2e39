import { randomUUID } from 'node:crypto';
import { exceedsDepth, maxEventDepth, NumberText, readEvent } from '@event-fanout/event-pattern';
import { isObject, type JsonObject } from '../../aws-service.ts';
import type { EventBridgeContext } from '../event-bridge-context.ts';
import { type EventHead, isoSeconds, writeEvent } from '../publisher.ts';
import { objectList, optionalText, optionalTime, textList, validationError } from '../request.ts';
import type { UnitOfWork } from '../unit-of-work.ts';

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
  const results = context.transactions.run((unit) =>
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
  entry: ValidEntry,
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

/** An entry of PutEvents with the types that the protocol demands, not yet checked further. */
export interface Entry {
  readonly bus: string | undefined;
  readonly source: string | undefined;
  readonly detailType: string | undefined;
  readonly detail: string | undefined;
  readonly resources: readonly string[];
  readonly time: number | undefined;
  readonly traceHeader: string | undefined;
}

/** Why an entry is refused; other entries of the same call may be accepted. */
interface EntryRefusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** Reads an entry; throws an error that refuses the entire call. */
export function readEntry(input: JsonObject): Entry {
  const any = { min: 0 };
  return {
    bus: optionalText(input, 'EventBusName', { max: 1600, pattern: busPattern }),
    source: optionalText(input, 'Source', any),
    detailType: optionalText(input, 'DetailType', any),
    detail: optionalText(input, 'Detail', any),
    resources: textList(input, 'Resources') ?? [],
    time: optionalTime(input, 'Time'),
    traceHeader: optionalText(input, 'TraceHeader', { max: 500 }),
  };
}

/** API reference, PutEventsRequestEntry. */
const busPattern =
  /^(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[/.\-_A-Za-z0-9]+$/;

/** User Guide, "Calculating PutEvents event entry size". */
function sizeOfEntry(entry: Entry): number {
  const bytes = (text: string | undefined) => (text === undefined ? 0 : Buffer.byteLength(text));
  return (
    (entry.time === undefined ? 0 : 14) +
    bytes(entry.source) +
    bytes(entry.detailType) +
    bytes(entry.detail) +
    entry.resources.reduce((sum, resource) => sum + bytes(resource), 0)
  );
}

/** An entry that passed all checks. */
interface ValidEntry extends Entry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
  /** The detail, parsed. */
  readonly parsed: object;
}

/** API reference, PutEventsRequestEntry: `DetailType`. */
const maxDetailTypeLength = 128;

/** Checks an entry. Error messages never quote it. */
function checkEntry(entry: Entry, keepNumbers: boolean): ValidEntry | EntryRefusal {
  const { source, detailType, detail } = entry;
  if (!source) {
    return missingArgument('Source');
  }
  if (source.startsWith('aws.')) {
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    };
  }
  if (!detailType) {
    return missingArgument('DetailType');
  }
  if (detailType.length > maxDetailTypeLength) {
    return invalidArgument(
      'DetailType',
      `DetailType must not be longer than ${maxDetailTypeLength} characters.`,
    );
  }
  if (!detail) {
    return missingArgument('Detail');
  }
  const parsed = parseDetail(detail, keepNumbers);
  if (!parsed) {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  }
  return { ...entry, source, detailType, detail, parsed };
}

function parseDetail(detail: string, keepNumbers: boolean): object | undefined {
  // The event adds one level around the detail.
  if (exceedsDepth(detail, maxEventDepth - 1)) {
    return undefined;
  }
  try {
    const parsed = readEvent(detail, keepNumbers);
    return isObject(parsed) && !(parsed instanceof NumberText) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const missingArgument = (name: string) => invalidArgument(name, `${name} is a required argument.`);

const invalidArgument = (name: string, reason: string): EntryRefusal => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${reason}`,
});
