import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { eventTypes } from '../../events/catalog.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { dataOf, normalize, onlyEvent, unrecognizedEvent, wahaBody } from './webhook.ts';

const noorAddress = '12025550142@c.us';
const message = {
  id: `false_${noorAddress}_3EB0A1`,
  timestamp: 1767268800,
  from: noorAddress,
  body: 'Ahoy',
};

describe.each(eventTypes)('a %s without the required ids', (type) => {
  test.each([
    ['no payload', undefined, 'undefined'],
    ['null', null, 'null'],
    ['an empty payload', {}, 'object'],
  ])('is unrecognized, and the missing ids are named: %s', (_what, payload, received) => {
    const { data } = unrecognizedEvent(wahaBody(type, payload));
    expect(data).toMatchObject({ reason: 'invalid-payload', event: type });
    expect(data.issues).toStrictEqual([
      { path: 'payload', expected: expect.any(String), received },
    ]);
  });

  test('has a different key from the next one', () => {
    const ids = [1, 2].map((n) => {
      const { payload: _, id: __, ...rest } = exampleWebhook(type, 'waha');
      return unrecognizedEvent({ ...rest, timestamp: rest.timestamp + n }).meta.id;
    });
    expect(new Set(ids).size).toBe(2);
  });
});

test.each([
  ['another sender’s presence', 'presence.update', { presences: {}, sender: 'evolution' }],
  ['a message of another shape', 'message', { key: { id: 'A' }, pushName: 'Noor' }],
  ['a call without an id and a caller', 'call.received', { isVideo: true }],
  ['a vote without its poll', 'poll.vote', { vote: { id: 'false_1@c.us_A', selectedOptions: [] } }],
  ['a session without a status', 'session.status', { name: 'default' }],
])('%s is unrecognized', (_what, type, payload) => {
  expect(unrecognizedEvent(wahaBody(type, payload)).data.reason).toBe('invalid-payload');
});

test('a body without its payload still reports drift', () => {
  const { drift } = normalize(wahaBody('message', { novelty: 1 }));
  expect(drift.unknownFields).toStrictEqual([
    { event: 'message', path: 'payload.novelty', type: 'number' },
  ]);
});

describe('a reseller’s wrapper', () => {
  const inner = {
    ...{ id: 'evt_01kdwr7v000000000000000009', event: 'message', metadata: [], payload: message },
    ...{ me: { id: '447700900100@c.us' }, instanceId: 'i-1', userId: 'u-1' },
  };
  const wrapped = { event: 'message', data: inner };

  test('is removed, and its instance is the session', () => {
    const event = onlyEvent(wrapped);
    expect(event.meta).toMatchObject({
      ...{ type: 'message', session: 'i-1', senderEventId: inner.id },
      account: { id: '447700900100@c.us', phone: '+447700900100' },
    });
    expect(event.data).toMatchObject({ body: 'Ahoy', content: 'text' });
    expect(event.raw).toStrictEqual(wrapped);
    expect(normalize(wrapped).drift).toStrictEqual({ unknownEvents: [], unknownFields: [] });
  });

  test('may contain the session', () => {
    const named = { ...wrapped, data: { ...inner, session: 'shop' } };
    expect(onlyEvent(named).meta.session).toBe('shop');
  });

  test.each([
    ['names two events', { event: 'message', data: { ...inner, event: 'message.any' } }],
    ['has no payload', { event: 'message', data: { ...inner, payload: undefined } }],
    ['is text', { event: 'message', data: 'message' }],
  ])('that %s is not recognized as one', (_what, body) => {
    expect(unrecognizedEvent(body).data.reason).toBe('invalid-payload');
  });
});

