import type { Meta } from './envelope.ts';
import type { FieldDocs } from './event-type-docs.ts';

/** The fields of `meta`. */
export const metaFields: FieldDocs<Meta> = {
  id: {
    description:
      "Idempotency key: the same for all webhooks that report the same fact, including the sender's retries.",
  },
  version: {
    description:
      'Version of the envelope. It changes when a field is removed or its meaning changes.',
  },
  category: { description: 'Category of the event type.' },
  type: { description: "The event type: the sender's name for the event, or `unrecognized`." },
  session: {
    description: 'Name of the session; a session is one WhatsApp account on a sender.',
    absent: 'if the body has none',
  },
  sender: { description: 'The sender, as recognized by the format of the body.' },
  engine: {
    description: 'Engine of the sender: `WEBJS`, `WPP`, `NOWEB`, `GOWS` or another.',
    absent: 'if the body has none',
  },
  senderVersion: {
    description: "Version of the sender's software.",
    absent: 'if the body does not contain it, as from Wawp',
  },
  senderEventId: {
    description: "The sender's own id of the event (`evt_…`).",
    absent: 'before WAHA 2024.11',
  },
  occurredAt: {
    description:
      'When it happened, ISO-8601 UTC: the time in the payload, else the time in the sender’s envelope, else `receivedAt`.',
  },
  receivedAt: { description: 'When ingest received the request, ISO-8601 UTC.' },
  chat: {
    description:
      'Address of the chat (`data.chat.id`). The address of a person is the phone number if it is known, else the hidden id.',
    absent: 'if the event belongs to no chat',
  },
  fromMe: {
    description: 'Whether this account caused the event.',
    absent: 'if it does not apply to the event type, or the payload does not contain it',
  },
  account: {
    description: "The session's own account.",
    absent: 'before login',
    fields: {
      id: {
        description: 'Its address: the phone number if it is known, else the hidden id.',
      },
      phone: {
        description: 'Its phone number, E.164.',
        absent: 'if only the hidden id is known',
      },
      lid: { description: 'Its hidden id.', absent: 'if the body does not contain it' },
    },
  },
  tags: {
    description: 'Tags of the session, configured in the sender (`metadata`): texts only.',
    absent: 'if there are none',
  },
  requestId: { description: 'Id of the request of the webhook.' },
  traceparent: {
    description: 'W3C trace context of the request.',
    absent: 'if the request has none',
  },
  duplicateOf: {
    description:
      'The event type with which the same fact was already published. For example, WAHA sends an inbound message as `message` and as `message.any`.',
    absent: 'on the first event of a fact, and if deduplication is off for its type',
  },
  conflict: {
    description: 'True if the same `id` was already published with other content.',
    absent: 'otherwise',
  },
  deduplication: {
    description:
      '`unavailable`: the deduplication table did not answer, so the event may have been published before.',
    absent: 'otherwise',
  },
  identities: {
    description:
      '`unavailable`: the table of identities did not answer, so addresses may lack a phone number or a hidden id.',
    absent: 'otherwise',
  },
  hops: {
    description:
      'Number of consumers in the chain of events that led to this one, at most 8 (`hopsAfter`).',
    absent: 'on events that ingest publishes',
  },
  replay: {
    description: 'Name of the replay that published the event again.',
    absent: 'on events that are not replayed',
  },
};
