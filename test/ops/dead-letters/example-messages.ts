import { randomUUID } from 'node:crypto';
import type { EventType } from '../../../events/catalog.ts';
import { exampleWebhook } from '../../../events/example-webhook.ts';
import { normalizeWebhook } from '../../../events/normalize.ts';
import { serializeEnvelope } from '../../../events/serialize-envelope.ts';
import type { TestPipeline } from '../local-pipeline.ts';

/** The detail of an example event, as the ingest function makes it. */
export function exampleDetail(type: EventType, session = 'default'): Record<string, unknown> {
  const webhook = { ...(exampleWebhook(type, 'waha') as object), session };
  const { events } = normalizeWebhook(Buffer.from(JSON.stringify(webhook)), {
    requestId: 'request-1',
    receivedAt: new Date('2026-01-31T12:00:00Z'),
  });
  return JSON.parse(serializeEnvelope(events[0] as never)) as Record<string, unknown>;
}

/** An event as EventBridge delivers it. */
export function busEvent(type: EventType, session?: string): string {
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': type,
    source: 'whatsapp',
    account: '000000000000',
    time: '2026-01-31T12:00:00Z',
    region: 'us-east-1',
    resources: [],
    detail: exampleDetail(type, session),
  });
}

type Attributes = Readonly<Record<string, string>>;

/** Message attributes of text in the API's form. */
export const attributesOf = (values: Attributes) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { DataType: 'String', StringValue: value },
    ]),
  );

/** Puts messages straight into a queue. */
export async function fill(
  { run, url }: TestPipeline,
  queue: string,
  bodies: readonly string[],
  attributes: Attributes = {},
): Promise<void> {
  for (let at = 0; at < bodies.length; at += 10) {
    await run.services.sqs.call('SendMessageBatch', {
      QueueUrl: url(queue),
      Entries: bodies.slice(at, at + 10).map((MessageBody, index) => ({
        Id: String(index),
        MessageBody,
        MessageAttributes: attributesOf(attributes),
      })),
    });
  }
}
