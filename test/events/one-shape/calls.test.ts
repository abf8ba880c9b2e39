import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const phoneAddress = '12025550142@c.us';
const groupAddress = '120363020000000042@g.us';
const caller = { kind: 'user', id: phoneAddress, phone: '+12025550142' };
const base = {
  id: '7C21E09B',
  from: phoneAddress,
  timestamp: 1767268800,
  isVideo: false,
  isGroup: false,
};

describe('a call', () => {
  const ringing = {
    callId: '7C21E09B',
    caller,
    chat: caller,
    media: 'voice',
    group: false,
    outcome: 'ringing',
    at: '2026-01-01T12:00:00.000Z',
  };

  test.each<[string, string, object]>([
    ['WEBJS', 'WEBJS', base],
    ['WPP, with a device', 'WPP', { ...base, from: '12025550142:3@c.us', _data: [] }],
    ['NOWEB', 'NOWEB', { ...base, from: '12025550142@s.whatsapp.net', _data: {} }],
    ['GOWS', 'GOWS', { ...base, _data: { CallID: '7C21E09B' } }],
  ])('is the same from %s', (_engine, engine, payload) => {
    expect(dataOf('call.received', payload, { engine })).toStrictEqual(ringing);
  });

  test('has its time to the millisecond if the payload has a fraction', () => {
    expect(dataOf('call.received', { ...base, timestamp: 1767268800.25 }).at).toBe(
      '2026-01-01T12:00:00.250Z',
    );
  });

  test('is a video call if the payload says so, and has no media otherwise', () => {
    expect(dataOf('call.received', { ...base, isVideo: true }).media).toBe('video');
    expect(dataOf('call.accepted', { id: '7C21E09B' })).not.toHaveProperty('media');
  });

  test.each<[string, string, unknown, string]>([
    ['was declined', 'NOWEB', { status: 'reject' }, 'rejected'],
    ['rang until the end', 'NOWEB', { status: 'timeout' }, 'missed'],
    ['ended, however that was', 'NOWEB', { status: 'terminate' }, 'unknown'],
    ['was declined', 'GOWS', { CallID: 'A', CallCreator: phoneAddress }, 'rejected'],
    ['rang until the end', 'GOWS', { CallID: 'A', Reason: 'timeout' }, 'missed'],
    [
      'was taken elsewhere',
      'GOWS',
      { CallID: 'A', Reason: 'accepted_elsewhere' },
      'accepted-elsewhere',
    ],
    [
      'was declined elsewhere',
      'GOWS',
      { CallID: 'A', Reason: 'rejected_elsewhere' },
      'rejected-elsewhere',
    ],
    ['ended without a reason', 'GOWS', { CallID: 'A', Reason: '' }, 'unknown'],
    ['ended with a new reason', 'GOWS', { CallID: 'A', Reason: 'constructor' }, 'unknown'],
    ['was declined by the API', 'WEBJS', undefined, 'rejected'],
    ['was declined', 'WPP', { state: 'REJECTED' }, 'rejected'],
    ['was not answered', 'WPP', { state: 'NOT_ANSWERED' }, 'missed'],
    ['ended', 'WPP', {}, 'unknown'],
    ['ended', 'NOWEB', {}, 'unknown'],
  ])('that %s has this outcome, from %s', (_how, engine, _data, outcome) => {
    expect(dataOf('call.rejected', { ...base, _data }, { engine }).outcome).toBe(outcome);
  });

  test('that was accepted has this outcome', () => {
    expect(dataOf('call.accepted', base).outcome).toBe('accepted');
  });

  test('that WEBJS rejects has no media, since WEBJS reports a wrong one', () => {
    const data = dataOf('call.rejected', base, { engine: 'WEBJS' });
    expect(data).not.toHaveProperty('media');
    expect(data).not.toHaveProperty('group');
    expect(data.chat).toStrictEqual(caller);
  });

  test('may have no id, and null instead of a boolean', () => {
    expect(
      dataOf('call.received', {
        id: null,
        from: phoneAddress,
        timestamp: 0,
        isVideo: null,
        isGroup: null,
      }),
    ).toStrictEqual({ caller, chat: caller, outcome: 'ringing' });
  });

  test('to a group belongs to the group, not to the caller’s direct chat', () => {
    const inGroup = dataOf(
      'call.received',
      { ...base, isGroup: true, _data: { GroupJID: groupAddress } },
      { engine: 'GOWS' },
    );
    expect(inGroup).toMatchObject({
      chat: { kind: 'group', id: groupAddress },
      caller,
      group: true,
    });
    const fromGroup = dataOf('call.received', { ...base, from: groupAddress }, { engine: 'GOWS' });
    expect(fromGroup).toMatchObject({ chat: { id: groupAddress }, group: true });
    expect(fromGroup).not.toHaveProperty('caller');
    expect(dataOf('call.received', { ...base, isGroup: true })).not.toHaveProperty('chat');
  });

  test('from a hidden id keeps it', () => {
    expect(dataOf('call.received', { ...base, from: '206158430200142@lid' }).caller).toStrictEqual({
      kind: 'user',
      id: '206158430200142@lid',
      lid: '206158430200142@lid',
    });
  });

  test.each([
    ['NOWEB', { callerPn: '12025550142@s.whatsapp.net' }],
    ['GOWS', { CallCreatorAlt: '12025550142:4@s.whatsapp.net' }],
  ])('from a hidden id also has the phone number if %s reports it', (_engine, _data) => {
    const data = dataOf('call.received', { ...base, from: '206158430200142@lid', _data });
    expect(data.caller).toStrictEqual({ ...caller, lid: '206158430200142@lid' });
  });

  test('of Wawp has the fields that Wawp sends', () => {
    expect(dataOf('call.received', { id: 'c1', from: phoneAddress, isVideo: true })).toStrictEqual({
      callId: 'c1',
      caller,
      chat: caller,
      media: 'video',
      outcome: 'ringing',
    });
    expect(dataOf('call.rejected', { id: 'c1' })).toStrictEqual({
      callId: 'c1',
      outcome: 'unknown',
    });
  });
});