describe('the account and tags of a session', () => {
  const metaOf = (fields: object) => onlyEvent({ ...wahaBody('message', message), ...fields }).meta;

  test('are its own account, with phone number and hidden id', () => {
    const me = { id: '447700900100:7@s.whatsapp.net', lid: '118832900000100:7@lid' };
    expect(metaOf({ me }).account).toStrictEqual({
      id: '447700900100@c.us',
      phone: '+447700900100',
      lid: '118832900000100@lid',
    });
    expect(metaOf({ me: null })).not.toHaveProperty('account');
  });

  test('are its tags, if they are short texts', () => {
    const metadata = { tenant: 'acme', plan: 7, nested: { a: 1 }, long: 'x'.repeat(300) };
    expect(metaOf({ metadata }).tags).toStrictEqual({ tenant: 'acme', long: 'x'.repeat(256) });
    expect(metaOf({ metadata: {} })).not.toHaveProperty('tags');
    expect(metaOf({ metadata: [] })).not.toHaveProperty('tags');
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`t${n}`, 'x']));
    expect(Object.keys(metaOf({ metadata: many }).tags ?? {})).toHaveLength(20);
  });

  test('are limited, whatever the metadata is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (metadata) => {
        const { tags = {} } = metaOf({ metadata });
        expect(Object.keys(tags).length).toBeLessThanOrEqual(20);
        for (const tag of Object.values(tags)) {
          expect(tag.length).toBeLessThanOrEqual(256);
        }
      }),
    );
  });
});

describe('a content that is new in WhatsApp', () => {
  test.each([
    ['NOWEB', { key: {}, message: { holographMessage: { x: 1 } } }, 'message.holographMessage'],
    ['GOWS', { Info: {}, Message: { holographMessage: { x: 1 } } }, 'Message.holographMessage'],
    ['WEBJS', { type: 'holograph' }, 'type.holograph'],
    ['WPP', { type: '12025550142' }, 'type.*'],
  ])('is reported by name: %s', (engine, _data, path) => {
    const { events, drift } = normalize(wahaBody('message', { ...message, _data }, { engine }));
    expect(events[0]?.data).toMatchObject({ content: 'other', body: 'Ahoy' });
    expect(drift.unknownFields).toStrictEqual([
      { event: 'message', path: `payload._data.${path}`, type: 'object' },
    ]);
  });
});

describe('a group’s settings', () => {
  const groupAddress = '120363020000000042@g.us';
  const group = (engine: string, version: string | undefined, _data: object, more: object = {}) =>
    dataOf(
      'group.v2.update',
      { timestamp: 1767268800, group: { id: groupAddress, ...more }, _data },
      { engine, environment: { engine, ...(version ? { version } : {}) } },
    ).group ?? {};

  test.each([
    ['WEBJS', '2026.7.1', undefined],
    ['WEBJS', '2026.7.2', true],
    ['WPP', '2025.12.9', undefined],
    ['WPP', '2026.7.2', true],
    ['WPP', '2026.10.1', true],
    ['WPP', '2027.1', true],
    ['WEBJS', undefined, undefined],
    ['WEBJS', 'latest', undefined],
    ['NOWEB', '2025.1.1', true],
    ['GOWS', undefined, true],
  ])(
    'have who may add members if the sender version is correct: %s %s',
    (engine, version, printed) => {
      const { membersCanAddMembers } = group(engine, version, {}, { membersCanAddNewMember: true });
      expect(membersCanAddMembers).toBe(printed);
    },
  );

  test.each([
    ['GOWS', { Locked: { IsLocked: true } }, { membersCanEditInfo: false }],
    ['GOWS', { IsLocked: false }, { membersCanEditInfo: true }],
    ['NOWEB', { restrict: true }, { membersCanEditInfo: false }],
    ['WEBJS', { type: 'restrict', body: 'on' }, { membersCanEditInfo: false }],
    [
      'GOWS',
      { Ephemeral: { IsEphemeral: true, DisappearingTimer: 86400 } },
      { expiresAfterSeconds: 86400 },
    ],
    [
      'GOWS',
      { Ephemeral: { IsEphemeral: false, DisappearingTimer: 0 } },
      { expiresAfterSeconds: 0 },
    ],
    ['NOWEB', { ephemeralDuration: 604800 }, { expiresAfterSeconds: 604800 }],
    [
      'NOWEB',
      { linkedParent: '120363020000000099@g.us' },
      { community: { kind: 'group', id: '120363020000000099@g.us' } },
    ],
    ['GOWS', { LinkedParentJID: '' }, {}],
    [
      'GOWS',
      { Link: { Type: 'parent_group', Group: { JID: '120363020000000099@g.us' } } },
      { community: { kind: 'group', id: '120363020000000099@g.us' } },
    ],
  ])('are read from %s: %j', (engine, _data, says) => {
    expect(group(engine, '2026.9.2', _data)).toStrictEqual(says);
  });

  const members = (engine: string, _data: object, type?: string) =>
    dataOf(
      'group.v2.participants',
      { type, group: { id: groupAddress }, participants: [{ id: noorAddress }], _data },
      { engine },
    );

  test('report a changed phone number, and how a member joined', () => {
    expect(members('NOWEB', { action: 'modify' }).action).toBe('renumbered');
    expect(members('GOWS', { JoinReason: 'invite' }, 'join').method).toBe('invite-link');
    expect(members('WEBJS', { type: 'linked_group_join' }, 'join').method).toBe('community');
    expect(members('WEBJS', { type: 'add' }, 'join').method).toBe('added');
    expect(members('GOWS', { JoinReason: '' }, 'join')).not.toHaveProperty('method');
    expect(members('WEBJS', { type: 'remove' }, 'leave')).not.toHaveProperty('method');
  });
});

