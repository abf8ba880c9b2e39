import { maxEventDepth, NumberText, nestsDeeper, readEvent } from '@event-fanout/event-pattern';
import { isObject, type JsonObject } from '../../aws-service.ts';
import { optionalText, optionalTime, textList } from '../request.ts';

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

/** Why one entry of a call is refused while others may be accepted. */
export interface EntryRefusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** Reads an entry; throws where the entire call is refused. */
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
export function sizeOfEntry(entry: Entry): number {
  const bytes = (text: string | undefined) => (text === undefined ? 0 : Buffer.byteLength(text));
  return (
    (entry.time === undefined ? 0 : 14) +
    bytes(entry.source) +
    bytes(entry.detailType) +
    bytes(entry.detail) +
    entry.resources.reduce((sum, resource) => sum + bytes(resource), 0)
  );
}

/** An entry that can become an event. */
export interface SoundEntry extends Entry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
  /** The detail, parsed. */
  readonly parsed: object;
}

/** API reference, PutEventsRequestEntry: `DetailType`. */
const maxDetailTypeLength = 128;

/** Checks an entry; messages never quote it. */
export function checkEntry(entry: Entry, keepNumbers: boolean): SoundEntry | EntryRefusal {
  const { source, detailType, detail } = entry;
  if (!source) {
    return missing('Source');
  }
  if (source.startsWith('aws.')) {
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    };
  }
  if (!detailType) {
    return missing('DetailType');
  }
  if (detailType.length > maxDetailTypeLength) {
    return invalid(
      'DetailType',
      `DetailType must not be longer than ${maxDetailTypeLength} characters.`,
    );
  }
  if (!detail) {
    return missing('Detail');
  }
  const parsed = parseDetail(detail, keepNumbers);
  if (!parsed) {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  }
  return { ...entry, source, detailType, detail, parsed };
}

function parseDetail(detail: string, keepNumbers: boolean): object | undefined {
  // The event around it is one level more.
  if (nestsDeeper(detail, maxEventDepth - 1)) {
    return undefined;
  }
  try {
    const parsed = readEvent(detail, keepNumbers);
    return isObject(parsed) && !(parsed instanceof NumberText) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const missing = (name: string) => invalid(name, `${name} is a required argument.`);

const invalid = (name: string, reason: string): EntryRefusal => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${reason}`,
});
