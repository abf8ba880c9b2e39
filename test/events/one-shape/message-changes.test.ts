import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const PHONE = '12025550142@c.us';
const LID = '206158430200142@lid';
const GROUP = '120363020000000042@g.us';
const person = { kind: 'user', id: PHONE, phone: '+12025550142' };
const ORIGINAL = '3EB0C8A41F5D7E9B20A1';
const ACTION = '3EB02B7E914DC5A0F863';

describe('a reaction', () => {
  const reacted = {
    chat: person,
    author: person,
    direction: 'inbound',
    target: { id: ORIGINAL, fromMe: true, chat: PHONE, serialized: `true_${PHONE}_${ORIGINAL}` },
    emoji: '👍',
    removed: false,
    reactedAt: '2026-01-01T12:00:00.000Z',
    source: 'app',
  };
  const base = {
    id: `false_${PHONE}_${ACTION}`,
    timestamp: 1767268800,
    fromMe: false,
    source: 'app',
    reaction: { text: '👍', messageId: `true_${PHONE}_${ORIGINAL}` },
  };

  test.each<[string, string, object]>([
    ['NOWEB', 'NOWEB', { ...base, from: PHONE }],
    ['GOWS', 'GOWS', { ...base, from: PHONE, to: null, participant: null }],
    [
      'WEBJS, where the author is in `from` and `participant`',
      'WEBJS',
      { ...base, from: PHONE, participant: PHONE, to: PHONE, timestamp: 1767268800.0 },
    ],
  ])('is the same from %s', (_engine, engine, payload) => {
    const { messageId, ...data } = dataOf('message.reaction', payload, { engine });
    expect(data).toStrictEqual(reacted);
    expect(messageId?.id).toBe(ACTION);
  });

  test('is the same from WPP but for the source, which is null there', () => {
    const payload = {
      ...base,
      from: '',
      participant: '',
      to: PHONE,
      source: null,
      _data: { read: true },
    };
    const { messageId, ...data } = dataOf('message.reaction', payload, { engine: 'WPP' });
    const { source, ...withoutSource } = reacted;
    expect(data).toStrictEqual(withoutSource);
  });

  test('has its time to the millisecond where WEBJS gives a fraction', () => {
    expect(dataOf('message.reaction', { ...base, timestamp: 1767268800.518 }).reactedAt).toBe(
      '2026-01-01T12:00:00.518Z',
    );
  });

  test('was taken back where its text is empty', () => {
    const data = dataOf('message.reaction', { ...base, reaction: { ...base.reaction, text: '' } });
    expect(data.removed).toBe(true);
    expect(data).not.toHaveProperty('emoji');
  });

  test('of Wawp has the same target, emoji, chat and author', () => {
    const payload = {
      id: `false_${PHONE}_${ACTION}`,
      reaction: '👍',
      senderId: PHONE,
      messageId: `true_${PHONE}_${ORIGINAL}`,
    };
    const { messageId, ...data } = dataOf('message.reaction', payload, { engine: 'WEBJS' });
    const { reactedAt, source, ...said } = reacted;
    expect(data).toStrictEqual(said);
  });

  test('in a group is by the participant', () => {
    const payload = {
      ...base,
      id: `false_${GROUP}_${ACTION}_${LID}`,
      from: GROUP,
      to: LID,
      participant: LID,
    };
    const data = dataOf('message.reaction', payload, { engine: 'GOWS' });
    expect(data.author?.lid).toBe(LID);
    expect(data.chat?.id).toBe(GROUP);
  });
});

