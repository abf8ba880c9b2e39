import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const PHONE = '12025550142@c.us';
const person = { kind: 'user', id: PHONE, phone: '+12025550142' };

describe('presence', () => {
  const GROUP = '120363020000000042@g.us';

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
      id: PHONE,
      presences: [{ participant: PHONE, lastKnownPresence: word, lastSeen: null }],
    };
    const wawp = { chatId: PHONE, type: word, from: PHONE };
    expect(dataOf('presence.update', waha).presences?.[0]?.state).toBe(state);
    expect(dataOf('presence.update', wawp)).toStrictEqual(dataOf('presence.update', waha));
  });

  test('in a group has the group and each person', () => {
    const payload = {
      id: GROUP,
      presences: [
        { participant: PHONE, lastKnownPresence: 'typing' },
        { participant: '206158430200143@lid', lastKnownPresence: 'recording' },
      ],
    };
    expect(dataOf('presence.update', payload)).toStrictEqual({
      chat: { kind: 'group', id: GROUP },
      presences: [
        { person, state: 'typing' },
        {
          person: { kind: 'user', id: '206158430200143@lid', lid: '206158430200143@lid' },
          state: 'recording',
        },
      ],
    });
  });

  test('has when the person was last seen, where that is known', () => {
    const payload = {
      id: PHONE,
      presences: [{ participant: PHONE, lastKnownPresence: 'offline', lastSeen: 1767268800 }],
    };
    expect(dataOf('presence.update', payload).presences?.[0]?.lastSeenAt).toBe(
      '2026-01-01T12:00:00.000Z',
    );
  });
});

describe('an archived chat', () => {
  test('is the same from WAHA and from Wawp, but for the last activity', () => {
    const waha = dataOf(
      'chat.archive',
      { id: PHONE, archived: true, timestamp: 1767268800 },
      { engine: 'WEBJS' },
    );
    expect(waha).toStrictEqual({
      chat: person,
      archived: true,
      lastActivityAt: '2026-01-01T12:00:00.000Z',
    });
    expect(dataOf('chat.archive', { chatId: PHONE, archived: true })).toStrictEqual({
      chat: person,
      archived: true,
    });
  });
});

describe('a label', () => {
  test('is the same from WAHA and from Wawp, but for the place in the palette', () => {
    const waha = dataOf('label.upsert', { id: '7', name: 'Paid', color: 3, colorHex: '#FFD429' });
    expect(waha).toStrictEqual({ label: { id: '7', name: 'Paid', color: 3, colorHex: '#ffd429' } });
    const wawp = dataOf('label.upsert', { label: { id: '7', name: 'Paid', color: '#FFD429' } });
    expect(wawp).toStrictEqual({ label: { id: '7', name: 'Paid', colorHex: '#ffd429' } });
  });

  test('has no colour where WAHA writes black for one that it does not know', () => {
    const data = dataOf('label.upsert', { id: '7', name: 'Paid', color: 22, colorHex: '#000000' });
    expect(data.label).toStrictEqual({ id: '7', name: 'Paid', color: 22 });
  });

  test('has text for an id and a number for a colour, whatever came', () => {
    expect(dataOf('label.upsert', { id: 7, name: 'Paid', color: '3' }).label).toStrictEqual({
      id: '7',
      name: 'Paid',
      color: 3,
    });
  });

  test('that is deleted has no name where the sender has an empty one', () => {
    expect(
      dataOf('label.deleted', { id: '7', name: '', color: 3, colorHex: '#ffd429' }).label,
    ).toStrictEqual({ id: '7', color: 3, colorHex: '#ffd429' });
    expect(dataOf('label.deleted', { labelId: '7' }).label).toStrictEqual({ id: '7' });
  });

  test.each(['label.chat.added', 'label.chat.deleted'] as const)(
    'on a chat is the same from all: %s',
    (type) => {
      const bare = { chat: person, label: { id: '7' } };
      expect(
        dataOf(type, { labelId: '7', chatId: PHONE, label: null }, { engine: 'GOWS' }),
      ).toStrictEqual(bare);
      expect(dataOf(type, { chatId: PHONE, labelId: '7' })).toStrictEqual(bare);
      const label = { id: '7', name: 'Paid', color: 3, colorHex: '#ffd429' };
      expect(dataOf(type, { labelId: '7', chatId: PHONE, label })).toStrictEqual({
        chat: person,
        label,
      });
    },
  );
});

