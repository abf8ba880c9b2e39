import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const phoneAddress = '12025550142@c.us';
const groupAddress = '120363020000000042@g.us';
const person = { kind: 'user', id: phoneAddress, phone: '+12025550142' };
const self = {
  kind: 'user',
  id: '447700900100@c.us',
  phone: '+447700900100',
  lid: '118832900000100@lid',
};
const ms = 1767268800321;
const votedAt = '2026-01-01T12:00:00.321Z';

describe('a vote in a direct chat', () => {
  const poll = { id: `true_${phoneAddress}_POLL`, to: phoneAddress, from: 'me', fromMe: true };
  const vote = {
    from: phoneAddress,
    to: 'me',
    fromMe: false,
    selectedOptions: ['Tuesday'],
    timestamp: ms,
  };
  const expected = {
    chat: person,
    voter: person,
    direction: 'inbound',
    choices: ['Tuesday'],
    votedAt,
  };

  test.each<[string, string, object]>([
    ['NOWEB', 'NOWEB', { vote: { ...vote, id: `false_${phoneAddress}_VOTE` }, poll }],
    [
      'GOWS',
      'GOWS',
      {
        vote: { ...vote, id: `false_${phoneAddress}_VOTE`, to: null, participant: null },
        poll,
        _data: {},
      },
    ],
  ])('is the same from %s', (_engine, engine, payload) => {
    const { poll: of, messageId, ...data } = dataOf('poll.vote', payload, { engine });
    expect(data).toStrictEqual(expected);
    expect(messageId?.id).toBe('VOTE');
    expect(of?.id).toBe('POLL');
  });

  test.each<[string, string, object]>([
    ['WEBJS', 'WEBJS', { vote: { ...vote, id: poll.id, to: '447700900100@c.us' }, poll }],
    [
      'WPP',
      'WPP',
      { vote: { ...vote, id: poll.id, to: phoneAddress, participant: null }, poll, _data: {} },
    ],
  ])('has no id from %s, which repeats that of the poll', (_engine, engine, payload) => {
    const { poll: of, ...data } = dataOf('poll.vote', payload, { engine });
    expect(data).toStrictEqual(expected);
    expect(of?.id).toBe('POLL');
  });

  test('has its time also from seconds', () => {
    const payload = {
      vote: { ...vote, id: `false_${phoneAddress}_VOTE`, timestamp: 1767268800 },
      poll,
    };
    expect(dataOf('poll.vote', payload).votedAt).toBe('2026-01-01T12:00:00.000Z');
  });

  test('is removed if nothing is chosen', () => {
    const payload = {
      vote: { ...vote, id: `false_${phoneAddress}_VOTE`, selectedOptions: [] },
      poll,
    };
    expect(dataOf('poll.vote', payload).choices).toStrictEqual([]);
  });

  test('of this account is outbound, even if the payload has only `me`', () => {
    const payload = {
      vote: {
        ...vote,
        id: `true_${phoneAddress}_VOTE`,
        from: 'me',
        to: phoneAddress,
        fromMe: true,
      },
      poll,
    };
    expect(dataOf('poll.vote', payload)).toMatchObject({
      voter: self,
      chat: person,
      direction: 'outbound',
    });
  });

  test('that was removed has no choices, also where Go writes the empty list as null', () => {
    for (const selectedOptions of [[], null]) {
      const removed = { ...vote, id: `false_${phoneAddress}_VOTE`, selectedOptions };
      expect(dataOf('poll.vote', { vote: removed, poll }, { engine: 'GOWS' }).choices).toEqual([]);
    }
  });
});

describe('a vote in a group', () => {
  const poll = {
    id: `true_${groupAddress}_POLL`,
    to: groupAddress,
    from: '447700900100@c.us',
    fromMe: true,
  };
  const vote = {
    id: `false_${groupAddress}_VOTE`,
    fromMe: false,
    selectedOptions: ['Tuesday'],
    timestamp: ms,
  };

  test.each<[string, string, object]>([
    [
      'NOWEB, which names the voter in `from`',
      'NOWEB',
      { ...vote, from: phoneAddress, to: groupAddress },
    ],
    [
      'GOWS, which names the voter in `participant`',
      'GOWS',
      { ...vote, from: groupAddress, to: phoneAddress, participant: phoneAddress },
    ],
    [
      'WPP',
      'WPP',
      { ...vote, id: poll.id, from: phoneAddress, to: groupAddress, participant: phoneAddress },
    ],
  ])('has the voter and the group: %s', (_engine, engine, wire) => {
    const data = dataOf('poll.vote', { vote: wire, poll }, { engine });
    expect(data).toMatchObject({
      chat: { kind: 'group', id: groupAddress },
      voter: person,
      direction: 'inbound',
    });
  });
});

test('a vote from a hidden id also has the phone number if GOWS reports it', () => {
  const lidAddress = '206158430200142@lid';
  const vote = {
    id: `false_${lidAddress}_VOTE`,
    from: lidAddress,
    fromMe: false,
    selectedOptions: [],
  };
  const _data = {
    Info: { Chat: lidAddress, Sender: lidAddress, SenderAlt: '12025550142@s.whatsapp.net' },
  };
  const data = dataOf(
    'poll.vote',
    { vote, poll: { id: `true_${lidAddress}_POLL` }, _data },
    { engine: 'GOWS' },
  );
  expect(data.voter).toStrictEqual({ ...person, lid: lidAddress });
});

describe('a vote that could not be decrypted', () => {
  const poll = { id: `true_${phoneAddress}_POLL`, to: phoneAddress, from: 'me', fromMe: true };
  const vote = { id: `false_${phoneAddress}_VOTE`, from: phoneAddress, to: 'me', fromMe: false };

  test.each<[string, object]>([
    ['NOWEB: an empty list and seconds', { ...vote, selectedOptions: [], timestamp: 1767268800 }],
    ['GOWS: null and milliseconds', { ...vote, selectedOptions: null, timestamp: 1767268800000 }],
    ['GOWS: missing', { ...vote, timestamp: '1767268800000' }],
  ])('has unknown choices, which is different from none: %s', (_what, wire) => {
    const data = dataOf('poll.vote.failed', { vote: wire, poll });
    expect(data).not.toHaveProperty('choices');
    expect(data).toMatchObject({
      voter: person,
      poll: { id: 'POLL' },
      votedAt: '2026-01-01T12:00:00.000Z',
    });
  });

  test('of Wawp has the poll, the voter and the reason', () => {
    const data = dataOf('poll.vote.failed', {
      pollId: `true_${phoneAddress}_POLL`,
      voter: phoneAddress,
      reason: 'POLL_NOT_FOUND',
    });
    expect(data).toMatchObject({
      poll: { id: 'POLL' },
      chat: person,
      voter: person,
      reason: 'POLL_NOT_FOUND',
    });
    expect(data).not.toHaveProperty('choices');
  });
});
