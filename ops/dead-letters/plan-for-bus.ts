import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { Envelope } from '../../events/envelope.ts';
import { eventSource } from '../../events/event-source.ts';
import { own, ownText } from '../../events/own.ts';
import { serializeEnvelope } from '../../events/serialize-envelope.ts';
import type { Letter } from './dead-letter-message.ts';
import { type Destination, stays } from './destination.ts';
import type { EndQueue } from './failure-queue.ts';

/** `JSON.parse` gives a reviver each number's own digits, and `rawJSON` writes them (ECMAScript 2026). */
type ExactJson = {
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
};

/** For what no rule matched and what the bus refused: the bus, as it would have been put there. */
export function planForBus(letter: Letter, { busName }: EndQueue): Destination {
  if (busName === undefined) return stays('the stack has several buses, and it does not say which');
  const { event } = letter;
  const source = ownText(event, 'source') ?? (isEnvelope(event) ? eventSource : undefined);
  const { type, occurredAt, system } = letter;
  if (source === undefined || type === undefined || typeof letter.envelope !== 'object') {
    return stays('it is no event: it has no source, detail-type and detail');
  }
  const time = new Date(occurredAt ?? '');
  const eventTime = new Date(ownText(event, 'time') ?? '');
  const entry: PutEventsRequestEntry = {
    EventBusName: busName,
    Source: source,
    DetailType: type,
    Detail: exactDetail(letter),
    ...(isTime(eventTime) ? { Time: eventTime } : isTime(time) ? { Time: time } : {}),
    ...(resourcesOf(event).length > 0 && { Resources: resourcesOf(event) }),
    ...(system.AWSTraceHeader !== undefined && { TraceHeader: system.AWSTraceHeader }),
  };
  return { kind: 'bus', name: busName, entry };
}

const isEnvelope = (event: unknown) =>
  ownText(event, 'meta', 'id') !== undefined && own(event, 'data') !== undefined;

const isTime = (time: Date) => !Number.isNaN(time.getTime());

function resourcesOf(event: unknown): string[] {
  const resources = own(event, 'resources');
  return Array.isArray(resources) ? resources.filter((each) => typeof each === 'string') : [];
}

/** The detail with every number as it was written: ids of 18 digits are more than a double holds. */
function exactDetail({ body }: Letter): string {
  const { parse, rawJSON } = JSON as unknown as ExactJson;
  const event = parse(body, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? rawJSON(source) : value,
  );
  return serializeEnvelope((own(event, 'detail') ?? event) as Envelope);
}
