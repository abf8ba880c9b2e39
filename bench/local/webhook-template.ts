import { freshWebhook } from '../../cli/fresh-webhook.ts';
import type { EventType } from '../../events/catalog.ts';

/** What tells one webhook of a kind from the next: its event id, its time, and ids in the payload. */
const distinct = /(?<=evt_01)[0-9a-f]{24}|(?<="timestamp":)\d{13}|(?<![0-9A-Za-z])A[0-9A-F]{15,}/g;

/**
 * Makes signed-size webhooks of one kind, each one new, without going through the catalog for each:
 * the sender shall cost little beside what it measures.
 *
 * @param bytes size of the body, at least
 */
export function webhookTemplate(kind: EventType, bytes: number): () => string {
  const fresh = freshWebhook(kind, 'waha');
  const padding = Math.max(0, bytes - JSON.stringify(fresh).length - 30);
  const text = JSON.stringify({
    ...fresh,
    // Where engines put their raw copies, which make real webhooks as large as this.
    payload: { ...(fresh.payload as object), _data: { copy: 'x'.repeat(padding) } },
  });
  const before = text.split(distinct);
  const found = text.match(distinct) ?? [];
  let number = Math.floor(Math.random() * 2 ** 40);
  return () => {
    number += 1;
    const hex = number.toString(16);
    const renew = (old: string) => {
      if (/^\d{13}$/.test(old)) return String(Date.now());
      const id = hex.padStart(old.length - 1, '0');
      return old.startsWith('A') ? `A${id.toUpperCase()}` : `0${id}`;
    };
    return before.map((part, index) => part + (found[index] ? renew(found[index]) : '')).join('');
  };
}
