import { randomBytes } from 'node:crypto';
import type { EventType } from '../events/catalog.ts';
import type { Sender } from '../events/envelope.ts';
import { type ExampleWebhook, exampleWebhook } from '../events/example-webhook.ts';

/** Ids of messages and calls in the examples: hexadecimal in capitals; and Wawp's request ids. */
const idInExample =
  /(?<![0-9A-Za-z])(?=[0-9A-F]*[A-F])[0-9A-F]{16,}(?![0-9A-Za-z])|\breq_[0-9a-f]{4,}\b/g;

/**
 * An example that nobody has sent before: as it stands in the catalog, but with new ids and the time
 * of now. Sent twice as it stands there, it would be a duplicate.
 */
export function freshWebhook(
  type: EventType,
  sender: Sender,
  options: { readonly session?: string } = {},
): ExampleWebhook {
  const webhook = exampleWebhook(type, sender, {
    ...options,
    id: `evt_01${randomHex(24).toLowerCase()}`,
    timestamp: Date.now(),
  });
  const renamed = new Map<string, string>();
  const text = JSON.stringify(webhook.payload).replace(idInExample, (id) => {
    const known = renamed.get(id);
    if (known) return known;
    const fresh = id.startsWith('req_')
      ? `req_${randomHex(12).toLowerCase()}`
      : randomHex(id.length);
    renamed.set(id, fresh);
    return fresh;
  });
  return { ...webhook, payload: JSON.parse(text) };
}

const randomHex = (length: number) =>
  // The letter keeps a message id from being all digits.
  `A${randomBytes(length).toString('hex').toUpperCase()}`.slice(0, length);
