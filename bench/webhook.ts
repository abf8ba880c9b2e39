import { createHmac } from 'node:crypto';
import { exampleWebhook } from '../events/example-webhook.ts';

/** The secret that signs the benchmark's webhooks, and that the stand-in for Secrets Manager returns. */
export const signingSecret = 'bench-signing-secret-of-64-characters-as-made-by-secrets-manager';

/** The placeholder for each webhook's own id: as long as the ids of senders, of digits and letters like them. */
const idPlaceholder = '01kdwr7v0w0000000w00000000';

/** Text with non-ASCII characters, as in most languages. */
const text = 'Grüße aus Málaga: três cafés, s’il vous plaît';

/**
 * The JSON of a `message` webhook of this many bytes. Real webhooks are large because of the copy of the
 * engine's own message in `_data`: many small fields and strings.
 *
 * @param bytes at least 1,200
 */
export function webhookOfSize(bytes: number): string {
  const webhook = exampleWebhook('message', 'waha', { id: `evt_${idPlaceholder}` });
  const payload = webhook.payload as { id: string };
  const id = payload.id.replace(/_[^_]+$/, `_${idPlaceholder}`);
  const copies: unknown[] = [];
  // Both addresses of the chat, as GOWS and NOWEB name them.
  const key = { remoteJid: '206158430200142@lid', remoteJidAlt: '12025550142@s.whatsapp.net' };
  const serialize = () =>
    JSON.stringify({ ...webhook, payload: { ...payload, id, body: text, _data: { key, copies } } });
  while (Buffer.byteLength(serialize()) < bytes - 400) {
    copies.push({
      key: { remoteJid: '447700900100@s.whatsapp.net', fromMe: false, id: `3EB0${copies.length}` },
      messageTimestamp: 1_767_268_800 + copies.length,
      message: { conversation: text, messageContextInfo: { deviceListMetadata: null } },
      thumbnail: Buffer.from('thumbnail '.repeat(8)).toString('base64'),
    });
  }
  copies.push('x'.repeat(Math.max(0, bytes - Buffer.byteLength(serialize()) - 3)));
  return serialize();
}

let webhooks = 0;

/** Creates signed API Gateway events, each with ids that no other event of this process has. */
export function eventFactory(bytes: number): () => ReturnType<typeof apiGatewayEvent> {
  const template = webhookOfSize(bytes);
  return () => {
    webhooks += 1;
    const id = idPlaceholder.slice(0, -8) + String(webhooks).padStart(8, '0');
    return apiGatewayEvent(template.replaceAll(idPlaceholder, id));
  };
}

/** An API Gateway event (payload format 2.0) with a webhook, signed as WAHA does. */
export function apiGatewayEvent(body: string, signedBody = body) {
  return {
    ...{ version: '2.0', routeKey: 'POST /webhooks', rawPath: '/webhooks', rawQueryString: '' },
    headers: {
      'content-length': String(Buffer.byteLength(body)),
      'content-type': 'application/json',
      host: 'abcdefghij.execute-api.us-east-1.amazonaws.com',
      'user-agent': 'WAHA/2026.4.1',
      'x-forwarded-for': '203.0.113.7',
      'x-webhook-hmac': createHmac('sha512', signingSecret).update(signedBody).digest('hex'),
      'x-webhook-hmac-algorithm': 'sha512',
      'x-webhook-request-id': '01kdwr7v000000000000000000',
      'x-webhook-timestamp': '1767268800000',
    },
    requestContext: {
      ...{ accountId: '123456789012', apiId: 'abcdefghij' },
      domainName: 'abcdefghij.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'abcdefghij',
      http: {
        ...{ method: 'POST', path: '/webhooks', protocol: 'HTTP/1.1' },
        ...{ sourceIp: '203.0.113.7', userAgent: 'WAHA/2026.4.1' },
      },
      ...{ requestId: 'bench', routeKey: 'POST /webhooks', stage: '$default' },
      ...{ time: '01/Jan/2026:12:00:00 +0000', timeEpoch: 1_767_268_800_000 },
    },
    ...{ body, isBase64Encoded: false },
  };
}
