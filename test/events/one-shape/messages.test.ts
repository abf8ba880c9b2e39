import { describe, expect, test } from '@jest/globals';
import { type BodyFields, dataOf } from '../webhook.ts';

const ID = '3EB0C8A41F5D7E9B20A1';
const PHONE = '12025550142@c.us';
const LID = '206158430200142@lid';
const GROUP = '120363020000000042@g.us';
const ME = '447700900100@c.us';
const noor = { kind: 'user', id: PHONE, phone: '+12025550142', lid: LID };
const self = { kind: 'user', id: ME, phone: '+447700900100', lid: '118832900000100@lid' };

interface Variant {
  readonly payload: unknown;
  readonly fields?: BodyFields;
}

const head = { timestamp: 1767268800, body: 'Hello', hasMedia: false, source: 'app' };

/** One message from Noor in a direct chat, as each engine tells it. */
const inbound: Readonly<Record<string, Variant>> = {
  'NOWEB, by phone number': {
    payload: {
      ...head,
      id: `false_${PHONE}_${ID}`,
      from: PHONE,
      fromMe: false,
      ack: 2,
      ackName: 'DEVICE',
      replyTo: null,
      _data: {
        key: { remoteJid: '12025550142@s.whatsapp.net', remoteJidAlt: LID, fromMe: false, id: ID },
        messageTimestamp: '1767268800',
        pushName: 'Noor',
      },
    },
  },
  'GOWS, with nulls': {
    fields: { engine: 'GOWS' },
    payload: {
      ...head,
      id: `false_${PHONE}_${ID}`,
      from: PHONE,
      fromMe: false,
      to: null,
      participant: null,
      media: null,
      ack: 2,
      ackName: 'DEVICE',
      location: null,
      vCards: null,
      replyTo: null,
      _data: {
        Info: {
          Chat: LID,
          Sender: LID,
          SenderAlt: '12025550142:3@s.whatsapp.net',
          IsFromMe: false,
          PushName: 'Noor',
        },
      },
    },
  },
  'WEBJS, with both sides and the timestamp as text': {
    fields: { engine: 'WEBJS' },
    payload: {
      ...head,
      timestamp: '1767268800',
      id: `false_${PHONE}_${ID}`,
      from: LID,
      fromMe: false,
      to: ME,
      ack: 2,
      ackName: 'DEVICE',
      vCards: [],
      mediaUrl: '',
      _data: { notifyName: 'Noor', messageSecret: { '0': 1 } },
    },
  },
  'WPP, with a device and nulls': {
    fields: { engine: 'WPP' },
    payload: {
      ...head,
      id: `false_12025550142:7@c.us_${ID}`,
      from: LID,
      fromMe: false,
      to: ME,
      participant: null,
      ack: 2,
      ackName: 'DEVICE',
      location: null,
      vCards: null,
      replyTo: null,
      mediaUrl: null,
      _data: { notifyName: 'Noor' },
    },
  },
};

describe('an inbound message in a direct chat', () => {
  const expected = {
    chat: noor,
    author: noor,
    direction: 'inbound',
    sentAt: '2026-01-01T12:00:00.000Z',
    authorName: 'Noor',
    source: 'app',
    body: 'Hello',
    hasMedia: false,
    ack: { level: 2, name: 'device' },
  };

  test.each(Object.entries(inbound))('is the same from %s', (_engine, { payload, fields }) => {
    const { messageId, ...data } = dataOf('message', payload, fields);
    expect(data).toStrictEqual(expected);
    expect(messageId).toMatchObject({ id: ID, fromMe: false, chat: PHONE });
  });

  test('is known as one in the copy by hidden id and the copy by phone number', () => {
    const byLid = dataOf('message', {
      ...head,
      id: `false_${LID}_${ID}`,
      from: LID,
      fromMe: false,
      _data: { key: { remoteJid: LID, remoteJidAlt: '12025550142@s.whatsapp.net', id: ID } },
    });
    const byPhone = dataOf('message', {
      ...head,
      id: `false_${PHONE}_${ID}`,
      from: PHONE,
      fromMe: false,
    });
    expect(byLid.messageId?.id).toBe(byPhone.messageId?.id);
    expect(byLid.chat?.id).toBe(byPhone.chat?.id);
    expect(byLid.chat).toStrictEqual(noor);
  });
});

