import * as v from 'valibot';
import { addressData, readAddress } from '../address.ts';
import { field, instant } from '../data-field.ts';
import { toInstant } from '../instant.ts';
import { type AnyKind, type KeyPart, kind, type WireContext } from '../kind.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { partiesData } from '../message/message-data.ts';
import { readParties } from '../message/parties.ts';
import { messageIdData, readMessageId } from '../message-id.ts';
import { present } from '../present.ts';
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
    poll: field(messageIdData(), 'The message that holds the poll.', {
      source: '`poll.id` or `pollId`',
    }),
    messageId: field(messageIdData(), 'The vote’s own id.', {
      absent: 'on WEBJS and WPP, which repeat the poll’s',
      source: '`vote.id`',
    }),
    chat: partiesData().chat,
    voter: field(addressData(), 'Who voted. This account itself where `direction` is `outbound`.'),
    direction: field(v.picklist(['inbound', 'outbound']), '`outbound` where this account voted.'),
    choices: field(
      v.array(v.string()),
      'All that the voter has chosen now, not only the last click. Empty: the vote was taken back.',
      { absent: 'where the vote could not be decrypted' },
    ),
    votedAt: field(instant, 'When the voter clicked.', {
      unit: 'ISO-8601 UTC',
      source: '`vote.timestamp`: seconds or milliseconds',
    }),
    reason: field(v.string(), 'Why the vote could not be read.', { absent: 'except from Wawp' }),
  }),
);

type Vote = OutputOf<typeof voteData>;

function readVote(failed: boolean) {
  return (wire: OutputOf<typeof wireVote>, context: WireContext): Vote => {
    const poll = readMessageId(wire.poll?.id ?? wire.pollId);
    const id = wire.vote?.id ?? wire.poll?.id;
    const parties = readParties({ ...wire.vote, id, _data: wire._data }, context);
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

function readChoices(wire: OutputOf<typeof wireVote>): string[] | undefined {
  return itemsOf(wire.vote?.selectedOptions)?.filter((choice) => typeof choice === 'string');
}

/** A vote's own id is enough; without one it is the voter's click at one moment. */
function voteKeyParts({ poll, messageId, voter, votedAt, choices }: Vote): readonly KeyPart[] {
  return messageId
    ? [poll?.id ?? 'unknown', messageId.id]
    : [poll?.id, voter?.id, votedAt, JSON.stringify(choices ?? 'failed')];
}

const ofVote = {
  payload: wireVote,
  data: voteData,
  chat: (data: Vote) => data.chat,
  fromMe: (data: Vote) => data.direction && data.direction === 'outbound',
  occurredAt: (data: Vote) => data.votedAt,
};

function keyOf(name: string) {
  return {
    name,
    rule: 'Bare ids of the poll and of the vote. Where the vote has none (WEBJS, WPP): poll, voter, time and choices.',
    parts: ({ data }: { data: Vote }) => voteKeyParts(data),
  };
}

const poll = {
  id: 'true_12025550142@c.us_3EB05A0F3C9E71D2B846',
  to: '12025550142@c.us',
  from: 'me',
  fromMe: true,
};

const vote = {
  vote: {
    id: 'false_12025550142@c.us_3EB0E21D64BB905F7C38',
    to: 'me',
    from: '12025550142@c.us',
    fromMe: false,
    selectedOptions: ['Tuesday', 'Thursday'],
    timestamp: 1767269900321,
  },
  poll,
};

/** Votes in polls. */
export const polls = {
  'poll.vote': kind({
    ...ofVote,
    summary:
      'Somebody voted in a poll, changed the vote, or took it back; one event for each click.',
    variants: [
      'NOWEB and GOWS: `vote.id` is the vote’s own; WEBJS and WPP repeat the poll’s id there.',
      'GOWS in groups: `vote.from` is the group, the voter is in `participant`; NOWEB: `vote.from` is the voter.',
      'The word `me` stands for this account.',
    ],
    read: readVote(false),
    key: keyOf('poll.vote'),
    examples: {
      waha: { engine: 'NOWEB', payload: vote },
      wawp: { engine: 'NOWEB', payload: vote },
    },
  }),
  'poll.vote.failed': kind({
    ...ofVote,
    summary: 'Somebody voted in a poll, but the sender could not decrypt the vote.',
    variants: [
      'NOWEB: `selectedOptions` is empty, on GOWS null or missing; `timestamp` in seconds or milliseconds.',
      'Wawp: `pollId`, `voter`, `reason`.',
    ],
    read: readVote(true),
    key: keyOf('poll.vote.failed'),
    examples: {
      waha: {
        engine: 'NOWEB',
        payload: {
          vote: { ...vote.vote, selectedOptions: [], timestamp: 1767269960 },
          poll,
        },
      },
      wawp: {
        engine: 'WEBJS',
        payload: {
          pollId: 'true_447700900123@c.us_3EB0F07B25C8D913A6E4',
          voter: '447700900123@c.us',
          reason: 'POLL_NOT_FOUND',
        },
      },
    },
  }),
} as const satisfies Record<string, AnyKind>;
