import { describe, expect, test } from '@jest/globals';
import { type BodyFields, dataOf } from '../webhook.ts';

const idRule = '3EB0C8A41F5D7E9B20A1';
const phoneAddress = '12025550142@c.us';
const lidAddress = '206158430200142@lid';
const ownAccount = '447700900100@c.us';
const noor = { kind: 'user', id: phoneAddress, phone: '+12025550142', lid: lidAddress };
const self = { kind: 'user', id: ownAccount, phone: '+447700900100', lid: '118832900000100@lid' };

interface Variant {
  readonly payload: unknown;
  readonly fields?: BodyFields;
}

const head = { timestamp: 1767268800, body: 'Hello', hasMedia: false, source: 'app' };

/** One message from Noor in a direct chat, as each engine reports it. */
const inbound: Readonly<Record<string, Variant>> = {
  'NOWEB, by phone number': {
    payload: {
      ...head,
      id: `false_${phoneAddress}_${idRule}`,
      from: phoneAddress,
      fromMe: false,
      ack: 2,
      ackName: 'DEVICE',
      replyTo: null,
      _data: {
        key: {
          remoteJid: '12025550142@s.whatsapp.net',
          remoteJidAlt: lidAddress,
          fromMe: false,
          id: idRule,
        },
        messageTimestamp: '1767268800',
        pushName: 'Noor',
      },
    },
  },
  'GOWS, with nulls': {
    fields: { engine: 'GOWS' },
    payload: {
      ...head,
      id: `false_${phoneAddress}_${idRule}`,
      from: phoneAddress,
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
          Chat: lidAddress,
          Sender: lidAddress,
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
      id: `false_${phoneAddress}_${idRule}`,
      from: lidAddress,
      fromMe: false,
      to: ownAccount,
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
      id: `false_12025550142:7@c.us_${idRule}`,
      from: lidAddress,
      fromMe: false,
      to: ownAccount,
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
    content: 'text',
    body: 'Hello',
    hasMedia: false,
    ack: { level: 2, name: 'device' },
  };

  test.each(Object.entries(inbound))('is the same from %s', (_engine, { payload, fields }) => {
    const { messageId, ...data } = dataOf('message', payload, fields);
    expect(data).toStrictEqual(expected);
    expect(messageId).toMatchObject({ id: idRule, fromMe: false, chat: phoneAddress });
  });

  test('has the same key in the copy with hidden id and the copy with phone number', () => {
    const byLid = dataOf('message', {
      ...head,
      id: `false_${lidAddress}_${idRule}`,
      from: lidAddress,
      fromMe: false,
      _data: {
        key: { remoteJid: lidAddress, remoteJidAlt: '12025550142@s.whatsapp.net', id: idRule },
      },
    });
    const byPhone = dataOf('message', {
      ...head,
      id: `false_${phoneAddress}_${idRule}`,
      from: phoneAddress,
      fromMe: false,
    });
    expect(byLid.messageId?.id).toBe(byPhone.messageId?.id);
    expect(byLid.chat?.id).toBe(byPhone.chat?.id);
    expect(byLid.chat).toStrictEqual(noor);
  });
});

describe('an outbound message in a direct chat', () => {
  const own = { ...head, id: `true_${phoneAddress}_${idRule}`, fromMe: true, source: 'api' };
  const chat = { kind: 'user', id: phoneAddress, phone: '+12025550142' };

  test.each<[string, unknown, string]>([
    ['NOWEB, where `from` is the chat', { ...own, from: phoneAddress }, 'NOWEB'],
    [
      'GOWS, where `from` is the chat',
      { ...own, from: phoneAddress, to: null, participant: null },
      'GOWS',
    ],
    [
      'WEBJS, where `from` is this account',
      { ...own, from: ownAccount, to: phoneAddress },
      'WEBJS',
    ],
    [
      'WPP, where `from` is this account',
      { ...own, from: ownAccount, to: phoneAddress, participant: null },
      'WPP',
    ],
    ['an engine that is not named', { ...own, from: ownAccount, to: phoneAddress }, ''],
    [
      'a body without the id',
      { ...own, id: undefined, from: ownAccount, to: phoneAddress },
      'WEBJS',
    ],
    ['GOWS without the id', { ...own, id: undefined, from: phoneAddress, to: null }, 'GOWS'],
  ])('is in the chat and from this account: %s', (_what, payload, engine) => {
    const data = dataOf('message.any', payload, { engine });
    expect(data).toMatchObject({ chat, author: self, direction: 'outbound', source: 'api' });
  });

  test('has no author if this account is unknown', () => {
    const data = dataOf('message.any', { ...own, from: phoneAddress }, { me: null });
    expect(data.author).toBeUndefined();
    expect(data.chat).toStrictEqual(chat);
  });

  test('has the author from WEBJS if the body has no `me`', () => {
    const data = dataOf(
      'message.any',
      { ...own, from: ownAccount, to: phoneAddress },
      { engine: 'WEBJS', me: null },
    );
    expect(data.author).toStrictEqual({ kind: 'user', id: ownAccount, phone: '+447700900100' });
  });

  test('without `to` never has this account as another address of the chat', () => {
    const payload = {
      ...own,
      id: `true_206158430200142@lid_${'3EB0AA'}`,
      from: ownAccount,
      to: null,
    };
    for (const engine of ['WEBJS', 'WPP', '']) {
      const data = dataOf('message.any', payload, { engine, me: { id: ownAccount } });
      expect(data.chat).toStrictEqual({
        kind: 'user',
        id: '206158430200142@lid',
        lid: '206158430200142@lid',
      });
    }
  });
});
