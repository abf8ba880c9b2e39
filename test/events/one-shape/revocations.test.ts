import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const phoneAddress = '12025550142@c.us';
const groupAddress = '120363020000000042@g.us';
const person = { kind: 'user', id: phoneAddress, phone: '+12025550142' };
const originalId = '3EB0C8A41F5D7E9B20A1';
const action = '3EB02B7E914DC5A0F863';

describe('a deleted message', () => {
  const message = {
    id: `false_${phoneAddress}_${action}`,
    timestamp: 1767268800,
    from: phoneAddress,
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
    ['NOWEB', 'NOWEB', { after: message, before: null, revokedMessageId: originalId, _data: {} }],
    [
      'NOWEB before 2025.6.3, by the protocol message',
      'NOWEB',
      {
        after: {
          ...message,
          _data: { message: { protocolMessage: { type: 0, key: { id: originalId } } } },
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
        revokedMessageId: originalId,
      },
    ],
    [
      'GOWS by the protocol message',
      'GOWS',
      {
        after: message,
        before: null,
        _data: { Message: { protocolMessage: { type: 0, key: { ID: originalId } } } },
      },
    ],
    [
      'WEBJS with the message as it was',
      'WEBJS',
      {
        after: { ...message, id: `false_${phoneAddress}_${originalId}` },
        before: { ...message, id: `false_${phoneAddress}_${originalId}`, body: 'Oops' },
      },
    ],
    [
      'WEBJS without',
      'WEBJS',
      { after: { ...message, id: `false_${phoneAddress}_${originalId}` }, before: null },
    ],
    [
      'WPP, by keys',
      'WPP',
      { after: key(action), before: key(originalId), revokedMessageId: originalId, _data: {} },
    ],
    ['WPP without the id beside them', 'WPP', { after: key(action), before: key(originalId) }],
    ['Wawp', 'WEBJS', { id: `false_${phoneAddress}_${originalId}`, revokedBy: phoneAddress }],
  ])('is identified on every engine: %s', (_sender, engine, payload) => {
    const data = dataOf('message.revoked', payload, { engine });
    expect(data.revokedMessageId).toBe(originalId);
    expect(data.chat).toStrictEqual(person);
    expect(data.revokedBy).toStrictEqual(person);
  });

  test('has the id and time of the deletion only if the payload contains them', () => {
    const own = dataOf('message.revoked', {
      after: message,
      before: null,
      revokedMessageId: originalId,
    });
    expect(own).toMatchObject({ messageId: { id: action }, revokedAt: '2026-01-01T12:00:00.000Z' });
    const other = dataOf(
      'message.revoked',
      { after: { ...message, id: `false_${phoneAddress}_${originalId}` }, before: null },
      { engine: 'WEBJS' },
    );
    expect(other).not.toHaveProperty('messageId');
    expect(other).not.toHaveProperty('revokedAt');
  });

  test('has its former content if WEBJS still has it', () => {
    const before = { ...message, id: `false_${phoneAddress}_${originalId}`, body: 'Oops' };
    const data = dataOf('message.revoked', { after: null, before }, { engine: 'WEBJS' });
    expect(data.previous).toMatchObject({ body: 'Oops', messageId: { id: originalId } });
  });

  test('in a group has no `by` if only the author is known', () => {
    const inGroup = {
      id: `false_${groupAddress}_${originalId}_${phoneAddress}`,
      from: groupAddress,
      author: phoneAddress,
      fromMe: false,
    };
    const data = dataOf('message.revoked', { after: inGroup, before: null }, { engine: 'WEBJS' });
    expect(data.revokedMessageId).toBe(originalId);
    expect(data).not.toHaveProperty('revokedBy');
  });

  test('in a group has the admin who deleted it', () => {
    const after = {
      id: `false_${groupAddress}_${action}_${phoneAddress}`,
      from: groupAddress,
      participant: phoneAddress,
      fromMe: false,
    };
    const data = dataOf('message.revoked', { after, before: null, revokedMessageId: originalId });
    expect(data.revokedBy).toStrictEqual(person);
  });

  const own = '447700900100@c.us';
  test.each([
    ['this account’s, deleted by it in a group', `true_${groupAddress}_A1_${own}`, own, 'outbound'],
    [
      'this account’s, deleted by an admin',
      `true_${groupAddress}_A1_${own}`,
      phoneAddress,
      'inbound',
    ],
    [
      'a member’s, deleted by this account',
      `false_${groupAddress}_A1_${phoneAddress}`,
      own,
      'outbound',
    ],
    [
      'a member’s, deleted by the member',
      `false_${groupAddress}_A1_${phoneAddress}`,
      phoneAddress,
      'inbound',
    ],
    ['this account’s, deleted by it', `true_${phoneAddress}_A1`, own, 'outbound'],
    ['this account’s, deleted by the contact', `true_${phoneAddress}_A1`, phoneAddress, 'inbound'],
  ])('of Wawp has the direction of who deleted it: %s', (_whose, id, revokedBy, direction) => {
    const data = dataOf('message.revoked', { id, revokedBy }, { engine: 'WEBJS' });
    expect(data).toMatchObject({ direction, revokedBy: { id: revokedBy } });
  });

  test('of Wawp has no direction if the deleter cannot be compared with the account', () => {
    const payload = { id: `true_${groupAddress}_A1_${own}`, revokedBy: '206158430200142@lid' };
    const data = dataOf('message.revoked', payload, { engine: 'WEBJS', me: { id: own } });
    expect(data).not.toHaveProperty('direction');
  });

  test('may be reported with invalid times', () => {
    const side = { id: 'some-id', timestamp: 'some-timestamp', body: '' };
    const data = dataOf('message.revoked', { before: { ...side, body: 'Hi' }, after: side });
    expect(data).toStrictEqual({
      revokedMessageId: 'some-id',
      previous: { messageId: { id: 'some-id' }, content: 'text', body: 'Hi' },
    });
  });

  test('has no direction if an admin deleted it on WEBJS or WPP, which name its author only', () => {
    const after = {
      id: `true_${groupAddress}_${originalId}_${phoneAddress}`,
      from: phoneAddress,
      to: groupAddress,
      fromMe: true,
    };
    const revoked = (subtype: string) =>
      dataOf(
        'message.revoked',
        { after: { ...after, _data: { type: 'revoked', subtype } }, before: null },
        { engine: 'WEBJS' },
      );
    expect(revoked('admin')).not.toHaveProperty('direction');
    expect(revoked('sender').direction).toBe('outbound');
  });
});