describe('a session', () => {
  const statuses = [
    { status: 'STARTING', timestamp: 1767268799000 },
    { status: 'WORKING', timestamp: 1767268800000 },
  ];

  test('has its state, its history and since when', () => {
    expect(
      dataOf('session.status', { name: 'default', status: 'WORKING', statuses, data: null }),
    ).toStrictEqual({
      status: 'WORKING',
      history: [
        { status: 'STARTING', at: '2026-01-01T11:59:59.000Z' },
        { status: 'WORKING', at: '2026-01-01T12:00:00.000Z' },
      ],
      changedAt: '2026-01-01T12:00:00.000Z',
    });
  });

  test('has its state alone from Wawp and from old versions', () => {
    expect(dataOf('session.status', { name: 'default', status: 'STOPPED' })).toStrictEqual({
      status: 'STOPPED',
    });
    expect(dataOf('session.status', { status: 'STOPPED', statuses: [] })).toStrictEqual({
      status: 'STOPPED',
    });
  });

  test('does not say since when where the history ends in another state', () => {
    expect(dataOf('session.status', { status: 'FAILED', statuses })).not.toHaveProperty(
      'changedAt',
    );
  });

  test('may be in a state that is not known yet', () => {
    expect(dataOf('session.status', { status: 'HIBERNATING' })).toStrictEqual({
      status: 'UNKNOWN',
    });
  });

  test('has what a person needs to log in with a passkey', () => {
    const challenge = {
      challenge: '9WVUYm9A',
      timeout: 60000,
      rpId: 'web.whatsapp.com',
      allowCredentials: [],
      userVerification: 'required',
    };
    expect(
      dataOf('session.status', { status: 'PASSKEY_REQUIRED', data: challenge }).passkey,
    ).toStrictEqual({ challenge: '9WVUYm9A', relyingParty: 'web.whatsapp.com' });
    expect(
      dataOf('session.status', { status: 'PASSKEY_CONFIRMATION_REQUIRED', data: { code: '1234' } })
        .passkey,
    ).toStrictEqual({ code: '1234' });
  });

  test('keeps a QR code out of its data', () => {
    const data = dataOf('state.change', { qr: '2@secret', connection: 'connecting' });
    expect(data).toStrictEqual({ connection: 'connecting', qr: true });
  });
});

describe('an answer to an invitation', () => {
  const base = {
    id: `false_${PHONE}_RSVP`,
    timestamp: 1767268800,
    from: PHONE,
    participant: null,
    fromMe: false,
    source: 'app',
    eventCreationKey: { id: `true_${PHONE}_EVENT`, to: PHONE, from: 'me', fromMe: true },
    ack: null,
    ackName: 'UNKNOWN',
    replyTo: null,
    _data: {},
  };

  test('has who answers what, and when', () => {
    const eventResponse = { response: 'GOING', timestampMs: 1767268800250, extraGuestCount: 2 };
    const data = dataOf('event.response', { ...base, eventResponse }, { engine: 'GOWS' });
    expect(data).toMatchObject({
      about: 'calendar-event',
      author: person,
      eventMessage: { id: 'EVENT', fromMe: true },
      answer: 'GOING',
      extraGuests: 2,
      respondedAt: '2026-01-01T12:00:00.250Z',
    });
  });

  test('has no answer where it could not be decrypted', () => {
    const data = dataOf(
      'event.response.failed',
      { ...base, eventResponse: null },
      { engine: 'GOWS' },
    );
    expect(data).toMatchObject({
      about: 'calendar-event',
      author: person,
      respondedAt: '2026-01-01T12:00:00.000Z',
    });
    expect(data).not.toHaveProperty('answer');
  });

  test('is something else from Wawp: the end of a request', () => {
    expect(
      dataOf('event.response', { requestId: 'r1', data: { status: 'completed' } }),
    ).toStrictEqual({ about: 'request', requestId: 'r1', status: 'completed' });
    expect(dataOf('event.response.failed', { requestId: 'r2', error: 'TIMEOUT' })).toStrictEqual({
      about: 'request',
      requestId: 'r2',
      error: 'TIMEOUT',
    });
  });
});

describe('an event of the engine', () => {
  test.each([
    ['WAHA', { event: 'contacts.update', data: [1, 2] }],
    ['WAHA with the session', { session: 'default', event: 'contacts.update', data: 'text' }],
    ['Wawp', { raw: { event: 'contacts.update', data: {} } }],
  ])('has its name, from %s, and leaves what it holds in `raw`', (_sender, payload) => {
    expect(dataOf('engine.event', payload)).toStrictEqual({ name: 'contacts.update' });
  });
});
