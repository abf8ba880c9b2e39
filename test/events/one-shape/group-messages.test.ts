import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const ID = '3EB0C8A41F5D7E9B20A1';
const PHONE = '12025550142@c.us';
const LID = '206158430200142@lid';
const GROUP = '120363020000000042@g.us';
const ME = '447700900100@c.us';
const noor = { kind: 'user', id: PHONE, phone: '+12025550142', lid: LID };
const self = { kind: 'user', id: ME, phone: '+447700900100', lid: '118832900000100@lid' };

const head = { timestamp: 1767268800, body: 'Hello', hasMedia: false, source: 'app' };

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