describe('a deleted message', () => {
  const message = {
    id: `false_${PHONE}_${ACTION}`,
    timestamp: 1767268800,
    from: PHONE,
    fromMe: false,
    body: null,
  };
  const key = (id: string) => ({
    fromMe: false,
    id,
    remoteJid: '12025550142@s.whatsapp.net',
    participant: null,
  });

  test.each<[string, string, object]>([
    ['NOWEB', 'NOWEB', { after: message, before: null, revokedMessageId: ORIGINAL, _data: {} }],
    [
      'NOWEB before 2025.6.3, by the protocol message',
      'NOWEB',
      {
        after: {
          ...message,
          _data: { message: { protocolMessage: { type: 0, key: { id: ORIGINAL } } } },
        },
        before: null,
      },
    ],
    [
      'GOWS',
      'GOWS',
      {
        after: { ...message, to: null, participant: null },
        before: null,
        revokedMessageId: ORIGINAL,
      },
    ],
    [
      'GOWS by the protocol message',
      'GOWS',
      {
        after: message,
        before: null,
        _data: { Message: { protocolMessage: { type: 0, key: { ID: ORIGINAL } } } },
      },
    ],
    [
      'WEBJS with the message as it was',
      'WEBJS',
      {
        after: { ...message, id: `false_${PHONE}_${ORIGINAL}` },
        before: { ...message, id: `false_${PHONE}_${ORIGINAL}`, body: 'Oops' },
      },
    ],
    [
      'WEBJS without',
      'WEBJS',
      { after: { ...message, id: `false_${PHONE}_${ORIGINAL}` }, before: null },
    ],
    [
      'WPP, by keys',
      'WPP',
      { after: key(ACTION), before: key(ORIGINAL), revokedMessageId: ORIGINAL, _data: {} },
    ],
    ['WPP without the id beside them', 'WPP', { after: key(ACTION), before: key(ORIGINAL) }],
    ['Wawp', 'WEBJS', { id: `false_${PHONE}_${ORIGINAL}`, revokedBy: PHONE }],
  ])('is named on every engine: %s', (_sender, engine, payload) => {
    const data = dataOf('message.revoked', payload, { engine });
    expect(data.revokedMessageId).toBe(ORIGINAL);
    expect(data.chat).toStrictEqual(person);
    expect(data.revokedBy).toStrictEqual(person);
  });

  test('has the deletion’s own id and time only where the payload holds them', () => {
    const own = dataOf('message.revoked', {
      after: message,
      before: null,
      revokedMessageId: ORIGINAL,
    });
    expect(own).toMatchObject({ messageId: { id: ACTION }, revokedAt: '2026-01-01T12:00:00.000Z' });
    const other = dataOf(
      'message.revoked',
      { after: { ...message, id: `false_${PHONE}_${ORIGINAL}` }, before: null },
      { engine: 'WEBJS' },
    );
    expect(other).not.toHaveProperty('messageId');
    expect(other).not.toHaveProperty('revokedAt');
  });

  test('is there as it was where WEBJS still has it', () => {
    const before = { ...message, id: `false_${PHONE}_${ORIGINAL}`, body: 'Oops' };
    const data = dataOf('message.revoked', { after: null, before }, { engine: 'WEBJS' });
    expect(data.previous).toMatchObject({ body: 'Oops', messageId: { id: ORIGINAL } });
  });

  test('in a group is not said to be deleted by its author where only the author is known', () => {
    const inGroup = {
      id: `false_${GROUP}_${ORIGINAL}_${PHONE}`,
      from: GROUP,
      author: PHONE,
      fromMe: false,
    };
    const data = dataOf('message.revoked', { after: inGroup, before: null }, { engine: 'WEBJS' });
    expect(data.revokedMessageId).toBe(ORIGINAL);
    expect(data).not.toHaveProperty('revokedBy');
  });

  test('in a group is said to be deleted by the admin who did it', () => {
    const after = {
      id: `false_${GROUP}_${ACTION}_${PHONE}`,
      from: GROUP,
      participant: PHONE,
      fromMe: false,
    };
    const data = dataOf('message.revoked', { after, before: null, revokedMessageId: ORIGINAL });
    expect(data.revokedBy).toStrictEqual(person);
  });

  test('may be told with times that are no times', () => {
    const side = { id: 'some-id', timestamp: 'some-timestamp', body: '' };
    const data = dataOf('message.revoked', { before: { ...side, body: 'Hi' }, after: side });
    expect(data).toStrictEqual({
      revokedMessageId: 'some-id',
      previous: { messageId: { id: 'some-id' }, body: 'Hi' },
    });
  });
});

describe('a changed message', () => {
  const base = { timestamp: 1767268800, from: PHONE, fromMe: false, body: 'New', hasMedia: false };
  const own = { ...base, id: `false_${PHONE}_${ACTION}`, editedMessageId: ORIGINAL };
  const original = { ...base, id: `false_${PHONE}_${ORIGINAL}` };

  test.each<[string, string, object]>([
    ['NOWEB', 'NOWEB', own],
    [
      'NOWEB by the protocol message',
      'NOWEB',
      {
        ...own,
        editedMessageId: undefined,
        _data: { message: { protocolMessage: { key: { id: ORIGINAL } } } },
      },
    ],
    ['GOWS', 'GOWS', { ...own, to: null, participant: null }],
    [
      'WPP with an id of the change',
      'WPP',
      { ...own, editedMessageId: `false_${PHONE}_${ORIGINAL}` },
    ],
    ['WPP without', 'WPP', { ...original, editedMessageId: ORIGINAL }],
    [
      'WEBJS, where the id is the changed message’s',
      'WEBJS',
      { ...original, editedMessageId: ORIGINAL },
    ],
    ['WEBJS without the field', 'WEBJS', original],
    ['Wawp', 'WEBJS', { id: `false_${PHONE}_${ORIGINAL}`, newBody: 'New', prevBody: 'Old' }],
  ])('is named with its new text on every engine: %s', (_sender, engine, payload) => {
    const data = dataOf('message.edited', payload, { engine });
    expect(data).toMatchObject({
      editedMessageId: ORIGINAL,
      body: 'New',
      chat: person,
      author: person,
      direction: 'inbound',
    });
  });

  test('has the change’s own id and time on NOWEB and GOWS', () => {
    expect(dataOf('message.edited', own)).toMatchObject({
      messageId: { id: ACTION },
      editedAt: '2026-01-01T12:00:00.000Z',
    });
  });

  test('has no time on WEBJS, whose timestamp is the message’s, unless the engine tells it', () => {
    expect(dataOf('message.edited', original, { engine: 'WEBJS' })).not.toHaveProperty('editedAt');
    const told = {
      ...original,
      _data: { latestEditSenderTimestampMs: 1767268860123, prevBody: 'Old' },
    };
    expect(dataOf('message.edited', told, { engine: 'WEBJS' })).toMatchObject({
      editedAt: '2026-01-01T12:01:00.123Z',
      previousBody: 'Old',
    });
  });

  test.each([
    [{ chat: {}, id: {}, msg: { latestEditSenderTimestampMs: 1767268860123 } }],
    [[{}, {}, { latestEditSenderTimestampMs: 1767268860123 }]],
  ])('has the time that WPP hands on', (_data) => {
    expect(dataOf('message.edited', { ...own, _data }, { engine: 'WPP' }).editedAt).toBe(
      '2026-01-01T12:01:00.123Z',
    );
  });

  test('may have an empty text now', () => {
    expect(dataOf('message.edited', { ...own, body: '' }).body).toBe('');
  });
});
