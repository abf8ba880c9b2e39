import type { DataOf } from '../envelope.ts';
import type { CategoryDocs, FieldDocs } from '../event-type-docs.ts';

type Label = NonNullable<DataOf<'label.upsert'>['label']>;

const labelFields: FieldDocs<Label> = {
  id: { description: 'The label’s id within the account.' },
  name: {
    description: 'The label’s name.',
    absent: 'if the payload has only the id, and for deleted labels',
  },
  color: {
    description: 'Index in WhatsApp’s color palette.',
    unit: '0 to 19, higher for colors that WAHA does not know',
    absent: 'from Wawp, which reports the color only',
  },
  colorHex: {
    description: 'The color.',
    unit: '#rrggbb, lower case',
    absent: 'if the palette does not have the color',
  },
};

const ofLabel = {
  data: {
    label: { description: 'The label.', fields: labelFields },
  },
  key: 'The sender’s event id and time, because changes of labels have no id.',
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
  key: 'The sender’s event id and time, because changes of labels have no id.',
};

/** The documentation of the category `labels`. */
export const labelsDocs: CategoryDocs<'labels'> = {
  'label.upsert': {
    ...ofLabel,
    summary: 'A label was created, or its name or color changed.',
    variants: ['WAHA: the label itself.', 'Wawp: the label is in `label`, its color is a text.'],
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
