import type { Address } from './address.ts';
import type { Account, Meta, Wire } from './envelope.ts';
import type { WebhookContext } from './event-type.ts';
import { toInstant } from './instant.ts';
import { present } from './own.ts';
import { readEngine, readName, readSender, readTags } from './wire-envelope.ts';

/** The fields that depend on the event type, and the address of the account. */
export type EventTypeMeta = Pick<Meta, 'id' | 'category' | 'type' | 'chat' | 'fromMe'> & {
  readonly occurredAt?: string;
  readonly me: Address | undefined;
};

/** Puts together the meta of an envelope. */
export function readMeta(body: Wire, context: WebhookContext, definition: EventTypeMeta): Meta {
  const receivedAt = context.receivedAt.toISOString();
  return present({
    id: definition.id,
    version: '1',
    category: definition.category,
    type: definition.type,
    session: readName(body, 'session'),
    sender: readSender(body),
    engine: readEngine(body),
    senderVersion: readName(body, 'environment', 'version'),
    senderEventId: readName(body, 'id'),
    occurredAt: definition.occurredAt ?? toInstant(body.timestamp) ?? receivedAt,
    receivedAt,
    chat: definition.chat,
    fromMe: definition.fromMe,
    account: readAccount(definition.me),
    tags: readTags(body.metadata),
    requestId: context.requestId,
    traceparent: context.traceparent,
  });
}

function readAccount(me: Address | undefined): Account | undefined {
  return me && present({ id: me.id, phone: me.phone, lid: me.lid });
}