describe('a session whose account is restricted', () => {
  const status = (data: unknown, fields: object = {}) =>
    dataOf('session.status', { status: 'WORKING', statuses: [], data }, fields);

  test('reports the restriction, its end, and that it has ended', () => {
    const lock = {
      isActive: true,
      enforcementType: 'BIZ_QUALITY',
      timeEnforcementEnds: 1767355200,
    };
    expect(status({ reachoutTimelock: lock }).restriction).toStrictEqual({
      active: true,
      type: 'BIZ_QUALITY',
      until: '2026-01-02T12:00:00.000Z',
    });
    const over = { isActive: false, timeEnforcementEnds: null };
    expect(status({ reachoutTimelock: over }).restriction).toStrictEqual({ active: false });
    expect(status(null)).not.toHaveProperty('restriction');
  });

  test('reports how many new chats it may start', () => {
    const capping = {
      cappingStatus: 'SECOND_WARNING',
      usedQuota: 900,
      totalQuota: 1000,
      cycleStart: 1767268800,
      cycleEnd: 1767355200,
    };
    expect(status({ messageCapping: capping }).quota).toStrictEqual({
      status: 'second-warning',
      used: 900,
      total: 1000,
      from: '2026-01-01T12:00:00.000Z',
      until: '2026-01-02T12:00:00.000Z',
    });
    const none = { cappingStatus: 'NONE', usedQuota: 0, totalQuota: -1, cycleStart: null };
    expect(status({ messageCapping: none }).quota).toStrictEqual({ status: 'none', used: 0 });
  });

  test('may report only its own restriction', () => {
    const me = { id: '447700900100@c.us', reachoutTimelock: { isActive: true } };
    expect(status(null, { me }).restriction).toStrictEqual({ active: true });
  });
});

describe('a receipt', () => {
  const ack = (payload: object, engine: string) =>
    dataOf(
      'message.ack',
      { id: `true_${noorAddress}_3EB0A1`, from: noorAddress, fromMe: true, ...payload },
      { engine },
    );

  test.each([
    ['GOWS', 3, { Timestamp: '2026-01-01T12:00:00Z' }, '2026-01-01T12:00:00.000Z'],
    ['NOWEB', 2, { receipt: { receiptTimestamp: '1767268800' } }, '2026-01-01T12:00:00.000Z'],
    [
      'NOWEB',
      3,
      { receipt: { receiptTimestamp: 1, readTimestamp: 1767268800 } },
      '2026-01-01T12:00:00.000Z',
    ],
    ['NOWEB', 4, { receipt: { playedTimestamp: 1767268800 } }, '2026-01-01T12:00:00.000Z'],
    ['WEBJS', 3, { t: 1767268800 }, undefined],
  ])('has its own time if %s reports one: level %i', (engine, level, _data, at) => {
    expect(ack({ ack: level, timestamp: 1767260000, _data }, engine).at).toBe(at);
  });

  test('reports why a message was not accepted', () => {
    const error = {
      code: '463',
      blocked: true,
      reason: 'account_restricted',
      until: '2026-01-02T12:00:00.000Z',
    };
    expect(ack({ ack: -1, error }, 'NOWEB').ack).toStrictEqual({
      level: -1,
      name: 'error',
      error: { code: '463', reason: 'account_restricted', until: '2026-01-02T12:00:00.000Z' },
    });
    const _data = { messageStubParameters: ['475'] };
    expect(ack({ ack: -1, _data }, 'NOWEB').ack?.error).toStrictEqual({ code: '475' });
    expect(ack({ ack: 2, error: null }, 'NOWEB').ack).not.toHaveProperty('error');
  });
});

