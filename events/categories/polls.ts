import * as v from 'valibot';
import { addressData, readAddress } from '../address.ts';
import { type AnyEventType, defineEventType, type WireContext } from '../event-type.ts';
import type { FactIdentity } from '../fact-key.ts';
import { eventIdKey } from '../fact-key.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { fromOurSide } from '../message/from-our-side.ts';
import { partiesData } from '../message/message-data.ts';
import { authorIn } from '../message/message-key.ts';
import { type Parties, readParties } from '../message/parties.ts';
import { type MessageId, messageIdData, readMessageId } from '../message-id.ts';
import { present } from '../own.ts';
import {
  itemsOf,
  opaque,
  wireAddress,
  wireFlag,
  wireList,
  wireMessageId,
  wireText,
  wireTime,
} from '../wire-value.ts';

const wireDestination = {
  id: wireMessageId,
  to: wireAddress,
  from: wireAddress,
  fromMe: wireFlag,
  participant: wireAddress,
};

const wireVote = lazySchema(() =>
  v.object({
    vote: v.nullish(
      v.object({ ...wireDestination, selectedOptions: wireList(wireText), timestamp: wireTime }),
    ),
    poll: v.nullish(v.object(wireDestination)),
    _data: opaque,
    pollId: wireMessageId,
    voter: wireAddress,
    reason: wireText,
  }),
);

const voteData = lazySchema(() =>
  v.object({
    poll: v.optional(messageIdData()),
    messageId: v.optional(messageIdData()),
    chat: partiesData().chat,
    voter: v.optional(addressData()),
    direction: v.optional(v.picklist(['inbound', 'outbound'])),
    choices: v.optional(v.array(v.string())),
    votedAt: v.optional(instant),
    reason: v.optional(v.string()),
  }),
);

type Vote = OutputOf<typeof voteData>;

function readVote(failed: boolean) {
  return (wire: OutputOf<typeof wireVote>, context: WireContext): Vote => {
    const named = readMessageId(wire.poll?.id ?? wire.pollId);
    const id = wire.vote?.id ?? wire.poll?.id;
    const parties = readParties({ ...wire.vote, id, _data: wire._data }, context);
    const poll = invert(named, parties, context);
    const chat = parties.chat ?? readAddress(poll?.chat);
    const from = readAddress(wire.vote?.from);
    return present({
      poll,
      messageId: parties.messageId?.id === poll?.id ? undefined : parties.messageId,
      chat,
      voter:
        parties.author ?? readAddress(wire.voter) ?? (from?.kind === 'user' ? from : undefined),
      direction: parties.direction,
      choices: failed ? undefined : readChoices(wire),
      votedAt: toInstant(wire.vote?.timestamp),
      reason: wire.reason ?? undefined,
    });
  };
}

/**
 * Converts the poll's message key to this account's point of view. WAHA does this itself, but not in every
 * version: there the chat is this account.
 */
function invert(
  poll: MessageId | undefined,
  parties: Parties,
  { me }: WireContext,
): MessageId | undefined {
  return fromOurSide(poll, parties, { ...(me ? { me } : {}) });
}

function readChoices(wire: OutputOf<typeof wireVote>): string[] | undefined {
  // Go writes an empty list as null.
  const options = wire.vote?.selectedOptions === null ? [] : wire.vote?.selectedOptions;
  return itemsOf(options);
}

/** The key of a vote: its own id, or else the voter and the time. */
function identifyVote({ data }: { data: Vote }): FactIdentity | undefined {
  const { poll, messageId, chat, voter, direction, votedAt, choices } = data;
  const parties = [chat, authorIn(data, voter)];
  const side = direction ?? 'unknown';
  if (messageId) {
    return { parts: ['vote', poll?.id ?? 'unknown', messageId.id, side], parties };
  }
  if (voter === undefined && direction !== 'outbound') {
    return undefined;
  }
  return {
    parts: ['click', poll?.id, side, votedAt, choices && JSON.stringify(choices)],
    parties: [chat, voter],
  };
}

const ofVote = {
  payload: wireVote,
  data: voteData,
  chat: (data: Vote) => data.chat,
  fromMe: (data: Vote) => data.direction && data.direction === 'outbound',
  isIdentified: (data: Vote, { poll, pollId }: OutputOf<typeof wireVote>) =>
    data.poll !== undefined || Boolean(poll?.id ?? pollId),
  about: 'a poll',
  occurredAt: (data: Vote) => data.votedAt,
};

/** Votes in polls. */
export const polls = {
  'poll.vote': defineEventType({
    ...ofVote,
    read: readVote(false),
    key: { name: 'poll.vote', identify: identifyVote },
  }),
  'poll.vote.failed': defineEventType({
    ...ofVote,
    read: readVote(true),
    key: eventIdKey('poll.vote.failed'),
  }),
} as const satisfies Record<string, AnyEventType>;
