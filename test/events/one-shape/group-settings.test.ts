import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const GROUP = '120363020000000042@g.us';
const PHONE = '12025550142@c.us';
const LID = '206158430200142@lid';
const chat = { kind: 'group', id: GROUP };
const person = { kind: 'user', id: PHONE, phone: '+12025550142', lid: LID };
const SECONDS = 1767268800;
const changedAt = '2026-01-01T12:00:00.000Z';

describe('a group’s settings', () => {
  const update = (group: object, engine: string) =>
    dataOf(
      'group.v2.update',
      { timestamp: SECONDS * 1000, group: { id: GROUP, ...group }, _data: {} },
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

  test('that only admins may write is turned round again when GOWS joins a group', () => {
    const payload = { group: { id: GROUP, membersCanSendMessages: true } };
    expect(dataOf('group.v2.join', payload, { engine: 'GOWS' }).group?.membersCanSend).toBe(false);
  });

  test('that only admins may write is not said where the engine is not known', () => {
    expect(update({ membersCanSendMessages: true }, '')).not.toHaveProperty('group');
  });

  test('that members may add others is not taken from WPP, which puts another setting there', () => {
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
      chatId: GROUP,
      subject: 'Choir',
      description: 'Bring the folder',
    });
    const waha = dataOf('group.v2.update', {
      group: { id: GROUP, subject: 'Choir', description: 'Bring the folder' },
    });
    expect(wawp).toStrictEqual(waha);
  });

  test('may come without anything known', () => {
    expect(dataOf('group.v2.update', { timestamp: SECONDS, group: {}, _data: {} })).toStrictEqual({
      action: 'update',
      changedAt,
    });
  });
});

describe('a request to join', () => {
  test('has the person with phone number and hidden id', () => {
    const payload = {
      group: { id: GROUP },
      action: 'created',
      requesterId: LID,
      requesterPn: PHONE,
      requestMethod: 'invite_link',
      timestamp: SECONDS * 1000,
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

describe('the deprecated kinds', () => {
  const notification = {
    chatId: GROUP,
    timestamp: SECONDS,
    author: PHONE,
    body: '',
    recipientIds: [LID],
  };

  test('tell the same as the new ones: WEBJS', () => {
    const { phone, id, ...hidden } = person;
    const expected = {
      chat,
      action: 'join',
      self: false,
      participants: [{ person: { ...hidden, id: LID }, role: 'participant' }],
      by: { kind: 'user', id: PHONE, phone: '+12025550142' },
      changedAt,
    };
    const id2 = {
      fromMe: false,
      remote: GROUP,
      id: '338',
      participant: PHONE,
      _serialized: `false_${GROUP}_338_${PHONE}`,
    };
    expect(
      dataOf('group.join', { ...notification, id: id2, type: 'add' }, { engine: 'WEBJS' }),
    ).toStrictEqual(expected);
    const change = {
      type: 'join',
      timestamp: SECONDS,
      group: { id: GROUP },
      participants: [{ id: LID, pn: null, role: 'participant' }],
      _data: { author: PHONE },
    };
    expect(dataOf('group.v2.participants', change, { engine: 'WEBJS' })).toStrictEqual(expected);
  });

  test('tell of a removal', () => {
    const data = dataOf('group.leave', { ...notification, type: 'remove' }, { engine: 'WEBJS' });
    expect(data).toMatchObject({ action: 'leave', participants: [{ role: 'left' }] });
  });

  test('find the group in the id where there is nothing else', () => {
    const data = dataOf(
      'group.join',
      { id: { remote: GROUP, id: '338' }, type: 'invite' },
      { engine: 'WEBJS' },
    );
    expect(data.chat).toStrictEqual(chat);
  });

  test.each([
    ['NOWEB, one group', (group: object): unknown => group],
    ['old NOWEB, a list of groups', (group: object): unknown => [group]],
  ])('tell of this account’s join: %s', (_what, wrap) => {
    const group = {
      id: GROUP,
      subject: 'Allotment',
      desc: 'Water',
      participants: [{ id: LID, phoneNumber: PHONE, admin: 'superadmin' }],
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

  test('may say nothing but the group', () => {
    expect(dataOf('group.join', { id: GROUP })).toStrictEqual({ chat, action: 'join' });
    expect(dataOf('group.leave', [{ id: GROUP }])).toStrictEqual({ chat, action: 'leave' });
  });
});
