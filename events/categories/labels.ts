import * as v from 'valibot';
import { addressData, readAddress } from '../address.ts';
import { field } from '../data-field.ts';
import { eventIdKey } from '../event-id-key.ts';
import { type AnyKind, kind } from '../kind.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { present, presentOrNone } from '../present.ts';
import { wireAddress, wireNumber, wireText } from '../wire-value.ts';

const wireLabelFields = { id: wireNumber, name: wireText, color: wireNumber, colorHex: wireText };
const wireLabel = v.nullish(v.object(wireLabelFields));

const labelData = lazySchema(() =>
  v.object({
    id: field(v.string(), 'The label’s id within the account.'),
    name: field(v.string(), 'The label’s name.', {
      absent: 'where only the id is said, and for deleted labels, whose name is gone',
    }),
    color: field(v.pipe(v.number(), v.integer(), v.minValue(0)), 'Place in WhatsApp’s palette.', {
      unit: '0 to 19, higher for colours that WAHA does not know',
      absent: 'from Wawp, which says the colour itself',
    }),
    colorHex: field(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/)), 'The colour.', {
      unit: '#rrggbb, lower case',
      absent: 'where the palette does not know it',
    }),
  }),
);

type Label = OutputOf<typeof labelData>;

/** WAHA writes black for every colour after these (WAHA, `Label.toHex`). */
const PALETTE_SIZE = 20;

function readLabel(
  wire: v.InferOutput<typeof wireLabel>,
  labelId?: string | number | null,
): Label | undefined {
  const color = readColor(wire?.color);
  const hex = (wire?.colorHex ?? String(wire?.color ?? '')).toLowerCase();
  const isKnown = /^#[0-9a-f]{6}$/.test(hex) && !(color !== undefined && color >= PALETTE_SIZE);
  const id = wire?.id ?? labelId;
  return presentOrNone({
    id: id == null || id === '' ? undefined : String(id),
    name: wire?.name || undefined,
    color,
    colorHex: isKnown ? hex : undefined,
  });
}

function readColor(color: string | number | null | undefined): number | undefined {
  const number = typeof color === 'string' && /^\d{1,3}$/.test(color) ? Number(color) : color;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : undefined;
}

const labelPayload = lazySchema(() =>
  v.object({ ...wireLabelFields, label: wireLabel, labelId: wireNumber }),
);

const ofLabel = {
  payload: labelPayload,
  data: () => v.object({ label: field(labelData(), 'The label.') }),
  read: (wire: OutputOf<typeof labelPayload>) =>
    present({ label: readLabel(wire.label ?? wire, wire.labelId) }),
};

const chatLabelPayload = lazySchema(() =>
  v.object({ labelId: wireNumber, chatId: wireAddress, label: wireLabel }),
);

const chatLabelData = lazySchema(() =>
  v.object({
    chat: field(addressData(), 'The chat.', { source: '`chatId`' }),
    label: field(labelData(), 'The label; on GOWS, and on NOWEB after pairing, only its id.', {
      source: '`label`, `labelId`',
    }),
  }),
);

type ChatLabel = OutputOf<typeof chatLabelData>;

const ofChatLabel = {
  payload: chatLabelPayload,
  data: chatLabelData,
  read: (wire: OutputOf<typeof chatLabelPayload>): ChatLabel =>
    present({ chat: readAddress(wire.chatId), label: readLabel(wire.label, wire.labelId) }),
  chat: (data: ChatLabel) => data.chat,
  variants: [
    'WAHA: `label` is null on GOWS, and on NOWEB after pairing.',
    'Wawp: `chatId` and `labelId`.',
  ],
};

const labelKey = (name: string) =>
  eventIdKey(name, 'labels change, come and go without an id of the change.');

/** Labels of WhatsApp Business. */
export const labels = {
  'label.upsert': kind({
    ...ofLabel,
    summary: 'A label was created, or its name or colour changed.',
    variants: ['WAHA: the label itself.', 'Wawp: the label in `label`, its colour as text.'],
    key: labelKey('label.upsert'),
    examples: {
      waha: { engine: 'NOWEB', payload: { id: '7', name: 'Paid', color: 3, colorHex: '#FFD429' } },
      wawp: {
        engine: 'WEBJS',
        payload: { label: { id: '4', name: 'Call back', color: '#64C4FF' } },
      },
    },
  }),
  'label.deleted': kind({
    ...ofLabel,
    summary: 'A label was removed from the account.',
    variants: ['WAHA: the label itself, mostly with an empty `name`.', 'Wawp: `labelId`.'],
    key: labelKey('label.deleted'),
    examples: {
      waha: { engine: 'GOWS', payload: { id: '7', name: '', color: 3, colorHex: '#FFD429' } },
      wawp: { engine: 'WEBJS', payload: { labelId: '4' } },
    },
  }),
  'label.chat.added': kind({
    ...ofChatLabel,
    summary: 'A label was put on a chat.',
    key: labelKey('label.chat.added'),
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
  }),
  'label.chat.deleted': kind({
    ...ofChatLabel,
    summary: 'A label was taken off a chat.',
    key: labelKey('label.chat.deleted'),
    examples: {
      waha: {
        engine: 'GOWS',
        payload: { labelId: '7', chatId: '12025550142@c.us', label: null },
      },
      wawp: { engine: 'WEBJS', payload: { chatId: '447700900123@c.us', labelId: '4' } },
    },
  }),
} as const satisfies Record<string, AnyKind>;
