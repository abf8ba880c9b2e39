import type { Meta } from './envelope.ts';
import type { FieldDocs } from './event-type-docs.ts';

/** The fields of `meta`. */
export const metaFields: FieldDocs<Meta> = {
  id: {
    description:
      "Idempotency key: the same for each report of one fact, also for the sender's retries.",
  },
  version: {
    description:
      'Version of the envelope. It changes when a field changes its meaning or goes away.',
  },
  category: { description: 'Category of the event type.' },
  type: { description: "The event type: the sender's wire name, or `unrecognized`." },
  session: {
    description: 'Name of the session, that is of the WhatsApp account.',
    absent: 'where the body names none',
  },
  sender: { description: 'Who sent it, as far as the body shows.' },
  engine: { description: '`WEBJS`, `WPP`, `NOWEB`, `GOWS` …', absent: 'where the body names none' },
  senderVersion: {
    description: "Version of the sender's software.",
    absent: 'where the body does not say it, as from Wawp',
  },
  senderEventId: {
    description: "The sender's own id of the event (`evt_…`).",
    absent: 'before WAHA 2024.11',
  },
  occurredAt: {
    description:
      'When it happened, ISO-8601 UTC: by the payload, else by the envelope, else `receivedAt`.',
  },
  receivedAt: { description: 'When the request came in, ISO-8601 UTC.' },
  chat: {
    description:
      'Address of the chat (`data.chat.id`): of a person the phone number wherever it is known, else the hidden id.',
    absent: 'where the event belongs to none',
  },
  fromMe: {
    description: 'Whether this account did it.',
    absent: 'where that means nothing or is not said',
  },
  account: {
    description: "The session's own account.",
    absent: 'before login',
    fields: {
      id: {
        description: 'Its address: by phone number where that is known, else by hidden id.',
      },
      phone: {
        description: 'Its phone number, E.164.',
        absent: 'where only the hidden id is known',
      },
      lid: { description: 'Its hidden id.', absent: 'where the body does not say it' },
    },
  },
  tags: {
    description: "Tags that the session's owner gave it at the sender (`metadata`): texts only.",
    absent: 'without any',
  },
  requestId: { description: 'Id of the request that brought it.' },
  traceparent: { description: 'W3C trace context of the request.', absent: 'without one' },
  duplicateOf: {
    description:
      'The type as which this fact was already published: WAHA sends an inbound message as `message` and as `message.any`.',
    absent: 'on the first, and where duplicates are not looked for',
  },
  conflict: {
    description: 'True where the same `id` was already published with other content.',
    absent: 'otherwise',
  },
  deduplication: {
    description: '`unavailable`: whether this was published before could not be looked up.',
    absent: 'otherwise',
  },
  identities: {
    description:
      '`unavailable`: phone numbers and hidden ids that the body does not say could not be looked up.',
    absent: 'otherwise',
  },
  hops: {
    description:
      'How many consumers published an event because of another until this one came about, at most 8 (`hopsAfter`).',
    absent: 'on what ingest publishes',
  },
  replay: {
    description: 'Name of the replay that brought it.',
    absent: 'on what comes for the first time',
  },
};
