import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const phoneAddress = '12025550142@c.us';
const mine = `true_${phoneAddress}_3EB0AA`;
const person = { kind: 'user', id: phoneAddress, phone: '+12025550142' };
const self = {
  kind: 'user',
  id: '447700900100@c.us',
  phone: '+447700900100',
  lid: '118832900000100@lid',
};

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
      { id: mine, from: phoneAddress, fromMe: true, ack: 3, ackName: 'READ' },
    ],
    [
      'GOWS, with nulls',
      'GOWS',
      {
        id: mine,
        from: phoneAddress,
        to: null,
        participant: null,
        fromMe: true,
        ack: 3,
        ackName: 'READ',
        _data: { Chat: phoneAddress, Sender: phoneAddress, IsFromMe: false },
      },
    ],
    [
      'WPP',
      'WPP',
      {
        id: mine,
        from: phoneAddress,
        to: phoneAddress,
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
        id: mine,
        timestamp: 1767268800,
        from: '447700900100@c.us',
        to: phoneAddress,
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
    ['Wawp', 'WEBJS', { id: mine, ack: 3, ackName: 'READ', chatId: phoneAddress }],
  ])('is the same from %s', (_sender, engine, payload) => {
    const { messageId, ...data } = dataOf('message.ack', payload, { engine });
    expect(data).toStrictEqual(read);
    expect(messageId).toMatchObject({ id: '3EB0AA', fromMe: true });
  });

  test('has no recipient while only the server has the message', () => {
    const data = dataOf('message.ack', {
      id: mine,
      from: phoneAddress,
      fromMe: true,
      ack: 1,
      ackName: 'SERVER',
    });
    expect(data).not.toHaveProperty('recipient');
  });

  test('of a message that this account read on another device is this account’s', () => {
    const payload = {
      id: `false_${phoneAddress}_3EB0AA`,
      from: phoneAddress,
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
    const payload = {
      id: `${phoneAddress}_3EB0AA`,
      from: phoneAddress,
      fromMe: true,
      ack: 2,
      ackName: 'DEVICE',
    };
    expect(dataOf('message.ack', payload)).toMatchObject({
      direction: 'outbound',
      chat: person,
      recipient: person,
    });
  });

  test('has the chat of Wawp’s field if the id is a placeholder', () => {
    const payload = {
      id: `true_${phoneAddress}_...`,
      ack: 3,
      ackName: 'READ',
      chatId: phoneAddress,
    };
    const data = dataOf('message.ack', payload);
    expect(data.chat).toStrictEqual(person);
    expect(data).not.toHaveProperty('messageId');
  });
});
