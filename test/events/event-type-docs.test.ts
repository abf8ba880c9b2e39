import { expect, test } from '@jest/globals';
import { catalogDocs } from '../../events/catalog.docs.ts';
import { chatsDocs } from '../../events/categories/chats.docs.ts';
import { labelsDocs } from '../../events/categories/labels.docs.ts';
import type { DataOf } from '../../events/envelope.ts';
import type { CategoryDocs, FieldDocs } from '../../events/event-type-docs.ts';

/** What does not compile here is what a contributor may forget: `npm run typecheck` holds these. */
const { chat, archived, lastActivityAt } = chatsDocs['chat.archive'].data;

test('the compiler requires documentation of every event type, and allows no other', () => {
  const { 'label.upsert': _, ...others } = labelsDocs;
  // @ts-expect-error the event type label.upsert has no docs
  const missing: CategoryDocs<'labels'> = others;
  const superfluous: CategoryDocs<'chats'> = {
    ...chatsDocs,
    // @ts-expect-error no such event type is in the category
    'chat.moved': chatsDocs['chat.archive'],
  };
  expect([missing, superfluous]).toHaveLength(2);
});

test('the compiler requires a description of every field, and allows no other', () => {
  // @ts-expect-error the field lastActivityAt has no docs
  const missing: FieldDocs<DataOf<'chat.archive'>> = { chat, archived };
  const superfluous: FieldDocs<DataOf<'chat.archive'>> = {
    ...{ chat, archived, lastActivityAt },
    // @ts-expect-error the data has no such field
    pinned: archived,
  };
  const speechless: FieldDocs<DataOf<'chat.archive'>> = {
    ...{ chat, lastActivityAt },
    // @ts-expect-error a source alone does not say what the field is
    archived: { source: '`archived`' },
  };
  expect([missing, superfluous, speechless]).toHaveLength(3);
});

test('the compiler requires descriptions of nested fields, and of the items of a list', () => {
  const { person, state, lastSeenAt } = catalogDocs['presence.update'].data.presences.fields;
  const description = 'Whose presence is known.';
  const complete: FieldDocs<DataOf<'presence.update'>> = {
    chat,
    presences: { description, fields: { person, state, lastSeenAt } },
  };
  const missing: FieldDocs<DataOf<'presence.update'>> = {
    chat,
    // @ts-expect-error the fields of each item have no docs
    presences: { description },
  };
  const incomplete: FieldDocs<DataOf<'presence.update'>> = {
    chat,
    // @ts-expect-error the field lastSeenAt of each item has no docs
    presences: { description, fields: { person, state } },
  };
  const repeated: FieldDocs<DataOf<'presence.update'>> = {
    // @ts-expect-error an address is documented once for all event types
    chat: { description, fields: { kind: chat, id: chat, phone: chat, lid: chat } },
    presences: complete.presences,
  };
  expect([complete, missing, incomplete, repeated]).toHaveLength(4);
});
