import * as v from 'valibot';
import { readAddress } from '../address.ts';
import { field, instant } from '../data-field.ts';
import { toInstant } from '../instant.ts';
import type { WireContext } from '../kind.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { messageIdData, readMessageId } from '../message-id.ts';
import { present } from '../present.ts';
import { wireAddress, wireMessageId, wireText } from '../wire-value.ts';
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
    messageId: field(
      messageIdData(),
      'The reaction’s own id; a reaction is a message of its own.',
      {
        source: '`id`',
      },
    ),
    ...partiesData(),
    target: field(messageIdData(), 'The message that was reacted to.', {
      source: '`reaction.messageId`',
    }),
    emoji: field(v.string(), 'The emoji.', { absent: 'where the reaction was removed' }),
    removed: field(v.boolean(), 'Whether the author took their reaction back.', {
      absent: 'where the payload has no reaction at all',
      source: 'an empty `reaction.text`',
    }),
    reactedAt: field(instant, 'When the author reacted.', {
      unit: 'ISO-8601 UTC',
      source: '`timestamp`, seconds, on WEBJS with a fraction',
    }),
    source: field(v.picklist(['api', 'app']), 'Whether it was sent through the sender’s API.'),
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
    target: readMessageId(nested?.messageId ?? wire.messageId),
    emoji: text || undefined,
    removed: typeof text === 'string' ? text === '' : undefined,
    reactedAt: toInstant(wire.timestamp),
    source: readSource(wire.source),
  });
}
