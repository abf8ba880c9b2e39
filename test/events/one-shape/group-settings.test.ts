import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const groupAddress = '120363020000000042@g.us';
const phoneAddress = '12025550142@c.us';
const lidAddress = '206158430200142@lid';
const chat = { kind: 'group', id: groupAddress };
const person = { kind: 'user', id: phoneAddress, phone: '+12025550142', lid: lidAddress };
const secondsOf = 1767268800;
const changedAt = '2026-01-01T12:00:00.000Z';

describe('a group’s settings', () => {
  const update = (group: object, engine: string) =>
    dataOf(
      'group.v2.update',
      { timestamp: secondsOf * 1000, group: { id: groupAddress, ...group }, _data: {} },
      { engine },
    );

  test.each([
    ['WEBJS', true],
    ['NOWEB', true],
    ['WPP', false],
    ['GOWS', false],
  ])(
    'that only admins may write is the same from %s, which sends %s',
    (engine, membersCanSendMessages) => {
      expect(update({ membersCanSendMessages }, engine).group).toStrictEqual({
        membersCanSend: false,
      });
      expect(
        update({ membersCanSendMessages: !membersCanSendMessages }, engine).group,
      ).toStrictEqual({ membersCanSend: true });
    },
  );

  test('that only admins may write is inverted when GOWS joins a group', () => {
    const payload = { group: { id: groupAddress, membersCanSendMessages: true } };
    expect(dataOf('group.v2.join', payload, { engine: 'GOWS' }).group?.membersCanSend).toBe(false);
  });

  test('that only admins may write is absent if the engine is unknown', () => {
    expect(update({ membersCanSendMessages: true }, '')).not.toHaveProperty('group');
  });

  test('that members may add others is not read from WPP, which sends another setting there', () => {
    expect(update({ membersCanAddNewMember: true }, 'NOWEB').group).toStrictEqual({
      membersCanAddMembers: true,
    });
    expect(update({ membersCanAddNewMember: true }, 'WPP')).not.toHaveProperty('group');
  });

  test.each([
    ['the code of WEBJS', 'AbCdEf0123456789AbCdEf'],
    ['the link of NOWEB', 'https://chat.whatsapp.com/AbCdEf0123456789AbCdEf'],
  ])('have one invitation link, from %s', (_form, invite) => {
    expect(update({ invite }, 'WEBJS').group?.inviteLink).toBe(
      'https://chat.whatsapp.com/AbCdEf0123456789AbCdEf',
    );
  });

  test('are the same from Wawp', () => {
    const wawp = dataOf('group.v2.update', {
      chatId: groupAddress,
      subject: 'Choir',
      description: 'Bring the folder',
    });
    const waha = dataOf('group.v2.update', {
      group: { id: groupAddress, subject: 'Choir', description: 'Bring the folder' },
    });
    expect(wawp).toStrictEqual(waha);
  });

  test('may be empty', () => {
    expect(dataOf('group.v2.update', { timestamp: secondsOf, group: {}, _data: {} })).toStrictEqual(
      {
        action: 'update',
        changedAt,
      },
    );
  });
});

describe('a request to join', () => {
  test('has the person with phone number and hidden id', () => {
    const payload = {
      group: { id: groupAddress },
      action: 'created',
      requesterId: lidAddress,
      requesterPn: phoneAddress,
      requestMethod: 'invite_link',
      timestamp: secondsOf * 1000,
      _data: {},
    };
    expect(dataOf('group.v2.participants.join-request', payload)).toStrictEqual({
      chat,
      action: 'created',
      requester: person,
      method: 'invite_link',
      changedAt,
    });
  });
});

describe('the deprecated event types', () => {
  const notification = {
    chatId: groupAddress,
    timestamp: secondsOf,
    author: phoneAddress,
    body: '',
    recipientIds: [lidAddress],
  };

  test('report the same as the new ones: WEBJS', () => {
    const { phone, id, ...hidden } = person;
    const expected = {
      chat,
      action: 'join',
      self: false,
      participants: [{ person: { ...hidden, id: lidAddress }, role: 'participant' }],
      by: { kind: 'user', id: phoneAddress, phone: '+12025550142' },
      changedAt,
    };
    const id2 = {
      fromMe: false,
      remote: groupAddress,
      id: '338',
      participant: phoneAddress,
      _serialized: `false_${groupAddress}_338_${phoneAddress}`,
    };
    expect(
      dataOf('group.join', { ...notification, id: id2, type: 'add' }, { engine: 'WEBJS' }),
    ).toStrictEqual(expected);
    const change = {
      type: 'join',
      timestamp: secondsOf,
      group: { id: groupAddress },
      participants: [{ id: lidAddress, pn: null, role: 'participant' }],
      _data: { author: phoneAddress },
    };
    expect(dataOf('group.v2.participants', change, { engine: 'WEBJS' })).toStrictEqual(expected);
  });

  test('report a removal', () => {
    const data = dataOf('group.leave', { ...notification, type: 'remove' }, { engine: 'WEBJS' });
    expect(data).toMatchObject({ action: 'leave', participants: [{ role: 'left' }] });
  });

  test('have the group from the message id if there is no other', () => {
    const data = dataOf(
      'group.join',
      { id: { remote: groupAddress, id: '338' }, type: 'invite' },
      { engine: 'WEBJS' },
    );
    expect(data.chat).toStrictEqual(chat);
  });

  test.each([
    ['NOWEB, one group', (group: object): unknown => group],
    ['old NOWEB, a list of groups', (group: object): unknown => [group]],
  ])('report this account’s join: %s', (_what, wrap) => {
    const group = {
      id: groupAddress,
      subject: 'Allotment',
      desc: 'Water',
      participants: [{ id: lidAddress, phoneNumber: phoneAddress, admin: 'superadmin' }],
    };
    expect(dataOf('group.join', wrap(group))).toStrictEqual({
      chat,
      action: 'join',
      group: {
        subject: 'Allotment',
        description: 'Water',
        members: [{ person, role: 'superadmin' }],
      },
    });
  });

  test('may contain the group only', () => {
    expect(dataOf('group.join', { id: groupAddress })).toStrictEqual({ chat, action: 'join' });
    expect(dataOf('group.leave', [{ id: groupAddress }])).toStrictEqual({ chat, action: 'leave' });
  });
});
