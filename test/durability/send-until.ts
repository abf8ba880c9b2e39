import type { EventType } from '../../events/catalog.ts';
import { freshWebhook, postWebhook } from '../../ops/send-webhook.ts';
import { testSecret } from '../end-to-end/secrets.ts';

/** Kinds with a function behind their queue, and kinds whose queue nobody reads. */
const kinds: readonly EventType[] = [
  'message',
  'message.ack',
  'call.received',
  'label.upsert',
  'presence.update',
  'poll.vote',
];

const senders = 12;

/**
 * Sends signed webhooks, several at a time, until `isOver`, and notes the id of each that was
 * answered 2xx. What was not answered is sent no more: nobody has promised anything about it.
 */
export async function sendUntil(
  ingress: string,
  accepted: Set<string>,
  isOver: () => boolean,
): Promise<void> {
  const proof = { kind: 'signature', secret: testSecret } as const;
  let next = 0;
  const send = async () => {
    while (!isOver()) {
      const kind = kinds[next++ % kinds.length] ?? 'message';
      const body = JSON.stringify(freshWebhook(kind, 'waha'));
      const answer = await postWebhook(`${ingress}/webhooks`, body, proof).catch(() => undefined);
      if (!answer || answer.status < 200 || answer.status > 299) {
        continue;
      }
      accepted.add((answer.body as { id: string }).id);
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
}
