import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type IdentityPair, maxPairs, pairsIn, scopeOf } from '../../../events/identity/learn.ts';
import { growthWhenDoubled, linear } from '../../count-steps.ts';
import { arbitraryWebhook } from '../../tools/docs/arbitrary-webhook.ts';
import { normalize, onlyEvent, wahaBody } from '../webhook.ts';

const lid = '206158430200142@lid';
const jid = '12025550142@s.whatsapp.net';
const pair = { lid, phone: '+12025550142' };

/** A session whose account has no LID, so that `me` is no pair. */
const me = { id: '447700900100@c.us' };

const pairsOf = (type: string, payload: unknown, fields = {}): readonly IdentityPair[] =>
  pairsIn(onlyEvent(wahaBody(type, payload, { me, ...fields })));

/** A message with what an engine says of it. */
const message = (data: object, head: object = {}) =>
  pairsOf('message', {
    ...{ id: `false_${lid}_3EB0AA`, from: lid, fromMe: false, timestamp: 1769904000, body: 'Hi' },
    ...head,
    _data: data,
  });

describe('a pair of phone number and LID is learned', () => {
  test.each<[what: string, body: readonly IdentityPair[]]>([
    [
      'from an inbound message of GOWS',
      message({
        Info: {
          Chat: lid,
          Sender: lid,
          SenderAlt: '12025550142:3@s.whatsapp.net',
          IsFromMe: false,
        },
      }),
    ],
    [
      'from an outbound message of GOWS',
      message(
        {
          Info: {
            ...{ Chat: lid, Sender: '447700900100:1@s.whatsapp.net', RecipientAlt: jid },
            IsFromMe: true,
          },
        },
        { id: `true_${lid}_3EB0AA`, fromMe: true },
      ),
    ],
    [
      'from a message of NOWEB',
      message({ key: { remoteJid: lid, remoteJidAlt: jid, fromMe: false, id: '3EB0AA' } }),
    ],
    [
      'from a message of older NOWEB',
      message({ key: { remoteJid: lid, senderPn: jid, fromMe: false, id: '3EB0AA' } }),
    ],
    [
      'from an author in a group',
      message(
        {
          key: {
            ...{ remoteJid: '120363020000000042@g.us', participant: lid, participantAlt: jid },
            ...{ fromMe: false, id: '3EB0AA' },
          },
        },
        {
          id: `false_120363020000000042@g.us_3EB0AA_${lid}`,
          ...{ from: '120363020000000042@g.us', participant: lid },
        },
      ),
    ],
    [
      'from a call of NOWEB',
      pairsOf('call.received', { id: 'CALL', from: lid, _data: { from: lid, callerPn: jid } }),
    ],
    [
      'from a call of GOWS',
      pairsOf('call.received', {
        ...{ id: 'CALL', from: lid },
        _data: { CallCreator: lid, CallCreatorAlt: jid },
      }),
    ],
    [
      'from the members of a group',
      pairsOf('group.v2.participants', {
        ...{ type: 'join', group: { id: '120363020000000042@g.us' } },
        participants: [{ id: lid, pn: jid, role: 'participant' }],
      }),
    ],
    [
      'from the members in the own words of GOWS',
      pairsOf('group.v2.join', {
        group: { id: '120363020000000042@g.us', participants: [] },
        _data: {
          ...{ JID: '120363020000000042@g.us', OwnerJID: 'nobody' },
          Participants: [{ JID: lid, LID: lid, PhoneNumber: jid }],
        },
      }),
    ],
    [
      'from the owner of a group',
      pairsOf('group.v2.join', {
        group: { id: '120363020000000042@g.us' },
        _data: { OwnerJID: lid, OwnerPN: jid },
      }),
    ],
    [
      'from whoever changed a group',
      pairsOf('group.v2.update', {
        group: { id: '120363020000000042@g.us', subject: 'Choir' },
        _data: { author: lid, authorPn: jid },
      }),
    ],
    [
      'from whoever asks to join a group',
      pairsOf('group.v2.participants.join-request', {
        ...{ group: { id: '120363020000000042@g.us' }, requesterId: lid, requesterPn: jid },
      }),
    ],
    [
      'from the address book in an event of the engine',
      pairsOf('engine.event', {
        event: 'contacts.upsert',
        data: [{ id: lid, phoneNumber: jid, notify: 'Noor' }],
      }),
    ],
    ['from an event that is not known', pairsOf('contact.upsert', { id: '12025550142@c.us', lid })],
  ])('%s', (_, learned) => {
    expect(learned).toStrictEqual([pair]);
  });

  test('from a body that is carried as text, for a number beyond 64 bits', () => {
    const body = JSON.stringify(
      wahaBody(
        'call.received',
        { id: 'C', from: lid, _data: { authorPn: jid, author: lid } },
        { me },
      ),
    );
    const event = onlyEvent(body.replace('{', '{"big":99999999999999999999,'));
    expect(typeof event.raw).toBe('string');
    expect(pairsIn(event)).toStrictEqual([pair]);
  });

  test('from the account of the session', () => {
    const own = { id: '447700900100@c.us', lid: '118832900000100@lid' };
    expect(pairsOf('session.status', { status: 'WORKING' }, { me: own })).toStrictEqual([
      { lid: own.lid, phone: '+447700900100' },
    ]);
  });

  test('from a body that a reseller has wrapped', () => {
    const inner = wahaBody(
      'call.received',
      { id: 'C', from: lid, _data: { callerPn: jid } },
      { me },
    );
    const [event] = normalize({ event: 'call.received', data: inner }).events;
    expect(event && pairsIn(event)).toStrictEqual([pair]);
  });
});

