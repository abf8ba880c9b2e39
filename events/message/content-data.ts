import * as v from 'valibot';
import { addressData } from '../address.ts';
import { instant } from '../instant-data.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { contents } from './contents.ts';
import { mediaData } from './media.ts';

/** Reasons for which the content of a message is unavailable. */
export const unavailableReasons = [
  'view-once',
  'undecryptable',
  'undecryptable-edit',
  'unsupported',
] as const;

const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(0));

const money = v.object({ amount: v.string(), currency: v.string() });

/** The parts of a message that only some contents have. */
export const contentFields = () => ({
  content: v.optional(v.picklist(contents)),
  choice: v.optional(
    v.object({
      by: v.picklist(['button', 'list', 'template', 'flow']),
      id: v.optional(v.string()),
      title: v.optional(v.string()),
      description: v.optional(v.string()),
      parameters: v.optional(v.record(v.string(), v.unknown())),
    }),
  ),
  poll: v.optional(
    v.object({
      question: v.optional(v.string()),
      options: v.array(v.string()),
      selectable: wholeNumber,
    }),
  ),
  order: v.optional(
    v.object({
      id: v.optional(v.string()),
      title: v.optional(v.string()),
      itemCount: v.optional(wholeNumber),
      total: v.optional(money),
      token: v.optional(v.string()),
    }),
  ),
  product: v.optional(
    v.object({
      id: v.optional(v.string()),
      title: v.optional(v.string()),
      description: v.optional(v.string()),
      price: v.optional(money),
      retailerId: v.optional(v.string()),
      seller: v.optional(addressData()),
    }),
  ),
  interactive: v.optional(
    v.object({
      header: v.optional(v.string()),
      footer: v.optional(v.string()),
      buttons: v.array(
        v.object({
          type: v.string(),
          title: v.optional(v.string()),
          id: v.optional(v.string()),
          value: v.optional(v.string()),
        }),
      ),
    }),
  ),
  album: v.optional(v.object({ images: wholeNumber, videos: wholeNumber })),
  albumId: v.optional(v.string()),
  contacts: v.optional(
    v.array(
      v.object({
        name: v.optional(v.string()),
        phones: v.array(v.pipe(v.string(), v.regex(/^\+[1-9]\d{4,14}$/))),
        organization: v.optional(v.string()),
      }),
    ),
  ),
  groupInvite: v.optional(
    v.object({
      group: v.optional(addressData()),
      name: v.optional(v.string()),
      code: v.optional(v.string()),
      expiresAt: v.optional(instant),
    }),
  ),
  pin: v.optional(v.object({ target: v.optional(v.string()), pinned: v.boolean() })),
  system: v.optional(
    v.object({ notice: v.string(), expiresAfterSeconds: v.optional(wholeNumber) }),
  ),
  unavailable: v.optional(v.picklist(unavailableReasons)),
  target: v.optional(v.string()),
});

/** The context of a message: mentions, forwarding, origin, and the message that it answers. */
export const contextFields = () => ({
  mentions: v.optional(v.array(addressData())),
  mentionsMe: v.optional(v.boolean()),
  forwarded: v.optional(v.object({ count: v.optional(wholeNumber), frequently: v.boolean() })),
  expiresAfterSeconds: v.optional(wholeNumber),
  viewOnce: v.optional(v.literal(true)),
  referral: v.optional(
    v.object({
      source: v.string(),
      sourceId: v.optional(v.string()),
      url: v.optional(v.string()),
      headline: v.optional(v.string()),
      text: v.optional(v.string()),
      clickId: v.optional(v.string()),
      app: v.optional(v.string()),
      entryPoint: v.optional(v.string()),
    }),
  ),
  replyTo: v.optional(
    v.object({
      messageId: v.optional(v.string()),
      author: v.optional(addressData()),
      chat: v.optional(addressData()),
      body: v.optional(v.string()),
      hasMedia: v.optional(v.boolean()),
      media: v.optional(mediaData()),
    }),
  ),
});

/** All of {@link contentFields}, as one schema. */
export const contentData = lazySchema(() => v.object(contentFields()));

/** All of {@link contextFields}, as one schema. */
export const contextData = lazySchema(() => v.object(contextFields()));

/** The parts of a message that only some contents have. */
export type ContentParts = OutputOf<typeof contentData>;

/** The context of a message. */
export type ContextParts = OutputOf<typeof contextData>;