describe('an edit that cannot be read', () => {
  test.each([
    [
      'NOWEB',
      { key: {}, message: { secretEncryptedMessage: { targetMessageKey: { id: '3EB0A0' } } } },
    ],
    [
      'GOWS',
      { Info: {}, Message: { secretEncryptedMessage: { targetMessageKey: { ID: '3EB0A0' } } } },
    ],
  ])('is marked as unreadable, with the message that it edits: %s', (engine, _data) => {
    const data = dataOf('message.edited', { ...message, body: null, _data }, { engine });
    expect(data).toMatchObject({
      editedMessageId: '3EB0A0',
      unavailable: 'undecryptable-edit',
      target: '3EB0A0',
    });
    expect(data).not.toHaveProperty('body');
  });

  test.each([
    [
      'NOWEB',
      {
        key: {},
        message: {
          editedMessage: {
            message: {
              protocolMessage: {
                key: { id: '3EB0A0' },
                type: 'MESSAGE_EDIT',
                editedMessage: { conversation: 'Aye' },
              },
            },
          },
        },
      },
    ],
    [
      'NOWEB',
      {
        key: {},
        message: {
          protocolMessage: {
            key: { id: '3EB0A0' },
            type: 14,
            editedMessage: { extendedTextMessage: { text: 'Aye' } },
          },
        },
      },
    ],
    [
      'GOWS',
      {
        Info: {},
        Message: {
          protocolMessage: {
            key: { ID: '3EB0A0' },
            type: 14,
            editedMessage: { conversation: 'Aye' },
          },
        },
      },
    ],
    [
      'GOWS',
      {
        Info: {},
        Message: {
          deviceSentMessage: {
            message: {
              protocolMessage: {
                key: { ID: '3EB0A0' },
                type: 14,
                editedMessage: { conversation: 'Aye' },
              },
            },
          },
        },
      },
    ],
  ])('is readable if the new text is in the engine’s object: %s', (engine, _data) => {
    const data = dataOf('message.edited', { ...message, body: null, _data }, { engine });
    expect(data).toMatchObject({ editedMessageId: '3EB0A0', body: 'Aye' });
    expect(data).not.toHaveProperty('unavailable');
  });
});

describe('a deleted message', () => {
  const after = { id: `false_${noorAddress}_3EB0D1`, from: noorAddress, fromMe: false };
  test.each<[string, string, object, object | null]>([
    [
      'NOWEB',
      '2025.4.1',
      { key: {}, message: { protocolMessage: { key: { id: '3EB0A0' }, type: 0 } } },
      null,
    ],
    [
      'GOWS',
      '2025.4.1',
      { Info: {}, Message: { protocolMessage: { key: { ID: '3EB0A0' }, type: 0 } } },
      null,
    ],
    ['WEBJS', '2025.4.1', { protocolMessageKey: { id: '3EB0A0' } }, { ...after, body: 'Ahoy' }],
    ['WPP', '2026.9.2', { protocolMessageKey: `false_${noorAddress}_3EB0A0` }, null],
  ])(
    'is identified also in versions without a field for it: %s %s',
    (engine, version, _data, before) => {
      const data = dataOf(
        'message.revoked',
        { after: { ...after, _data }, before },
        { engine, environment: { engine, version } },
      );
      expect(data).toMatchObject({ revokedMessageId: '3EB0A0', messageId: { id: '3EB0D1' } });
      if (before) {
        expect(data.previous).toMatchObject({ messageId: { id: '3EB0A0' }, body: 'Ahoy' });
      }
    },
  );
});
