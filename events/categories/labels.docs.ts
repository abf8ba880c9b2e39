import type { DataOf } from '../envelope.ts';
import type { CategoryDocs, FieldDocs } from '../event-type-docs.ts';

type Label = NonNullable<DataOf<'label.upsert'>['label']>;

const labelFields: FieldDocs<Label> = {
  id: { description: 'The label’s id within the account.' },
  name: {
    description: 'The label’s name.',
    absent: 'where only the id is said, and for deleted labels, whose name is gone',
  },
  color: {
    description: 'Place in WhatsApp’s palette.',
    unit: '0 to 19, higher for colours that WAHA does not know',
    absent: 'from Wawp, which says the colour itself',
  },
  colorHex: {
    description: 'The colour.',
    unit: '#rrggbb, lower case',
    absent: 'where the palette does not know it',
  },
};

const ofLabel = {
  data: {
    label: { description: 'The label.', fields: labelFields },
  },
  key: 'The sender’s event id and time: labels change, come and go without an id of the change.',
};

const chatLabelFields: FieldDocs<DataOf<'label.chat.added'>> = {
  chat: { description: 'The chat.', source: '`chatId`' },
  label: {
    description: 'The label; on GOWS, and on NOWEB after pairing, only its id.',
    source: '`label`, `labelId`',
    fields: labelFields,
  },
};

const ofChatLabel = {
  data: chatLabelFields,
  variants: [
    'WAHA: `label` is null on GOWS, and on NOWEB after pairing.',
    'Wawp: `chatId` and `labelId`.',
  ],
  key: 'The sender’s event id and time: labels change, come and go without an id of the change.',
};

/** The documentation of the category `labels`. */
export const labelsDocs: CategoryDocs<'labels'> = {
  'label.upsert': {
    ...ofLabel,
    summary: 'A label was created, or its name or colour changed.',
    variants: ['WAHA: the label itself.', 'Wawp: the label in `label`, its colour as text.'],
    examples: {
      waha: { engine: 'NOWEB', payload: { id: '7', name: 'Paid', color: 3, colorHex: '#FFD429' } },
      wawp: {
        engine: 'WEBJS',
        payload: { label: { id: '4', name: 'Call back', color: '#64C4FF' } },
      },
    },
  },
  'label.deleted': {
    ...ofLabel,
    summary: 'A label was removed from the account.',
    variants: ['WAHA: the label itself, mostly with an empty `name`.', 'Wawp: `labelId`.'],
    examples: {
      waha: { engine: 'GOWS', payload: { id: '7', name: '', color: 3, colorHex: '#FFD429' } },
      wawp: { engine: 'WEBJS', payload: { labelId: '4' } },
    },
  },
  'label.chat.added': {
    ...ofChatLabel,
    summary: 'A label was added to a chat.',
    examples: {
      waha: {
        engine: 'NOWEB',
        payload: {
          labelId: '7',
          chatId: '12025550142@c.us',
          label: { id: '7', name: 'Paid', color: 3, colorHex: '#FFD429' },
        },
      },
      wawp: { engine: 'WEBJS', payload: { chatId: '447700900123@c.us', labelId: '4' } },
    },
  },
  'label.chat.deleted': {
    ...ofChatLabel,
    summary: 'A label was removed from a chat.',
    examples: {
      waha: {
        engine: 'GOWS',
        payload: { labelId: '7', chatId: '12025550142@c.us', label: null },
      },
      wawp: { engine: 'WEBJS', payload: { chatId: '447700900123@c.us', labelId: '4' } },
    },
  },
};
