/** What the projects of the rivals would write by hand, for webhooks with messages. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** A message webhook, after validation. */
export interface MessageWebhook {
  readonly id: string;
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

/** The command that publishes one event. */
export function putEvent(DetailType: string, Detail: string) {
  const entry = { EventBusName: process.env.BUS_NAME, Source: 'whatsapp', DetailType, Detail };
  return new PutEventsCommand({ Entries: [entry] });
}

/** As long as AWS's cache for secrets keeps one (SecretCacheConfig, secret_refresh_interval). */
const secretAgeMs = 3_600_000;

/** Creates a function that says whether a body is signed as WAHA does. */
export function signatureCheck(secretsManager: SecretsManagerClient) {
  const readSecret = new GetSecretValueCommand({ SecretId: process.env.SIGNING_SECRET_ARN });
  let cached = { secret: '', readAt: Number.NEGATIVE_INFINITY };
  return async (body = '', signature = ''): Promise<boolean> => {
    if (Date.now() - cached.readAt >= secretAgeMs) {
      const { SecretString: secret = '' } = await secretsManager.send(readSecret);
      cached = { secret, readAt: Date.now() };
    }
    const expected = createHmac('sha512', cached.secret).update(body).digest();
    const received = Buffer.from(signature, 'hex');
    return received.length === expected.length && timingSafeEqual(received, expected);
  };
}
