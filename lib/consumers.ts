import type { ConsumerRow } from './consumer-row.ts';

/**
 * The consumers and their subscriptions. Rules, queues, dead-letter queues, functions, permissions and docs
 * are derived from this table. A new consumer is one row here and, if it runs code, one file in
 * lambdas/consumers/.
 */
export const consumers: Readonly<Record<string, ConsumerRow>> = {
  messages: {
    kind: 'function',
    summary: 'Messages with their acks, reactions, edits, revocations and votes, kept by chat',
    categories: ['messages', 'polls'],
    state: true,
  },
  groups: {
    kind: 'function',
    summary: 'Groups: joined, left, changed, and who is in them',
    categories: ['groups'],
    state: true,
  },
  calls: {
    kind: 'function',
    summary: 'Calls: received, accepted, rejected, missed',
    categories: ['calls'],
    state: true,
    // Publishes `call.missed`: a fuller batch would only delay it.
    batchWindowSeconds: 0,
    publishes: true,
  },
  labels: {
    kind: 'function',
    summary: 'Labels and the chats that carry them',
    categories: ['labels'],
    state: true,
  },
  sessions: {
    kind: 'function',
    summary: 'Status of each WhatsApp session',
    categories: ['sessions'],
    state: true,
  },
  presence: { kind: 'queue', summary: 'Who is online or typing', categories: ['presence'] },
  polls: { kind: 'queue', summary: 'Votes on polls', categories: ['polls'] },
  chats: { kind: 'queue', summary: 'Chats archived and unarchived', categories: ['chats'] },
  'event-responses': {
    kind: 'queue',
    summary: 'Answers to calendar events',
    categories: ['event-responses'],
  },
  engine: { kind: 'queue', summary: 'Raw events of the WhatsApp engine', categories: ['engine'] },
  unrecognized: {
    kind: 'queue',
    summary: 'Authentic webhooks that the catalog does not understand, with the reasons',
    categories: ['unrecognized'],
  },
};
