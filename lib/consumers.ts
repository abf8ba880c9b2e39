import type { ConsumerRow } from './consumer-row.ts';

/**
 * Who hears what. Rules, queues, dead-letter queues, functions, permissions and docs are made from
 * this table; a new consumer is a row here and, if it runs code, one file in lambdas/consumers/.
 */
export const consumers: Readonly<Record<string, ConsumerRow>> = {
  messages: {
    kind: 'function',
    summary: 'Messages with their acks, reactions, edits, revocations and votes, kept by chat',
    hears: ['messages', 'polls'],
    // Costs more than all that brings a message here (docs/decisions/state-of-messages-if-asked.md).
    keepsState: 'if-asked',
  },
  groups: {
    kind: 'function',
    summary: 'Groups: joined, left, changed, and who is in them',
    hears: ['groups'],
    keepsState: true,
  },
  calls: {
    kind: 'function',
    summary: 'Calls: received, accepted, rejected, missed',
    hears: ['calls'],
    keepsState: true,
    // A missed call is told to others: nobody waits for a fuller batch.
    batchWindowSeconds: 0,
    publishes: true,
  },
  labels: {
    kind: 'function',
    summary: 'Labels and the chats that carry them',
    hears: ['labels'],
    keepsState: true,
  },
  sessions: {
    kind: 'function',
    summary: 'Status of each WhatsApp session',
    hears: ['sessions'],
    keepsState: true,
  },
  presence: { kind: 'queue', summary: 'Who is online or typing', hears: ['presence'] },
  polls: { kind: 'queue', summary: 'Votes on polls', hears: ['polls'] },
  chats: { kind: 'queue', summary: 'Chats archived and unarchived', hears: ['chats'] },
  'event-responses': {
    kind: 'queue',
    summary: 'Answers to calendar events',
    hears: ['event-responses'],
  },
  engine: { kind: 'queue', summary: 'Raw events of the engine underneath', hears: ['engine'] },
  unrecognized: {
    kind: 'queue',
    summary: 'Authentic webhooks that the catalog does not understand, with the reasons',
    hears: ['unrecognized'],
  },
};
