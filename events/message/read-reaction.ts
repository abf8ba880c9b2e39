import * as v from 'valibot';
import { readAddress } from '../address.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
import type { WireContext } from '../kind.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { messageIdData, readMessageId } from '../message-id.ts';
import { present } from '../present.ts';
import { wireAddress, wireMessageId, wireText } from '../wire-value.ts';
import { fromOurSide } from './from-our-side.ts';
import { partiesData } from './message-data.ts';
import { readParties } from './parties.ts';
import { readSource } from './read-message.ts';
import { wireMessageHead } from './wire-message.ts';

/** WAHA nests the emoji and the message; Wawp documents them side by side, and `senderId`. */
export const wireReaction = lazySchema(() =>
  v.object({
    ...wireMessageHead,
    reaction: v.nullish(
      v.union([v.string(), v.object({ text: wireText, messageId: wireMessageId })]),
    ),
    messageId: wireMessageId,
    senderId: wireAddress,
  }),
);

/** A reaction to a message. */
export const reactionData = lazySchema(() =>
  v.object({
    messageId: v.optional(messageIdData()),
    ...partiesData(),
    target: v.optional(messageIdData()),
    emoji: v.optional(v.string()),
    removed: v.optional(v.boolean()),
    reactedAt: v.optional(instant),
    source: v.optional(v.picklist(['api', 'app'])),
  }),
);

/** Reads a reaction. */
export function readReaction(
  wire: OutputOf<typeof wireReaction>,
  context: WireContext,
): OutputOf<typeof reactionData> {
  const nested = typeof wire.reaction === 'object' ? wire.reaction : undefined;
  const text = typeof wire.reaction === 'string' ? wire.reaction : nested?.text;
  const parties = readParties(wire, context);
  return present({
    ...parties,
    author: parties.author ?? readAddress(wire.senderId),
    target: fromOurSide(readMessageId(nested?.messageId ?? wire.messageId), parties, context),
    emoji: text || undefined,
    removed: typeof text === 'string' ? text === '' : undefined,
    reactedAt: toInstant(wire.timestamp),
    source: readSource(wire.source),
  });
}