describe('an outbound message in a direct chat', () => {
  const own = { ...head, id: `true_${PHONE}_${ID}`, fromMe: true, source: 'api' };
  const chat = { kind: 'user', id: PHONE, phone: '+12025550142' };

  test.each<[string, unknown, string]>([
    ['NOWEB, where `from` is the chat', { ...own, from: PHONE }, 'NOWEB'],
    [
      'GOWS, where `from` is the chat',
      { ...own, from: PHONE, to: null, participant: null },
      'GOWS',
    ],
    ['WEBJS, where `from` is this account', { ...own, from: ME, to: PHONE }, 'WEBJS'],
    [
      'WPP, where `from` is this account',
      { ...own, from: ME, to: PHONE, participant: null },
      'WPP',
    ],
    ['an engine that is not named', { ...own, from: ME, to: PHONE }, ''],
    ['a body without the id', { ...own, id: undefined, from: ME, to: PHONE }, 'WEBJS'],
    ['GOWS without the id', { ...own, id: undefined, from: PHONE, to: null }, 'GOWS'],
  ])('is to the chat and by this account: %s', (_what, payload, engine) => {
    const data = dataOf('message.any', payload, { engine });
    expect(data).toMatchObject({ chat, author: self, direction: 'outbound', source: 'api' });
  });

  test('has no author where nothing tells who this account is', () => {
    const data = dataOf('message.any', { ...own, from: PHONE }, { me: null });
    expect(data.author).toBeUndefined();
    expect(data.chat).toStrictEqual(chat);
  });

  test('has the author that WEBJS names where the body has no `me`', () => {
    const data = dataOf(
      'message.any',
      { ...own, from: ME, to: PHONE },
      { engine: 'WEBJS', me: null },
    );
    expect(data.author).toStrictEqual({ kind: 'user', id: ME, phone: '+447700900100' });
  });
});

describe('a message in a group', () => {
  const base = { ...head, id: `false_${GROUP}_${ID}_${LID}`, fromMe: false };

  test.each<[string, unknown, string]>([
    [
      'NOWEB',
      {
        ...base,
        from: GROUP,
        to: GROUP,
        participant: LID,
        _data: { key: { participant: LID, participantAlt: '12025550142@s.whatsapp.net' } },
      },
      'NOWEB',
    ],
    [
      'an older NOWEB',
      {
        ...base,
        from: GROUP,
        to: GROUP,
        participant: LID,
        _data: { key: { participantPn: PHONE } },
      },
      'NOWEB',
    ],
    [
      'GOWS, where `to` is the participant',
      {
        ...base,
        from: GROUP,
        to: LID,
        participant: LID,
        _data: { Info: { Chat: GROUP, Sender: LID, SenderAlt: '12025550142@s.whatsapp.net' } },
      },
      'GOWS',
    ],
    [
      'WEBJS, where the author is in another field',
      { ...base, from: GROUP, to: ME, author: PHONE },
      'WEBJS',
    ],
    ['WPP', { ...base, from: GROUP, to: ME, participant: PHONE }, 'WPP'],
  ])('is by the participant and in the group: %s', (_what, payload, engine) => {
    const data = dataOf('message', payload, { engine });
    expect(data.chat).toStrictEqual({ kind: 'group', id: GROUP });
    expect(data.author).toStrictEqual(noor);
    expect(data.direction).toBe('inbound');
  });

  test('of this account is by this account, on which ever of its addresses', () => {
    const payload = {
      ...head,
      id: `true_${GROUP}_${ID}_118832900000100@lid`,
      from: GROUP,
      fromMe: true,
    };
    expect(dataOf('message.any', payload).author).toStrictEqual(self);
  });
});

describe('a message elsewhere', () => {
  test('in the status feed has its author and the feed as the chat', () => {
    const data = dataOf('message', { id: `false_status@broadcast_${ID}_${PHONE}`, body: 'Look' });
    expect(data.chat).toStrictEqual({ kind: 'status', id: 'status@broadcast' });
    expect(data.author).toStrictEqual({ kind: 'user', id: PHONE, phone: '+12025550142' });
  });

  test('in a channel has no author, and an acknowledgement that is not known', () => {
    const data = dataOf('message', {
      id: `false_120363999@newsletter_${ID}`,
      from: '120363999@newsletter',
      fromMe: false,
      ack: null,
      ackName: 'UNKNOWN',
      _data: {},
    });
    expect(data.chat?.kind).toBe('channel');
    expect(data.author).toBeUndefined();
    expect(data.ack).toStrictEqual({ name: 'unknown' });
  });
});

