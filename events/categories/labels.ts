import * as v from 'valibot';
import { addressData, readAddress } from '../address.ts';
import { type AnyEventType, defineEventType } from '../event-type.ts';
import { eventIdKey } from '../fact-key.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { present, presentOrNone } from '../own.ts';
import { wireAddress, wireNumber, wireText } from '../wire-value.ts';

const wireLabelFields = { id: wireNumber, name: wireText, color: wireNumber, colorHex: wireText };
const wireLabel = v.nullish(v.object(wireLabelFields));

const labelData = lazySchema(() =>
  v.object({
    id: v.optional(v.string()),
    name: v.optional(v.string()),
    color: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    colorHex: v.optional(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/))),
  }),
);

type Label = OutputOf<typeof labelData>;

/** WAHA writes black for every colour after these (WAHA, `Label.toHex`). */
const paletteSize = 20;

function readLabel(
  wire: v.InferOutput<typeof wireLabel>,
  labelId?: string | number | null,
): Label | undefined {
  const color = readColor(wire?.color);
  const hex = (wire?.colorHex ?? String(wire?.color ?? '')).toLowerCase();
  const isKnown = /^#[0-9a-f]{6}$/.test(hex) && !(color !== undefined && color >= paletteSize);
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
  data: () => v.object({ label: v.optional(labelData()) }),
  read: (wire: OutputOf<typeof labelPayload>) =>
    present({ label: readLabel(wire.label ?? wire, wire.labelId) }),
  isIdentified: ({ label }: ChatLabel) => label?.id !== undefined || label?.name !== undefined,
  about: 'a label',
};

const chatLabelPayload = lazySchema(() =>
  v.object({ labelId: wireNumber, chatId: wireAddress, label: wireLabel }),
);

const chatLabelData = lazySchema(() =>
  v.object({
    chat: v.optional(addressData()),
    label: v.optional(labelData()),
  }),
);

type ChatLabel = OutputOf<typeof chatLabelData>;

const ofChatLabel = {
  payload: chatLabelPayload,
  data: chatLabelData,
  read: (wire: OutputOf<typeof chatLabelPayload>): ChatLabel =>
    present({ chat: readAddress(wire.chatId), label: readLabel(wire.label, wire.labelId) }),
  chat: (data: ChatLabel) => data.chat,
  isIdentified: ({ chat, label }: ChatLabel) => chat !== undefined || label?.id !== undefined,
  about: 'a chat or a label',
};

/** Labels of WhatsApp Business. */
export const labels = {
  'label.upsert': defineEventType({
    ...ofLabel,
    key: eventIdKey('label.upsert'),
  }),
  'label.deleted': defineEventType({
    ...ofLabel,
    key: eventIdKey('label.deleted'),
  }),
  'label.chat.added': defineEventType({
    ...ofChatLabel,
    key: eventIdKey('label.chat.added'),
  }),
  'label.chat.deleted': defineEventType({
    ...ofChatLabel,
    key: eventIdKey('label.chat.deleted'),
  }),
} as const satisfies Record<string, AnyEventType>;
