import type { Envelope } from '../../events/envelope.ts';
import { normalizeWebhook } from '../../events/normalize.ts';

/** A webhook body, and the event that becomes of it. */
export interface WorkedExample {
  readonly label: string;
  readonly body: object;
  readonly detail: Envelope;
}

/** What a document says of a request must not differ from one day to the next. */
const request = {
  receivedAt: new Date('2026-01-01T12:00:00.250Z'),
  requestId: 'X1nPqhZ5oAMEPkw=',
};

/** Normalizes a body as ingest would. */
export function workExample(label: string, body: object): WorkedExample {
  const [detail] = normalizeWebhook(Buffer.from(JSON.stringify(body)), request).events;
  if (!detail) throw new Error('A webhook always gives an event.');
  return { label, body, detail };
}
