import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const phoneAddress = '12025550142@c.us';
const person = { kind: 'user', id: phoneAddress, phone: '+12025550142' };
const originalId = '3EB0C8A41F5D7E9B20A1';
const action = '3EB02B7E914DC5A0F863';

describe('a changed message', () => {
  const base = {
    timestamp: 1767268800,
    from: phoneAddress,
    fromMe: false,
    body: 'New',
    hasMedia: false,
  };
  const own = { ...base, id: `false_${phoneAddress}_${action}`, editedMessageId: originalId };
  const original = { ...base, id: `false_${phoneAddress}_${originalId}` };

  test.each<[string, string, object]>([
    ['NOWEB', 'NOWEB', own],
    [
      'NOWEB by the protocol message',
      'NOWEB',
      {
        ...own,
        editedMessageId: undefined,
        _data: { message: { protocolMessage: { key: { id: originalId } } } },
      },
    ],
    ['GOWS', 'GOWS', { ...own, to: null, participant: null }],
    [
      'WPP with an id of the change',
      'WPP',
      { ...own, editedMessageId: `false_${phoneAddress}_${originalId}` },
    ],
    ['WPP without', 'WPP', { ...original, editedMessageId: originalId }],
    [
      'WEBJS, where the id is the changed message’s',
      'WEBJS',
      { ...original, editedMessageId: originalId },
    ],
    ['WEBJS without the field', 'WEBJS', original],
    [
      'Wawp',
      'WEBJS',
      { id: `false_${phoneAddress}_${originalId}`, newBody: 'New', prevBody: 'Old' },
    ],
  ])('is identified, with its new text, on every engine: %s', (_sender, engine, payload) => {
    const data = dataOf('message.edited', payload, { engine });
    expect(data).toMatchObject({
      editedMessageId: originalId,
      body: 'New',
      chat: person,
      author: person,
      direction: 'inbound',
    });
  });

  test('has the id and time of the edit on NOWEB and GOWS', () => {
    expect(dataOf('message.edited', own)).toMatchObject({
      messageId: { id: action },
      editedAt: '2026-01-01T12:00:00.000Z',
    });
  });

  test('has no time on WEBJS, whose timestamp is that of the message, unless the engine reports it', () => {
    expect(dataOf('message.edited', original, { engine: 'WEBJS' })).not.toHaveProperty('editedAt');
    const reported = {
      ...original,
      _data: { latestEditSenderTimestampMs: 1767268860123, prevBody: 'Old' },
    };
    expect(dataOf('message.edited', reported, { engine: 'WEBJS' })).toMatchObject({
      editedAt: '2026-01-01T12:01:00.123Z',
      previousBody: 'Old',
    });
  });

  const changed = {
    type: 'chat',
    latestEditSenderTimestampMs: 1767268860123,
    mentionedJidList: [phoneAddress],
  };
  test.each([
    ['WEBJS', { message: { _data: changed, body: 'New' }, newBody: 'New', prevBody: 'Old' }],
    ['WPP', { chat: {}, id: {}, msg: changed }],
    ['WPP', [{}, {}, changed]],
  ])('has the time and the mentions of the message that %s passes on', (engine, _data) => {
    expect(dataOf('message.edited', { ...original, _data }, { engine })).toMatchObject({
      editedAt: '2026-01-01T12:01:00.123Z',
      mentions: [person],
    });
  });

  test('may have an empty new text', () => {
    expect(dataOf('message.edited', { ...own, body: '' }).body).toBe('');
  });
});
