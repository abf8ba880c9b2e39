import { type Category, type EventType, mergeCategories } from './catalog.ts';
import { callsDocs } from './categories/calls.docs.ts';
import { chatsDocs } from './categories/chats.docs.ts';
import { engineDocs } from './categories/engine.docs.ts';
import { eventResponsesDocs } from './categories/event-responses.docs.ts';
import { groupsDocs } from './categories/groups.docs.ts';
import { labelsDocs } from './categories/labels.docs.ts';
import { messagesDocs } from './categories/messages.docs.ts';
import { pollsDocs } from './categories/polls.docs.ts';
import { presenceDocs } from './categories/presence.docs.ts';
import { sessionsDocs } from './categories/sessions.docs.ts';
import { derivedDocs } from './derived.docs.ts';
import type { BusType } from './envelope.ts';
import type { CatalogEventTypeDocs, CategoryDocs, EventTypeDocs } from './event-type-docs.ts';
import { unrecognizedDocs } from './unrecognized.docs.ts';

const byCategory: { readonly [C in Category]: CategoryDocs<C> } = {
  sessions: sessionsDocs,
  messages: messagesDocs,
  groups: groupsDocs,
  presence: presenceDocs,
  polls: pollsDocs,
  chats: chatsDocs,
  calls: callsDocs,
  labels: labelsDocs,
  'event-responses': eventResponsesDocs,
  engine: engineDocs,
};

/**
 * The documentation of the catalog's event types, by wire name, for documents, demos and tests: summaries,
 * variants, descriptions of fields, example webhooks. Functions never import it.
 */
export const catalogDocs = mergeCategories<object>(byCategory) as unknown as {
  readonly [T in EventType]: CatalogEventTypeDocs<T>;
};

/**
 * The documentation of every detail-type on the bus: the catalog's event types, derived ones, and
 * `unrecognized`.
 */
export const busDocs: { readonly [T in BusType]: EventTypeDocs<T> } = {
  ...catalogDocs,
  ...derivedDocs,
  unrecognized: unrecognizedDocs,
};
