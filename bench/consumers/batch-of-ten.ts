import { normalizeWebhook } from '../../events/normalize.ts';
import { serializeEnvelope } from '../../events/serialize-envelope.ts';
import type { Work } from '../process/start-function.ts';
import { idPlaceholder, webhookOfSize } from '../webhooks/webhook-of-size.ts';

/** A batch of ten messages from a consumer's queue, each with the event of a 2 KB webhook. */
export function batchOfTen(): Work {
  const context = { receivedAt: new Date(Date.UTC(2026, 0, 1, 12)), requestId: 'bench' };
  const [envelope] = normalizeWebhook(Buffer.from(webhookOfSize(2_048)), context).events;
  if (!envelope) throw new Error('The webhook made no event');
  const body = JSON.stringify({
    version: '0',
    id: '00000000-0000-0000-0000-000000000000',
    'detail-type': envelope.meta.type,
    source: 'whatsapp',
    account: '123456789012',
    time: envelope.meta.occurredAt,
    region: 'us-east-1',
    resources: [],
    detail: JSON.parse(serializeEnvelope(envelope)),
  });
  const records = Array.from({ length: 10 }, (_, index) => ({
    messageId: `message-${index}`,
    receiptHandle: `handle-${index}`,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1767268800000',
      SenderId: 'AIDAEXAMPLE',
      ApproximateFirstReceiveTimestamp: '1767268800000',
    },
    messageAttributes: {},
    md5OfBody: '00000000000000000000000000000000',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:bench',
    awsRegion: 'us-east-1',
  }));
  return {
    kind: 'batch',
    template: { records: JSON.stringify({ Records: records }), idPlaceholder },
  };
}
