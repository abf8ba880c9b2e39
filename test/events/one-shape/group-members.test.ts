import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const groupAddress = '120363020000000042@g.us';
const phoneAddress = '12025550142@c.us';
const lidAddress = '206158430200142@lid';
const chat = { kind: 'group', id: groupAddress };
const person = { kind: 'user', id: phoneAddress, phone: '+12025550142', lid: lidAddress };
const self = {
  kind: 'user',
  id: '447700900100@c.us',
  phone: '+447700900100',
  lid: '118832900000100@lid',
};
const secondsOf = 1767268800;
const changedAt = '2026-01-01T12:00:00.000Z';

describe('a change of members', () => {
  const actions = [
    ['join', 'participant', 'participant'],
    ['leave', 'left', 'left'],
    ['promote', 'admin', 'admin'],
    ['demote', 'participant', 'participant'],
    ['demote', 'admin', 'participant'],
  ] as const;

  describe.each(actions)('%s with the role %s', (action, wireRole, role) => {
    const expected = { chat, action, self: false, participants: [{ person, role }], changedAt };

    test.each<[string, string, object]>([
      [
        'NOWEB, milliseconds',
        'NOWEB',
        {
          timestamp: secondsOf * 1000,
          participants: [{ id: lidAddress, pn: phoneAddress, role: wireRole }],
        },
      ],
      [
        'GOWS, milliseconds',
        'GOWS',
        {
          timestamp: secondsOf * 1000,
          participants: [{ id: phoneAddress, pn: lidAddress, role: wireRole }],
        },
      ],
      [
        'WEBJS, seconds',
        'WEBJS',
        {
          timestamp: secondsOf,
          participants: [{ id: lidAddress, pn: '12025550142@s.whatsapp.net', role: wireRole }],
        },
      ],
    ])('is the same from %s', (_engine, engine, payload) => {
      const wire = { type: action, group: { id: groupAddress }, _data: {}, ...payload };
      expect(dataOf('group.v2.participants', wire, { engine })).toStrictEqual(expected);
    });

    test('is the same from Wawp except for the hidden id and the time, which it does not send', () => {
      const wire = { chatId: groupAddress, action, participants: { '0': phoneAddress } };
      const { lid, ...byPhone } = person;
      const { changedAt: _, ...printed } = expected;
      expect(dataOf('group.v2.participants', wire, { engine: 'WEBJS' })).toStrictEqual({
        ...printed,
        participants: [{ person: byPhone, role }],
      });
    });
  });

  test('keeps the role of an owner', () => {
    const payload = {
      type: 'promote',
      group: { id: groupAddress },
      participants: [{ id: phoneAddress, pn: null, role: 'superadmin' }],
    };
    expect(dataOf('group.v2.participants', payload).participants?.[0]?.role).toBe('superadmin');
  });

  test('has no action if NOWEB sends none', () => {
    const payload = {
      group: { id: groupAddress },
      timestamp: 1,
      participants: [{ id: phoneAddress }],
    };
    expect(dataOf('group.v2.participants', payload)).not.toHaveProperty('action');
  });

  test.each([
    ['Baileys', { author: lidAddress, authorPn: phoneAddress }],
    ['whatsmeow', { Sender: '206158430200142:4@lid', SenderPN: '12025550142@s.whatsapp.net' }],
  ])('has who did it if %s reports it', (_engine, _data) => {
    const payload = { type: 'join', group: { id: groupAddress }, participants: [], _data };
    expect(dataOf('group.v2.participants', payload).by).toStrictEqual(person);
  });

  test('recognizes this account by phone number and by hidden id', () => {
    const of = (id: string) =>
      dataOf('group.v2.participants', {
        type: 'leave',
        group: { id: groupAddress },
        participants: [{ id, role: 'left' }],
      });
    expect(of('447700900100@c.us').self).toBe(true);
    expect(of('118832900000100@lid').self).toBe(true);
    expect(of(phoneAddress).self).toBe(false);
  });

  test('has no `self` if addresses cannot be compared', () => {
    const payload = {
      type: 'leave',
      group: { id: groupAddress },
      participants: [{ id: lidAddress }],
    };
    const me = { id: '447700900100@c.us' };
    expect(dataOf('group.v2.participants', payload, { me })).not.toHaveProperty('self');
    expect(dataOf('group.v2.participants', payload, { me: null })).not.toHaveProperty('self');
  });
});

describe('this account’s own', () => {
  const members = [
    { id: lidAddress, pn: phoneAddress, role: 'admin' },
    { id: '118832900000100@lid', pn: '447700900100@c.us', role: 'participant' },
  ];

  test.each([
    ['NOWEB', secondsOf * 1000],
    ['GOWS', secondsOf * 1000],
    ['WEBJS', secondsOf],
    ['WPP', secondsOf],
  ])('join is the same from %s', (engine, timestamp) => {
    const payload = {
      timestamp,
      group: { id: groupAddress, subject: 'Allotment', participants: members },
      _data: {},
    };
    expect(dataOf('group.v2.join', payload, { engine })).toStrictEqual({
      chat,
      action: 'join',
      self: true,
      participants: [{ person: self, role: 'participant' }],
      changedAt,
      group: {
        subject: 'Allotment',
        members: [
          { person, role: 'admin' },
          { person: self, role: 'participant' },
        ],
      },
    });
  });

  test('join has the role that the list of members has for the account, such as the creator’s', () => {
    const participants = [{ id: '118832900000100@lid', role: 'superadmin' }];
    const data = dataOf('group.v2.join', { group: { id: groupAddress, participants } });
    expect(data.participants).toStrictEqual([{ person: self, role: 'superadmin' }]);
  });

  test.each([
    ['NOWEB', secondsOf * 1000],
    ['GOWS', secondsOf * 1000],
    ['WEBJS', secondsOf],
    ['WPP', secondsOf],
  ])('leave is the same from %s, and as the change of members reports it', (engine, timestamp) => {
    const leave = dataOf(
      'group.v2.leave',
      { timestamp, group: { id: groupAddress }, _data: {} },
      { engine },
    );
    expect(leave).toStrictEqual({
      chat,
      action: 'leave',
      self: true,
      participants: [{ person: self, role: 'left' }],
      changedAt,
    });
    const participants = [{ id: '447700900100@c.us', pn: '118832900000100@lid', role: 'left' }];
    const change = {
      type: 'leave',
      timestamp,
      group: { id: groupAddress },
      participants,
      _data: {},
    };
    expect(dataOf('group.v2.participants', change, { engine })).toStrictEqual(leave);
  });

  test('join is this account’s even if the body does not name the account', () => {
    const data = dataOf(
      'group.v2.join',
      { group: { id: groupAddress }, timestamp: secondsOf },
      { me: null },
    );
    expect(data.self).toBe(true);
    expect(data).not.toHaveProperty('participants');
  });
});

describe('a join or leave of Wawp', () => {
  test.each([
    ['a list', [phoneAddress]],
    ['an object with numbers for names', { '0': phoneAddress }],
  ])('is any member’s, named in %s', (_form, participants) => {
    const { lid, ...byPhone } = person;
    const wire = { chatId: groupAddress, participants };
    expect(dataOf('group.v2.join', wire)).toStrictEqual({
      chat,
      action: 'join',
      self: false,
      participants: [{ person: byPhone, role: 'participant' }],
    });
    expect(dataOf('group.v2.leave', wire)).toStrictEqual({
      chat,
      action: 'leave',
      self: false,
      participants: [{ person: byPhone, role: 'left' }],
    });
  });
});
