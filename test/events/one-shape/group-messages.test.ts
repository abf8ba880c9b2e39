import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const idRule = '3EB0C8A41F5D7E9B20A1';
const phoneAddress = '12025550142@c.us';
const lidAddress = '206158430200142@lid';
const groupAddress = '120363020000000042@g.us';
const ownAccount = '447700900100@c.us';
const noor = { kind: 'user', id: phoneAddress, phone: '+12025550142', lid: lidAddress };
const self = { kind: 'user', id: ownAccount, phone: '+447700900100', lid: '118832900000100@lid' };

const head = { timestamp: 1767268800, body: 'Hello', hasMedia: false, source: 'app' };

describe('a message in a group', () => {
  const base = { ...head, id: `false_${groupAddress}_${idRule}_${lidAddress}`, fromMe: false };

  test.each<[string, unknown, string]>([
    [
      'NOWEB',
      {
        ...base,
        from: groupAddress,
        to: groupAddress,
        participant: lidAddress,
        _data: { key: { participant: lidAddress, participantAlt: '12025550142@s.whatsapp.net' } },
      },
      'NOWEB',
    ],
    [
      'an older NOWEB',
      {
        ...base,
        from: groupAddress,
        to: groupAddress,
        participant: lidAddress,
        _data: { key: { participantPn: phoneAddress } },
      },
      'NOWEB',
    ],
    [
      'GOWS, where `to` is the participant',
      {
        ...base,
        from: groupAddress,
        to: lidAddress,
        participant: lidAddress,
        _data: {
          Info: { Chat: groupAddress, Sender: lidAddress, SenderAlt: '12025550142@s.whatsapp.net' },
        },
      },
      'GOWS',
    ],
    [
      'WEBJS, where the author is in another field',
      { ...base, from: groupAddress, to: ownAccount, author: phoneAddress },
      'WEBJS',
    ],
    ['WPP', { ...base, from: groupAddress, to: ownAccount, participant: phoneAddress }, 'WPP'],
  ])('is from the participant and in the group: %s', (_what, payload, engine) => {
    const data = dataOf('message', payload, { engine });
    expect(data.chat).toStrictEqual({ kind: 'group', id: groupAddress });
    expect(data.author).toStrictEqual(noor);
    expect(data.direction).toBe('inbound');
  });

  test('from this account is outbound, by each of its addresses', () => {
    const payload = {
      ...head,
      id: `true_${groupAddress}_${idRule}_118832900000100@lid`,
      from: groupAddress,
      fromMe: true,
    };
    expect(dataOf('message.any', payload).author).toStrictEqual(self);
  });
});

describe('a message elsewhere', () => {
  test('in the status feed has its author, and the feed as the chat', () => {
    const data = dataOf('message', {
      id: `false_status@broadcast_${idRule}_${phoneAddress}`,
      body: 'Look',
    });
    expect(data.chat).toStrictEqual({ kind: 'status', id: 'status@broadcast' });
    expect(data.author).toStrictEqual({ kind: 'user', id: phoneAddress, phone: '+12025550142' });
  });

  test('in a channel has no author, and an unknown acknowledgement', () => {
    const data = dataOf('message', {
      id: `false_120363999@newsletter_${idRule}`,
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

describe('a message in the form that Wawp documents', () => {
  test('has the same data as WAHA’s', () => {
    const payload = {
      id: `false_${phoneAddress}_${idRule}`,
      timestamp: 1767268800,
      from: phoneAddress,
      fromMe: false,
      source: 'app',
      to: ownAccount,
      participant: null,
      body: 'Hello',
      hasMedia: false,
      media: null,
      ack: 2,
      ackName: 'DEVICE',
      author: phoneAddress,
      vCards: { '0': 'BEGIN:VCARD' },
      _data: {},
    };
    const { _data, author, ...waha } = { ...payload, vCards: ['BEGIN:VCARD'] };
    expect(dataOf('message', payload, { engine: 'WEBJS' })).toStrictEqual(
      dataOf('message', waha, { engine: 'WEBJS' }),
    );
  });
});
