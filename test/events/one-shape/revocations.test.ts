import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const PHONE = '12025550142@c.us';
const GROUP = '120363020000000042@g.us';
const person = { kind: 'user', id: PHONE, phone: '+12025550142' };
const ORIGINAL = '3EB0C8A41F5D7E9B20A1';
const ACTION = '3EB02B7E914DC5A0F863';

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
      previous: { messageId: { id: 'some-id' }, content: 'text', body: 'Hi' },
    });
  });
});
