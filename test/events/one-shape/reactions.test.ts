import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const phoneAddress = '12025550142@c.us';
const lidAddress = '206158430200142@lid';
const groupAddress = '120363020000000042@g.us';
const person = { kind: 'user', id: phoneAddress, phone: '+12025550142' };
const originalId = '3EB0C8A41F5D7E9B20A1';
const action = '3EB02B7E914DC5A0F863';

describe('a reaction', () => {
  const reacted = {
    chat: person,
    author: person,
    direction: 'inbound',
    target: {
      id: originalId,
      fromMe: true,
      chat: phoneAddress,
      serialized: `true_${phoneAddress}_${originalId}`,
    },
    emoji: '👍',
    removed: false,
    reactedAt: '2026-01-01T12:00:00.000Z',
    source: 'app',
  };
  const base = {
    id: `false_${phoneAddress}_${action}`,
    timestamp: 1767268800,
    fromMe: false,
    source: 'app',
    reaction: { text: '👍', messageId: `true_${phoneAddress}_${originalId}` },
  };

  test.each<[string, string, object]>([
    ['NOWEB', 'NOWEB', { ...base, from: phoneAddress }],
    ['GOWS', 'GOWS', { ...base, from: phoneAddress, to: null, participant: null }],
    [
      'WEBJS, where the author is in `from` and `participant`',
      'WEBJS',
      {
        ...base,
        from: phoneAddress,
        participant: phoneAddress,
        to: phoneAddress,
        timestamp: 1767268800.0,
      },
    ],
  ])('is the same from %s', (_engine, engine, payload) => {
    const { messageId, ...data } = dataOf('message.reaction', payload, { engine });
    expect(data).toStrictEqual(reacted);
    expect(messageId?.id).toBe(action);
  });

  test('is the same from WPP except for the source, which is null there', () => {
    const payload = {
      ...base,
      from: '',
      participant: '',
      to: phoneAddress,
      source: null,
      _data: { read: true },
    };
    const { messageId, ...data } = dataOf('message.reaction', payload, { engine: 'WPP' });
    const { source, ...withoutSource } = reacted;
    expect(data).toStrictEqual(withoutSource);
  });

  test('has its time to the millisecond if WEBJS sends a fraction', () => {
    expect(dataOf('message.reaction', { ...base, timestamp: 1767268800.518 }).reactedAt).toBe(
      '2026-01-01T12:00:00.518Z',
    );
  });

  test('is removed if its text is empty', () => {
    const data = dataOf('message.reaction', { ...base, reaction: { ...base.reaction, text: '' } });
    expect(data.removed).toBe(true);
    expect(data).not.toHaveProperty('emoji');
  });

  test('of Wawp has the same target, emoji, chat and author', () => {
    const payload = {
      id: `false_${phoneAddress}_${action}`,
      reaction: '👍',
      senderId: phoneAddress,
      messageId: `true_${phoneAddress}_${originalId}`,
    };
    const { messageId, ...data } = dataOf('message.reaction', payload, { engine: 'WEBJS' });
    const { reactedAt, source, ...printed } = reacted;
    expect(data).toStrictEqual(printed);
  });

  test('in a group is from the participant', () => {
    const payload = {
      ...base,
      id: `false_${groupAddress}_${action}_${lidAddress}`,
      from: groupAddress,
      to: lidAddress,
      participant: lidAddress,
    };
    const data = dataOf('message.reaction', payload, { engine: 'GOWS' });
    expect(data.author?.lid).toBe(lidAddress);
    expect(data.chat?.id).toBe(groupAddress);
  });
});