describe('no pair is learned', () => {
  test.each<[what: string, learned: readonly IdentityPair[]]>([
    ['from one address alone', message({ key: { remoteJid: lid, fromMe: false } })],
    [
      'of the recipient from an alternative of the sender',
      message({ Info: { Chat: lid, RecipientAlt: jid, IsFromMe: false } }),
    ],
    [
      'of a group from an alternative of the recipient',
      pairsOf('engine.event', {
        event: 'receipt',
        data: { Chat: lid, RecipientAlt: jid, IsFromMe: true, IsGroup: true },
      }),
    ],
    [
      'from what people write into a message',
      message({
        Message: { person: { id: lid, pn: jid }, key: { participant: lid, participantAlt: jid } },
        message: { contextInfo: { participant: lid, participantPn: jid } },
      }),
    ],
    [
      'from the answer to a form that looks like an address',
      message({
        message: {
          interactiveResponseMessage: {
            nativeFlowResponseMessage: {
              name: 'flow',
              paramsJson: JSON.stringify({ kind: 'user', id: lid, lid, phone: '+12025550142' }),
            },
          },
        },
      }),
    ],
  ])('%s', (_, learned) => {
    expect(learned).toStrictEqual([]);
  });
});

describe('in any body', () => {
  test('a pair is a LID and a phone number, and each occurs once', () => {
    const ids = fc.constantFrom('1@lid', '2@lid', '3@lid', '12025550101@c.us', '12025550102@c.us');
    const person = fc.record({ id: ids, lid: ids, pn: ids, authorPn: ids, author: ids });
    fc.assert(
      fc.property(arbitraryWebhook(3), fc.array(person), (body, people) => {
        const webhook = { ...(body as object), people };
        for (const event of normalize(webhook).events) {
          const pairs = pairsIn(event);
          for (const each of pairs) {
            expect(each.lid).toMatch(/^\d{1,20}@lid$/);
            expect(each.phone).toMatch(/^\+[1-9]\d{4,14}$/);
          }
          const halves = pairs.flatMap(({ lid, phone }) => [lid, phone]);
          expect(new Set(halves).size).toBe(halves.length);
        }
      }),
    );
  });

  test('at most 1,024 pairs are learned, the members of a large group', () => {
    const data = Array.from({ length: maxPairs + 500 }, (_, index) => ({
      ...{ id: `${index + 1}@lid`, pn: `1202555${1000 + index}@c.us` },
    }));
    const learned = pairsOf('engine.event', { event: 'contacts.upsert', data });
    expect(learned).toHaveLength(maxPairs);
    expect(learned[0]).toStrictEqual({ lid: '1@lid', phone: '+12025551000' });
  });

  test('learning takes linear time', () => {
    const workOn = (size: number) => {
      const data = Array.from({ length: size }, () => ({ aPn: 1, a: 'x', id: 'y' }));
      const event = onlyEvent({ event: 'engine.event', payload: { data } });
      return () => pairsIn(event);
    };
    expect(growthWhenDoubled(500, workOn)).toBeLessThan(linear);
  });

  test('deep nesting is handled', () => {
    const deep = `{"event":"engine.event","payload":{"data":${'['.repeat(490)}${JSON.stringify({ id: lid, pn: jid })}${']'.repeat(490)}}}`;
    expect(pairsIn(onlyEvent(deep))).toStrictEqual([pair]);
  });
});

describe('pairs belong', () => {
  const scope = (fields: object) => scopeOf(onlyEvent(wahaBody('session.status', {}, fields)).meta);

  test('to one account of one session, by phone number if that is known', () => {
    const scopes = [
      scope({ me }),
      scope({ me: { id: '447700900199@c.us' } }),
      scope({ me, session: 'other' }),
      scope({ me: { lid: '118832900000100@lid' } }),
      scope({ me: null }),
      scope({ me: null, session: 'other' }),
    ];
    expect(new Set(scopes).size).toBe(scopes.length);
    expect(scope({ me: { ...me, lid: '118832900000100@lid' } })).toBe(scopes[0]);
  });
});
