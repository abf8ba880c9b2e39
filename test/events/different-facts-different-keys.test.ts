import { describe, expect, test } from '@jest/globals';
import {
  bareId,
  first,
  groupAddress,
  key,
  lidAddress,
  message,
  phoneAddress,
  second,
} from './one-message.ts';
import { type BodyFields, isOneFact, wahaBody } from './webhook.ts';

describe('different facts have different keys', () => {
  test('a waiting message and the message that arrives later', () => {
    expect(key('message.waiting', message, first)).not.toBe(key('message', message, first));
  });

  test('an outbound and an inbound message, even with the same bare id', () => {
    const own = { ...message, id: `true_${phoneAddress}_${bareId}`, fromMe: true, source: 'api' };
    expect(key('message.any', own)).not.toBe(key('message.any', message));
  });

  test('the same message in two sessions', () => {
    expect(key('message', message, { session: 'a' })).not.toBe(
      key('message', message, { session: 'b' }),
    );
  });

  test('the same message in two sessions whose names are numbers', () => {
    const [one, other] = [1, 2].map((session) => ({ ...wahaBody('message', message), session }));
    expect(isOneFact(one, other)).toBe(false);
    expect(isOneFact(one, { ...one, session: '1' })).toBe(true);
  });

  test('two acks of messages whose ids the caller has chosen', () => {
    const ack = (id: string) => ({ id: `true_${phoneAddress}_${id}`, fromMe: true, ack: 3 });
    expect(key('message.ack', ack('order_4711'))).not.toBe(key('message.ack', ack('order_4712')));
  });

  test('one bare id in two groups', () => {
    const inGroup = (group: string) => ({
      ...message,
      id: `false_${group}_${bareId}_${phoneAddress}`,
      from: group,
    });
    expect(key('message', inGroup(groupAddress))).not.toBe(
      key('message', inGroup('120363020000000077@g.us')),
    );
    expect(key('message', inGroup(groupAddress))).not.toBe(key('message', message));
  });

  test('the levels of one message', () => {
    const ack = (level: number) => ({
      id: `true_${phoneAddress}_${bareId}`,
      from: phoneAddress,
      fromMe: true,
      ack: level,
    });
    const keys = [-1, 0, 1, 2, 3, 4].map((level) => key('message.ack', ack(level)));
    expect(new Set(keys).size).toBe(6);
  });

  test('the readers of one message in a group', () => {
    const ack = (participant: string) => ({
      id: `true_${groupAddress}_${bareId}_${lidAddress}`,
      from: groupAddress,
      participant,
      fromMe: true,
      ack: 3,
    });
    expect(key('message.ack.group', ack(phoneAddress))).not.toBe(
      key('message.ack.group', ack('447700900123@c.us')),
    );
  });

  test('two acknowledgements without a level', () => {
    const ack = {
      id: `true_${groupAddress}_${bareId}_${lidAddress}`,
      from: groupAddress,
      participant: phoneAddress,
      fromMe: true,
    };
    expect(key('message.ack.group', ack, first)).not.toBe(key('message.ack.group', ack, second));
  });

  test('the edits of one message, on engines with and without ids of edits', () => {
    const gows = (id: string) => ({
      ...message,
      id: `false_${phoneAddress}_${id}`,
      editedMessageId: bareId,
    });
    expect(key('message.edited', gows('A'))).not.toBe(key('message.edited', gows('B')));
    const webjs = { ...message, editedMessageId: bareId };
    const fields = { engine: 'WEBJS' };
    expect(key('message.edited', webjs, { ...first, ...fields })).not.toBe(
      key('message.edited', webjs, { ...second, ...fields }),
    );
    const timed = (latestEditSenderTimestampMs: number) => ({
      ...webjs,
      _data: { latestEditSenderTimestampMs },
    });
    expect(key('message.edited', timed(1767268860001), fields)).not.toBe(
      key('message.edited', timed(1767268860002), fields),
    );
    expect(key('message.edited', timed(1767268860001), { ...first, ...fields })).toBe(
      key('message.edited', timed(1767268860001), { ...second, ...fields }),
    );
  });

  test('a reaction, its change and its removal', () => {
    const reaction = (id: string, text: string) => ({
      id: `false_${phoneAddress}_${id}`,
      fromMe: false,
      reaction: { text, messageId: `true_${phoneAddress}_${bareId}` },
    });
    const keys = [reaction('A', '👍'), reaction('B', '🎉'), reaction('C', '')].map((payload) =>
      key('message.reaction', payload),
    );
    expect(new Set(keys).size).toBe(3);
  });

  test('each click in a poll', () => {
    const poll = { id: `true_${phoneAddress}_POLL`, from: 'me', to: phoneAddress, fromMe: true };
    const click = (id: string, timestamp: number, ...selectedOptions: string[]) => ({
      vote: { id, from: phoneAddress, to: 'me', fromMe: false, selectedOptions, timestamp },
      poll,
    });
    const own = [
      click(`false_${phoneAddress}_A`, 1767268800001, 'a'),
      click(`false_${phoneAddress}_B`, 1767268800001, 'a', 'b'),
    ];
    expect(key('poll.vote', own[0])).not.toBe(key('poll.vote', own[1]));
    const repeated = [
      click(poll.id, 1767268800001, 'a'),
      click(poll.id, 1767268800001, 'a', 'b'),
      click(poll.id, 1767268800002, 'a'),
    ].map((payload) => key('poll.vote', payload, { engine: 'WEBJS' }));
    expect(new Set(repeated).size).toBe(3);
    expect(
      key('poll.vote', click(poll.id, 1767268800001, 'a'), { ...first, engine: 'WEBJS' }),
    ).toBe(key('poll.vote', click(poll.id, 1767268800001, 'a'), { ...second, engine: 'WEBJS' }));
  });

  test('a vote and its failure', () => {
    const payload = {
      vote: { id: `false_${phoneAddress}_A`, from: phoneAddress },
      poll: { id: `true_${phoneAddress}_POLL` },
    };
    expect(key('poll.vote', payload)).not.toBe(key('poll.vote.failed', payload));
  });

  test('a call that rings, is accepted and ends, which share the call’s id', () => {
    const call = { id: '7C21', from: phoneAddress, timestamp: 1767268800 };
    const keys = ['call.received', 'call.accepted', 'call.rejected'].map((type) => key(type, call));
    expect(new Set(keys).size).toBe(3);
    expect(key('call.received', call, first)).toBe(key('call.received', call, second));
  });

  test('each status of a session, even if it repeats', () => {
    const status = { status: 'SCAN_QR_CODE' };
    expect(key('session.status', status, first)).not.toBe(key('session.status', status, second));
    expect(key('session.status', { status: 'STARTING' }, first)).not.toBe(
      key('session.status', { status: 'WORKING' }, first),
    );
  });

  test('overlapping event types of groups, which report different details', () => {
    const leave = { timestamp: 1767268800000, group: { id: groupAddress } };
    const change = {
      ...leave,
      type: 'leave',
      participants: [{ id: '447700900100@c.us', role: 'left' }],
    };
    const old = { chatId: groupAddress, type: 'leave', timestamp: 1767268800 };
    const keys = [
      key('group.v2.leave', leave),
      key('group.v2.participants', change),
      key('group.leave', old),
    ];
    expect(new Set(keys).size).toBe(3);
  });

  test('an engine event about a message, and the message', () => {
    const raw = { event: 'messages.upsert', data: message };
    expect(key('engine.event', raw)).not.toBe(key('message', message));
  });

  test.each([first, { id: undefined }])(
    'two events of the engine with different content, with the envelope %j',
    (fields) => {
      const of = (data: unknown) => key('engine.event', { event: 'x', data }, fields);
      expect(of([1])).not.toBe(of([2]));
      expect(of([1])).toBe(of([1]));
      const changed = (lastDisconnect: unknown) =>
        key('state.change', { connection: 'close', lastDisconnect }, fields);
      expect(changed({ reason: 1 })).not.toBe(changed({ reason: 2 }));
    },
  );

  const other = '447700900123@c.us';
  const otherLid = '99887766554433@lid';

  /** What has a message id, or names a message, in a chat with somebody. */
  const inChatWith = {
    message: (chat: string) => ({ ...message, id: `false_${chat}_${bareId}`, from: chat }),
    'message.any': (chat: string) => ({
      ...message,
      ...{ id: `true_${chat}_${bareId}`, from: chat, fromMe: true },
    }),
    'message.waiting': (chat: string) => ({
      ...message,
      id: `false_${chat}_${bareId}`,
      from: chat,
    }),
    'message.ack': (chat: string) => ({
      ...{ id: `true_${chat}_${bareId}`, from: chat, fromMe: true, ack: 3, ackName: 'READ' },
    }),
    'message.reaction': (chat: string) => ({
      ...{ id: `false_${chat}_R1`, from: chat, fromMe: false },
      reaction: { text: '👍', messageId: `true_${chat}_${bareId}` },
    }),
    'message.edited': (chat: string) => ({
      ...message,
      ...{ id: `false_${chat}_E1`, from: chat, editedMessageId: bareId },
    }),
    'message.revoked': (chat: string) => ({
      after: { ...message, id: `false_${chat}_D1`, from: chat },
      ...{ before: null, revokedMessageId: bareId },
    }),
    'poll.vote': (chat: string) => ({
      vote: {
        ...{ id: `false_${chat}_V1`, from: chat, to: 'me', fromMe: false },
        ...{ selectedOptions: ['a'], timestamp: 1767268800001 },
      },
      poll: { id: `true_${chat}_${bareId}`, from: 'me', to: chat, fromMe: true },
    }),
    'event.response': (chat: string) => ({
      ...{ id: `false_${chat}_A1`, from: chat, fromMe: false, timestamp: 1767268800 },
      eventCreationKey: { id: `true_${chat}_${bareId}` },
      eventResponse: { response: 'GOING' },
    }),
    'call.received': (chat: string) => ({ id: 'C1', from: chat, timestamp: 1767268800 }),
    'call.accepted': (chat: string) => ({ id: 'C1', from: chat, timestamp: 1767268800 }),
    'call.rejected': (chat: string) => ({ id: 'C1', from: chat, timestamp: 1767268800 }),
  };

  test.each(Object.entries(inChatWith))('one bare id with two people: %s', (type, of) => {
    const body = (chat: string) => wahaBody(type, of(chat), first);
    expect(isOneFact(body(phoneAddress), body(other))).toBe(false);
    expect(isOneFact(body(lidAddress), body(otherLid))).toBe(false);
    expect(isOneFact(body(phoneAddress), body(lidAddress))).toBe(true);
    expect(isOneFact(body(phoneAddress), body(phoneAddress))).toBe(true);
  });

  /** The same in a group or among the status posts, by somebody. */
  const byAuthor = {
    message: (chat: string, author: string) => ({
      ...message,
      ...{ id: `false_${chat}_${bareId}_${author}`, from: chat, participant: author },
    }),
    'message.reaction': (chat: string, author: string) => ({
      ...{ id: `false_${chat}_R1_${author}`, from: chat, participant: author, fromMe: false },
      reaction: { text: '👍', messageId: `true_${chat}_${bareId}` },
    }),
    'message.edited': (chat: string, author: string) => ({
      ...message,
      ...{ id: `false_${chat}_E1_${author}`, from: chat, participant: author },
      editedMessageId: bareId,
    }),
    'message.revoked': (chat: string, author: string) => ({
      after: {
        ...message,
        ...{ id: `false_${chat}_D1_${author}`, from: chat, participant: author },
      },
      ...{ before: null, revokedMessageId: bareId },
    }),
    'message.ack.group': (chat: string, reader: string) => ({
      ...{ id: `true_${chat}_${bareId}`, from: chat, participant: reader, fromMe: true, ack: 3 },
    }),
    'event.response': (chat: string, author: string) => ({
      ...{ id: `false_${chat}_A1_${author}`, from: chat, participant: author, fromMe: false },
      eventCreationKey: { id: `true_${chat}_${bareId}` },
      eventResponse: { response: 'GOING' },
    }),
    'poll.vote': (chat: string, voter: string) => ({
      vote: {
        ...{ id: `false_${chat}_V1_${voter}`, from: chat, participant: voter, fromMe: false },
        ...{ selectedOptions: ['a'], timestamp: 1767268800001 },
      },
      poll: { id: `true_${chat}_${bareId}` },
    }),
  };

  test.each(
    Object.entries(byAuthor).flatMap(([type, of]) => [
      [type, groupAddress, of] as const,
      [type, 'status@broadcast', of] as const,
    ]),
  )('one bare id by two people in one place: %s in %s', (type, chat, of) => {
    const body = (author: string) => wahaBody(type, of(chat, author), first);
    expect(isOneFact(body(phoneAddress), body(other))).toBe(false);
    expect(isOneFact(body(lidAddress), body(otherLid))).toBe(false);
    expect(isOneFact(body(phoneAddress), body(lidAddress))).toBe(true);
  });

  test('one bare id in a group and in a direct chat with a person known by hidden id only', () => {
    const inGroup = {
      ...message,
      id: `false_${groupAddress}_${bareId}_${lidAddress}`,
      from: groupAddress,
    };
    const direct = { ...message, id: `false_${lidAddress}_${bareId}`, from: lidAddress };
    expect(isOneFact(wahaBody('message', inGroup), wahaBody('message', direct))).toBe(false);
  });

  test.each([
    [
      'of readers who are not named',
      { id: `true_${groupAddress}_${bareId}`, from: groupAddress, ack: 3 },
    ],
    ['up to level 0', { id: `true_${phoneAddress}_${bareId}`, from: phoneAddress, ack: 0 }],
    ['below level 0', { id: `true_${phoneAddress}_${bareId}`, from: phoneAddress, ack: -1 }],
  ])('acknowledgements %s with different event ids', (_what, ack) => {
    const body = (fields: BodyFields) => wahaBody('message.ack', { ...ack, fromMe: true }, fields);
    expect(isOneFact(body(first), body(second))).toBe(false);
    expect(isOneFact(body(first), body(first))).toBe(true);
  });

  test.each([
    [
      'poll.vote.failed',
      {
        vote: { id: `false_${phoneAddress}_V`, from: phoneAddress },
        poll: { id: `true_${phoneAddress}_P` },
      },
    ],
    [
      'event.response.failed',
      {
        id: `false_${phoneAddress}_V`,
        from: phoneAddress,
        eventCreationKey: { id: `true_${phoneAddress}_P` },
      },
    ],
  ])('unrecognized events with different event ids: %s', (type, payload) => {
    const body = (fields: BodyFields) => wahaBody(type, payload, fields);
    expect(isOneFact(body(first), body(second))).toBe(false);
    expect(isOneFact(body(first), body(first))).toBe(true);
  });

  test('a request that is queued and then completed', () => {
    const of = (status: string) => key('event.response', { requestId: 'r1', data: { status } });
    expect(of('queued')).not.toBe(of('completed'));
  });
});
