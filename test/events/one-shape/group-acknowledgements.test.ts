import { describe, expect, test } from '@jest/globals';
import { dataOf, me } from '../webhook.ts';

const phoneAddress = '12025550142@c.us';
const groupAddress = '120363020000000042@g.us';
const inGroup = `true_${groupAddress}_3EB0AA_118832900000100@lid`;
const person = { kind: 'user', id: phoneAddress, phone: '+12025550142' };

describe('an acknowledgement in a group', () => {
  const delivered = {
    chat: { kind: 'group', id: groupAddress },
    direction: 'outbound',
    recipient: person,
    ack: { level: 2, name: 'device' },
  };

  test.each<[string, string, object]>([
    [
      'GOWS',
      'GOWS',
      {
        id: inGroup,
        from: groupAddress,
        to: phoneAddress,
        participant: phoneAddress,
        fromMe: true,
        ack: 2,
        ackName: 'DEVICE',
        _data: { Chat: groupAddress },
      },
    ],
    [
      'NOWEB, which calls “delivered” SERVER',
      'NOWEB',
      {
        id: inGroup,
        from: groupAddress,
        to: groupAddress,
        participant: phoneAddress,
        fromMe: true,
        ack: 1,
        ackName: 'SERVER',
        _data: { key: {}, receipt: { userJid: phoneAddress, receiptTimestamp: 1767268800 } },
      },
    ],
    [
      'WEBJS, with fromMe false beside an id that says true',
      'WEBJS',
      {
        id: inGroup,
        from: groupAddress,
        participant: phoneAddress,
        fromMe: false,
        ack: 2,
        ackName: 'DEVICE',
      },
    ],
  ])('has the person who received or read it: %s', (_sender, engine, payload) => {
    const { messageId, at: _, ...data } = dataOf('message.ack.group', payload, { engine });
    expect(data).toStrictEqual(delivered);
    expect(messageId?.id).toBe('3EB0AA');
  });

  test('is the same as the `message.ack` that old versions sent for groups', () => {
    const payload = {
      id: inGroup,
      from: groupAddress,
      participant: phoneAddress,
      fromMe: true,
      ack: 3,
      ackName: 'READ',
    };
    expect(dataOf('message.ack', payload)).toStrictEqual(dataOf('message.ack.group', payload));
  });

  test('has no recipient if the sender names the author instead of the person', () => {
    const payload = {
      id: inGroup,
      from: groupAddress,
      participant: '118832900000100@lid',
      fromMe: true,
      ack: 3,
      ackName: 'READ',
    };
    expect(dataOf('message.ack.group', payload, { engine: 'WPP' })).not.toHaveProperty('recipient');
  });

  test('may come without a level', () => {
    const payload = { id: inGroup, from: groupAddress, participant: phoneAddress, fromMe: true };
    expect(dataOf('message.ack.group', payload).ack).toStrictEqual({ name: 'unknown' });
  });

  test('of an own message is never read by this account, by whichever address it is named', () => {
    for (const participant of [me.id, me.lid]) {
      const payload = { id: inGroup, from: groupAddress, participant, fromMe: true, ack: 3 };
      expect(dataOf('message.ack.group', payload, { engine: 'WPP' })).not.toHaveProperty(
        'recipient',
      );
    }
  });
});
