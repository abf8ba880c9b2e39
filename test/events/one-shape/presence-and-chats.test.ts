import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const phoneAddress = '12025550142@c.us';
const person = { kind: 'user', id: phoneAddress, phone: '+12025550142' };

describe('presence', () => {
  const groupAddress = '120363020000000042@g.us';

  test.each([
    ['online', 'online'],
    ['available', 'online'],
    ['offline', 'offline'],
    ['unavailable', 'offline'],
    ['typing', 'typing'],
    ['composing', 'typing'],
    ['recording', 'recording'],
    ['paused', 'paused'],
    ['dreaming', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%s is %s, from WAHA and from Wawp', (word, state) => {
    const waha = {
      id: phoneAddress,
      presences: [{ participant: phoneAddress, lastKnownPresence: word, lastSeen: null }],
    };
    const wawp = { chatId: phoneAddress, type: word, from: phoneAddress };
    expect(dataOf('presence.update', waha).presences?.[0]?.state).toBe(state);
    expect(dataOf('presence.update', wawp)).toStrictEqual(dataOf('presence.update', waha));
  });

  test('in a group has the group and each person', () => {
    const payload = {
      id: groupAddress,
      presences: [
        { participant: phoneAddress, lastKnownPresence: 'typing' },
        { participant: '206158430200143@lid', lastKnownPresence: 'recording' },
      ],
    };
    expect(dataOf('presence.update', payload)).toStrictEqual({
      chat: { kind: 'group', id: groupAddress },
      presences: [
        { person, state: 'typing' },
        {
          person: { kind: 'user', id: '206158430200143@lid', lid: '206158430200143@lid' },
          state: 'recording',
        },
      ],
    });
  });

  test('has when the person was last seen, if that is known', () => {
    const payload = {
      id: phoneAddress,
      presences: [
        { participant: phoneAddress, lastKnownPresence: 'offline', lastSeen: 1767268800 },
      ],
    };
    expect(dataOf('presence.update', payload).presences?.[0]?.lastSeenAt).toBe(
      '2026-01-01T12:00:00.000Z',
    );
  });
});

describe('an archived chat', () => {
  test('is the same from WAHA and from Wawp, except for the last activity', () => {
    const waha = dataOf(
      'chat.archive',
      { id: phoneAddress, archived: true, timestamp: 1767268800 },
      { engine: 'WEBJS' },
    );
    expect(waha).toStrictEqual({
      chat: person,
      archived: true,
      lastActivityAt: '2026-01-01T12:00:00.000Z',
    });
    expect(dataOf('chat.archive', { chatId: phoneAddress, archived: true })).toStrictEqual({
      chat: person,
      archived: true,
    });
  });
});
