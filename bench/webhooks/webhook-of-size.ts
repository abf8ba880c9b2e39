import { exampleWebhook } from '../../events/example-webhook.ts';

/** Where each copy of a webhook gets an id of its own; as long as the ids that senders give. */
export const idPlaceholder = '0'.repeat(26);

/** What is in every message's text: letters beyond ASCII, as most languages have them. */
const text = 'Grüße aus Málaga: três cafés, s’il vous plaît';

/**
 * The JSON of a webhook of about this many bytes. What makes real webhooks large is the copy of the
 * engine's own message in `_data`: many small fields and strings, a thumbnail among them; so is this.
 * Below 1 KB it is an ack as Wawp sends it, which is the smallest of the frequent ones.
 */
export function webhookOfSize(bytes: number): string {
  const [kind, sender] =
    bytes < 1_000 ? (['message.ack', 'wawp'] as const) : (['message', 'waha'] as const);
  const webhook = exampleWebhook(kind, sender, { id: `evt_${idPlaceholder}` });
  const payload = webhook.payload as Record<string, unknown>;
  // The fact itself is new in each webhook too, or the second one would be a duplicate.
  if (typeof payload.id === 'string')
    payload.id = payload.id.replace(/_[^_]+$/, `_${idPlaceholder}`);
  if (kind === 'message') payload.body = text;
  const copies: unknown[] = [];
  const sized = () => JSON.stringify({ ...webhook, payload: { ...payload, _data: { copies } } });
  if (Buffer.byteLength(JSON.stringify(webhook)) >= bytes) return JSON.stringify(webhook);
  while (Buffer.byteLength(sized()) < bytes - 400) copies.push(copyOf(copies.length));
  copies.push('x'.repeat(Math.max(0, bytes - Buffer.byteLength(sized()) - 3)));
  return sized();
}

/** The same for sizes of megabytes, which {@link webhookOfSize} would take minutes for: copies of a part. */
export function largeWebhook(bytes: number): string {
  const most = 204_800;
  const part = webhookOfSize(Math.min(bytes, most));
  if (bytes <= most) return part;
  const webhook = JSON.parse(part) as { payload: { _data: { copies: unknown[] } } };
  const copies = webhook.payload._data.copies.slice(0, -1);
  const times = Math.floor((bytes - 2_048) / Buffer.byteLength(JSON.stringify(copies)));
  webhook.payload._data.copies = Array.from({ length: times }, () => copies).flat();
  return JSON.stringify(webhook);
}

const copyOf = (index: number) => ({
  key: {
    remoteJid: `4477009001${index % 100}@s.whatsapp.net`,
    fromMe: index % 2 === 0,
    id: `3EB0${index}`,
  },
  messageTimestamp: 1_767_268_800 + index,
  pushName: `Kund*in ${index}`,
  status: index % 5,
  message: { conversation: `${text} ${index}`, messageContextInfo: { deviceListMetadata: null } },
  thumbnail: Buffer.from(`thumbnail ${index} `.repeat(6)).toString('base64'),
});
