/** A message webhook, after validation. */
export interface MessageWebhook {
  readonly id: string;
  readonly timestamp: number;
  readonly event: string;
  readonly session: string;
  readonly me?: { readonly id: string } | null | undefined;
  readonly engine?: string | undefined;
  readonly payload: {
    readonly id: string;
    readonly timestamp: number;
    readonly from: string;
    readonly to?: string | null | undefined;
    readonly fromMe: boolean;
    readonly body?: string | null | undefined;
    readonly hasMedia: boolean;
  };
}

/**
 * The event of a message as a project with one event type would write it by hand: the fields of ingest's
 * envelope, and the webhook as it was sent.
 */
export function normalizeMessage(webhook: MessageWebhook, requestId: string) {
  const { id, event, session, me, engine, payload } = webhook;
  const chat = payload.fromMe ? (payload.to ?? payload.from) : payload.from;
  const sentAt = new Date(payload.timestamp * 1_000).toISOString();
  return {
    meta: {
      ...{ id, version: '1', category: 'messages', type: event, session, sender: 'waha', engine },
      ...{ occurredAt: sentAt, receivedAt: new Date().toISOString(), requestId },
      ...{ chat, fromMe: payload.fromMe, account: readAddress(me?.id) },
    },
    data: {
      messageId: payload.id,
      chat: readAddress(chat),
      author: readAddress(payload.from),
      direction: payload.fromMe ? 'outbound' : 'inbound',
      sentAt,
      body: payload.body ?? undefined,
      hasMedia: payload.hasMedia,
    },
    raw: webhook,
  };
}

function readAddress(id: string | undefined) {
  const digits = /^(\d+)@(?:c\.us|s\.whatsapp\.net)$/.exec(id ?? '')?.[1];
  return id === undefined ? undefined : { id, phone: digits && `+${digits}` };
}
