import { describe, expect, test } from '@jest/globals';
import { readAck } from '../../../events/ack.ts';
import { dataOf } from '../webhook.ts';

const PHONE = '12025550142@c.us';
const GROUP = '120363020000000042@g.us';
const MINE = `true_${PHONE}_3EB0AA`;
const IN_GROUP = `true_${GROUP}_3EB0AA_118832900000100@lid`;
const person = { kind: 'user', id: PHONE, phone: '+12025550142' };
const self = {
  kind: 'user',
  id: '447700900100@c.us',
  phone: '+447700900100',
  lid: '118832900000100@lid',
};

describe('how far a message has come', () => {
  test.each([
    [-1, 'ERROR', { level: -1, name: 'error' }],
    [0, 'PENDING', { level: 0, name: 'pending' }],
    [1, 'SERVER', { level: 1, name: 'server' }],
    [2, 'DEVICE', { level: 2, name: 'device' }],
    [3, 'READ', { level: 3, name: 'read' }],
    [4, 'PLAYED', { level: 4, name: 'played' }],
    ['3', undefined, { level: 3, name: 'read' }],
    [undefined, 'READ', { level: 3, name: 'read' }],
    [null, 'ACK_SENT', { level: 1, name: 'server' }],
    [null, 'ACK_DELIVERED', { level: 2, name: 'device' }],
    [null, 'ACK_READ', { level: 3, name: 'read' }],
    [-1, 'PENDING', { level: -1, name: 'error' }],
    [null, 'UNKNOWN', { name: 'unknown' }],
    [undefined, undefined, { name: 'unknown' }],
    [7, 'NEW', { name: 'unknown' }],
    [1.5, null, { name: 'unknown' }],
    ['', '', { name: 'unknown' }],
  ])('is read from ack %j and ackName %j', (ack, ackName, expected) => {
    expect(readAck(ack, ackName)).toStrictEqual(expected);
  });
});

describe('an acknowledgement in a direct chat', () => {
  const read = {
    chat: person,
    direction: 'outbound',
    recipient: person,
    ack: { level: 3, name: 'read' },
  };

  test.each<[string, string, object]>([
    [
      'NOWEB, without to, participant and _data',
      'NOWEB',
      { id: MINE, from: PHONE, fromMe: true, ack: 3, ackName: 'READ' },
    ],
    [
      'GOWS, with nulls',
      'GOWS',
      {
        id: MINE,
        from: PHONE,
        to: null,
        participant: null,
        fromMe: true,
        ack: 3,
        ackName: 'READ',
        _data: { Chat: PHONE, Sender: PHONE, IsFromMe: false },
      },
    ],
    [
      'WPP',
      'WPP',
      {
        id: MINE,
        from: PHONE,
        to: PHONE,
        participant: null,
        fromMe: true,
        ack: 3,
        ackName: 'READ',
        _data: [],
      },
    ],
    [
      'WEBJS, as a whole message with the message’s time',
      'WEBJS',
      {
        id: MINE,
        timestamp: 1767268800,
        from: '447700900100@c.us',
        to: PHONE,
        fromMe: true,
        source: 'app',
        body: 'Hi',
        hasMedia: false,
        vCards: [],
        ack: 3,
        ackName: 'READ',
        _data: {},
      },
    ],
    ['Wawp', 'WEBJS', { id: MINE, ack: 3, ackName: 'READ', chatId: PHONE }],
  ])('is the same from %s', (_sender, engine, payload) => {
    const { messageId, ...data } = dataOf('message.ack', payload, { engine });
    expect(data).toStrictEqual(read);
    expect(messageId).toMatchObject({ id: '3EB0AA', fromMe: true });
  });

  test('is nobody’s own while only the server has the message', () => {
    const data = dataOf('message.ack', {
      id: MINE,
      from: PHONE,
      fromMe: true,
      ack: 1,
      ackName: 'SERVER',
    });
    expect(data).not.toHaveProperty('recipient');
  });

  test('of a message that this account read elsewhere is this account’s', () => {
    const payload = {
      id: `false_${PHONE}_3EB0AA`,
      from: PHONE,
      fromMe: false,
      ack: 3,
      ackName: 'READ',
    };
    expect(dataOf('message.ack', payload)).toMatchObject({
      direction: 'inbound',
      recipient: self,
      chat: person,
    });
  });

  test('may have an id without true or false', () => {
    const payload = { id: `${PHONE}_3EB0AA`, from: PHONE, fromMe: true, ack: 2, ackName: 'DEVICE' };
    expect(dataOf('message.ack', payload)).toMatchObject({
      direction: 'outbound',
      chat: person,
      recipient: person,
    });
  });

  test('has the chat of Wawp’s field where the id is a placeholder', () => {
    const payload = { id: `true_${PHONE}_...`, ack: 3, ackName: 'READ', chatId: PHONE };
    const data = dataOf('message.ack', payload);
    expect(data.chat).toStrictEqual(person);
    expect(data).not.toHaveProperty('messageId');
  });
});

describe('an acknowledgement in a group', () => {
  const delivered = {
    chat: { kind: 'group', id: GROUP },
    direction: 'outbound',
    recipient: person,
    ack: { level: 2, name: 'device' },
  };

  test.each<[string, string, object]>([
    [
      'GOWS',
      'GOWS',
      {
        id: IN_GROUP,
        from: GROUP,
        to: PHONE,
        participant: PHONE,
        fromMe: true,
        ack: 2,
        ackName: 'DEVICE',
        _data: { Chat: GROUP },
      },
    ],
    [
      'NOWEB, which calls “delivered” SERVER',
      'NOWEB',
      {
        id: IN_GROUP,
        from: GROUP,
        to: GROUP,
        participant: PHONE,
        fromMe: true,
        ack: 1,
        ackName: 'SERVER',
        _data: { key: {}, receipt: { userJid: PHONE, receiptTimestamp: 1767268800 } },
      },
    ],
    [
      'WEBJS, with fromMe false beside an id that says true',
      'WEBJS',
      { id: IN_GROUP, from: GROUP, participant: PHONE, fromMe: false, ack: 2, ackName: 'DEVICE' },
    ],
  ])('is the person’s own: %s', (_sender, engine, payload) => {
    const { messageId, ...data } = dataOf('message.ack.group', payload, { engine });
    expect(data).toStrictEqual(delivered);
    expect(messageId?.id).toBe('3EB0AA');
  });

  test('is the same as the `message.ack` that old versions sent for groups', () => {
    const payload = {
      id: IN_GROUP,
      from: GROUP,
      participant: PHONE,
      fromMe: true,
      ack: 3,
      ackName: 'READ',
    };
    expect(dataOf('message.ack', payload)).toStrictEqual(dataOf('message.ack.group', payload));
  });

  test('is nobody’s where the sender names the author in place of the person', () => {
    const payload = {
      id: IN_GROUP,
      from: GROUP,
      participant: '118832900000100@lid',
      fromMe: true,
      ack: 3,
      ackName: 'READ',
    };
    expect(dataOf('message.ack.group', payload, { engine: 'WPP' })).not.toHaveProperty('recipient');
  });

  test('may come without a level', () => {
    const payload = { id: IN_GROUP, from: GROUP, participant: PHONE, fromMe: true };
    expect(dataOf('message.ack.group', payload).ack).toStrictEqual({ name: 'unknown' });
  });
});