describe('what a message holds', () => {
  const full = { id: `false_${PHONE}_${ID}`, from: PHONE, fromMe: false };

  test('is a file wherever WAHA has put the link', () => {
    const url = 'http://localhost:3000/api/files/default/x.jpg';
    expect(dataOf('message', { ...full, hasMedia: true, mediaUrl: url }).media).toStrictEqual({
      url,
    });
    expect(
      dataOf('message', {
        ...full,
        hasMedia: true,
        media: { url, mimetype: 'image/jpeg', filename: null, error: null, s3: null },
      }).media,
    ).toStrictEqual({ url, mimetype: 'image/jpeg' });
    expect(dataOf('message', { ...full, media: { url } }).hasMedia).toBe(true);
  });

  test('is a file that was not downloaded: hasMedia without media', () => {
    const data = dataOf('message', { ...full, hasMedia: true, media: null });
    expect(data.hasMedia).toBe(true);
    expect(data).not.toHaveProperty('media');
  });

  test('is a file whose download failed, without the stack trace', () => {
    const error = { message: 'Timeout', details: 'Error: Timeout\n    at download (x.js:1)' };
    const data = dataOf('message', {
      ...full,
      hasMedia: true,
      media: { url: null, mimetype: 'video/mp4', error },
    });
    expect(data.media).toStrictEqual({ mimetype: 'video/mp4', error: 'Timeout' });
  });

  test('is a place, whose coordinates are numbers whether they came as text or not', () => {
    const place = { latitude: 51.5033, longitude: -0.0754, live: true, name: 'Harbour' };
    const asText = {
      ...place,
      latitude: '51.5033',
      longitude: '-0.0754',
      thumbnail: 'x',
      url: null,
    };
    expect(dataOf('message', { ...full, location: place }).location).toStrictEqual(place);
    expect(dataOf('message', { ...full, location: asText }).location).toStrictEqual(place);
    expect(
      dataOf('message', { ...full, location: { latitude: 'north', longitude: '' } }),
    ).not.toHaveProperty('location');
  });

  test('is not the thumbnail that WEBJS puts in the body of a place', () => {
    const body = `/9j/${'4AAQSkZJRgABAQAA'.repeat(20)}`;
    const location = { latitude: '1', longitude: '2' };
    expect(dataOf('message', { ...full, body, location })).not.toHaveProperty('body');
    expect(dataOf('message', { ...full, body: '/9j/ is how a JPEG begins', location }).body).toBe(
      '/9j/ is how a JPEG begins',
    );
    expect(dataOf('message', { ...full, body }).body).toBe(body);
  });

  test('is cards, from a list or from an object with numbers for names', () => {
    const card = 'BEGIN:VCARD\nEND:VCARD';
    expect(dataOf('message', { ...full, vCards: [card] }).vcards).toStrictEqual([card]);
    expect(dataOf('message', { ...full, vCards: { '0': card } }).vcards).toStrictEqual([card]);
    expect(dataOf('message', { ...full, vCards: [] })).not.toHaveProperty('vcards');
    expect(dataOf('message', { ...full, vCards: null })).not.toHaveProperty('vcards');
  });

  test('is an answer, whose message has a bare id whether it came whole or not', () => {
    const replyTo = {
      messageId: '3EB0AA',
      author: { kind: 'user', id: PHONE, phone: '+12025550142' },
      body: 'Hi',
    };
    const bare = { id: '3EB0AA', participant: PHONE, body: 'Hi', _data: {} };
    const whole = {
      ...bare,
      id: `false_${PHONE}_3EB0AA`,
      participant: '12025550142@s.whatsapp.net',
      media: null,
    };
    expect(dataOf('message', { ...full, replyTo: bare }).replyTo).toStrictEqual(replyTo);
    expect(dataOf('message', { ...full, replyTo: whole }).replyTo).toStrictEqual(replyTo);
    expect(dataOf('message', { ...full, replyTo: null })).not.toHaveProperty('replyTo');
  });

  test('is nothing at all where the payload is empty or missing', () => {
    expect(dataOf('message', {})).toStrictEqual({});
    expect(dataOf('message', null)).toStrictEqual({});
    expect(dataOf('message', undefined)).toStrictEqual({});
  });

  test('does not contradict itself: whose message it is says `fromMe`, then the id', () => {
    expect(dataOf('message', { id: `true_${PHONE}_${ID}` }).direction).toBe('outbound');
    expect(dataOf('message', { id: `true_${PHONE}_${ID}`, fromMe: false }).direction).toBe(
      'inbound',
    );
    expect(dataOf('message', { body: 'x' })).not.toHaveProperty('direction');
  });
});

describe('a message in Wawp’s documented shape', () => {
  test('gives the same data as WAHA’s', () => {
    const payload = {
      id: `false_${PHONE}_${ID}`,
      timestamp: 1767268800,
      from: PHONE,
      fromMe: false,
      source: 'app',
      to: ME,
      participant: null,
      body: 'Hello',
      hasMedia: false,
      media: null,
      ack: 2,
      ackName: 'DEVICE',
      author: PHONE,
      vCards: { '0': 'BEGIN:VCARD' },
      _data: {},
    };
    const { _data, author, ...waha } = { ...payload, vCards: ['BEGIN:VCARD'] };
    expect(dataOf('message', payload, { engine: 'WEBJS' })).toStrictEqual(
      dataOf('message', waha, { engine: 'WEBJS' }),
    );
  });
});
