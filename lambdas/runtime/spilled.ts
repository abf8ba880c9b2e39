import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';

/**
 * An entry as it waits in the spill queue: in the form in which EventBridge delivers events, so that
 * whoever reads dead letters can read this too. The detail stays the text it was.
 */
export function toSpilled(entry: PutEventsRequestEntry): string {
  const head = {
    version: '0',
    'detail-type': entry.DetailType,
    source: entry.Source,
    time: entry.Time?.toISOString(),
    resources: entry.Resources ?? [],
  };
  return `${JSON.stringify(head).slice(0, -1)},"detail":${entry.Detail}}`;
}

/** The entry that a message in the spill queue holds. Throws for what was never put there by us. */
export function fromSpilled(body: string, busName: string): PutEventsRequestEntry {
  const event = JSON.parse(body) as Record<string, unknown>;
  const time = new Date(String(event.time));
  if (typeof event.source !== 'string' || typeof event['detail-type'] !== 'string') {
    throw new TypeError('Not a spilled event: it has no source or no detail-type');
  }
  return {
    EventBusName: busName,
    Source: event.source,
    DetailType: event['detail-type'],
    ...(Number.isNaN(time.getTime()) ? {} : { Time: time }),
    Detail: JSON.stringify(event.detail),
  };
}
