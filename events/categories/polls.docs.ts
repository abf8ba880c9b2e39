import type { DataOf } from '../envelope.ts';
import type { CategoryDocs, FieldDocs } from '../event-type-docs.ts';
import { partiesFields } from '../message/message-data.docs.ts';

const voteFields: FieldDocs<DataOf<'poll.vote'>> = {
  poll: { description: 'The message with the poll.', source: '`poll.id` or `pollId`' },
  messageId: {
    description: 'The id of the vote.',
    absent: 'on WEBJS and WPP, which repeat the poll’s id',
    source: '`vote.id`',
  },
  chat: partiesFields.chat,
  voter: { description: 'The person who voted. This account if `direction` is `outbound`.' },
  direction: { description: '`outbound`: this account voted.' },
  choices: {
    description:
      'All options that are selected now, not only the last click. Empty: the vote was removed.',
    absent: 'if the vote could not be decrypted',
  },
  votedAt: {
    description: 'When the vote was cast.',
    unit: 'ISO-8601 UTC',
    source: '`vote.timestamp`: seconds or milliseconds',
  },
  reason: { description: 'Why the vote could not be read.', absent: 'except from Wawp' },
};

const ofVote = {
  data: voteFields,
  key: 'Bare ids of the poll and of the vote, direction, chat and voter. If the vote has no id (WEBJS, WPP): poll, chat, voter, time and choices. A failed vote is identified by the sender’s event id.',
};

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

/** The documentation of the category `polls`. */
export const pollsDocs: CategoryDocs<'polls'> = {
  'poll.vote': {
    ...ofVote,
    summary: 'A person voted in a poll, changed the vote, or removed it; one event for each click.',
    variants: [
      'NOWEB and GOWS: `vote.id` is the id of the vote; on WEBJS and WPP it is the id of the poll.',
      'GOWS in groups: `vote.from` is the group, the voter is in `participant`; NOWEB: `vote.from` is the voter.',
      'The value `me` means this account.',
    ],
    examples: {
      waha: { engine: 'NOWEB', payload: vote },
      wawp: { engine: 'NOWEB', payload: vote },
    },
  },
  'poll.vote.failed': {
    ...ofVote,
    summary: 'A person voted in a poll, but the sender could not decrypt the vote.',
    variants: [
      'NOWEB: `selectedOptions` is empty, on GOWS null or missing; `timestamp` in seconds or milliseconds.',
      'Wawp: `pollId`, `voter`, `reason`.',
    ],
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
  },
};
