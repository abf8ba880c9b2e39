import { describe, expect, test } from '@jest/globals';
import type { BusType, EventOf } from '../../../events/envelope.ts';
import { stateKeys } from '../../../events/state/state-keys.ts';
import { callRegisters } from '../../../lambdas/state/call-registers.ts';
import { type Register, registersOf } from '../../../lambdas/state/register.ts';
import { stateIn } from '../../../lambdas/state/state.ts';
import { readChats } from '../../../ops/state/chats.ts';
import { readGroups } from '../../../ops/state/groups.ts';
import { readChatId } from '../../../ops/state/person.ts';
import { readMessages } from '../../../ops/state/read-messages.ts';
import { readCalls, viewSessions } from '../../../ops/state/sessions.ts';
import { readPage, StateReader } from '../../../ops/state/state-reader.ts';
import { client, createStateTable, stateDb } from '../../lambdas/state/in-process-dynamodb.ts';
import {
  ann,
  annHidden,
  bob,
  choir,
  instant,
  reported,
} from '../../lambdas/state/reported-event.ts';
import { remember } from './remember.ts';

const moved = (
  action: 'join' | 'leave' | 'promote' | 'demote',
  at: number,
  person = ann as object,
) =>
  reported(
    'group.v2.participants',
    {
      ...{ chat: choir, action, by: bob },
      participants: [
        {
          person: person as typeof ann,
          role: (
            { join: 'participant', leave: 'left', promote: 'admin', demote: 'participant' } as const
          )[action],
        },
      ],
    },
    { at },
  );

/** Ann as readers show her. */
const { kind: _, ...annShown } = ann;

async function group(...events: readonly EventOf<BusType>[]) {
  const reader = await remember(...events);
  const [view] = await readGroups(reader, choir.id, {});
  if (!view) {
    throw new Error('No such group');
  }
  return view;
}

describe('a group', () => {
  test('has the last value of each setting, whichever came first', async () => {
    const update = (fields: object, at: number) =>
      reported('group.v2.update', { chat: choir, action: 'update', group: fields }, { at });
    const seen = await group(
      update({ subject: 'Choir, Thursdays' }, 3),
      update({ subject: 'Choir', description: 'Bring the folder' }, 1),
    );
    expect(seen.info).toEqual({ subject: 'Choir, Thursdays', description: 'Bring the folder' });
    expect(seen.history).toHaveLength(2);
  });

  test('has the time since which a person is a member, which a promotion does not change', async () => {
    const { members } = await group(moved('promote', 5), moved('join', 2));
    expect(members).toMatchObject([{ person: annShown, role: 'admin', since: instant(2) }]);
  });

  test('has no member who left, even if the leave is reported before the join', async () => {
    const seen = await group(moved('leave', 5), moved('join', 2));
    expect(seen.members).toEqual([]);
    expect(seen.history.map(({ action }) => action)).toEqual(['leave', 'join']);
  });

  test('has a person once who is reported by phone number and by hidden id', async () => {
    const seen = await group(moved('join', 2), moved('promote', 3, annHidden));
    expect(seen.members).toMatchObject([{ person: annShown, role: 'admin', since: instant(2) }]);
    expect(seen.history.map(({ person }) => person)).toEqual([annShown, annShown]);
  });

  test('keeps the role of a person who changed the number, and does not list one who left', async () => {
    const renumbered = reported(
      'group.v2.participants',
      { chat: choir, action: 'renumbered', participants: [{ person: ann }, { person: bob }] },
      { at: 9 },
    );
    const seen = await group(moved('promote', 1), moved('leave', 2, bob), renumbered);
    expect(seen.members).toMatchObject([{ person: annShown, role: 'admin' }]);
    expect(seen.members).toHaveLength(1);
    expect(seen.history.map(({ action }) => action).slice(0, 2)).toEqual([
      'renumbered',
      'renumbered',
    ]);
  });

  test('has only the members of the last full list, and who joined after it', async () => {
    const carol = { kind: 'user', id: '447700900456@c.us', phone: '+447700900456' } as const;
    const joined = (members: readonly object[], at: number) =>
      reported(
        'group.v2.join',
        {
          ...{ chat: choir, action: 'join', self: true },
          group: { members: members.map((person) => ({ person, role: 'participant' })) },
        } as never,
        { at },
      );
    const events = [joined([ann, bob], 1), joined([annHidden], 5), moved('join', 7, carol)];
    for (const order of [events, events.toReversed()]) {
      const { members } = await group(...order);
      expect(members.map(({ person }) => person?.id)).toEqual([ann.id, carol.id]);
    }
  });

  test('is left by this account even if the event named it by an address that was completed later', async () => {
    const removed = moved('leave', 5);
    const account = { id: ann.id, phone: ann.phone };
    const joined = reported(
      'group.v2.join',
      { chat: choir, action: 'join', self: true },
      { at: 1 },
    );
    const { self } = await group(joined, { ...removed, meta: { ...removed.meta, account } });
    expect(self).toBe(false);
  });

  test('has both settings that changed in one second in its history, each once', async () => {
    const update = (fields: object, at: number) =>
      reported('group.v2.update', { chat: choir, action: 'update', group: fields }, { at });
    const renamed = update({ subject: 'Choir' }, 3.1);
    const { history } = await group(renamed, update({ description: 'Bring it' }, 3.4), renamed);
    expect(history.map(({ changed }) => changed)).toEqual([['description'], ['subject']]);
  });

  test('has one step once, though two event types report it', async () => {
    const { data } = moved('leave', 5);
    const { history } = await group(moved('leave', 5), reported('group.leave', data, { at: 5 }));
    expect(history).toHaveLength(1);
  });

  test('lists requests to join until they are accepted', async () => {
    const asks = reported('group.v2.participants.join-request', {
      ...{ chat: choir, action: 'created', requester: ann },
    });
    expect((await group(asks)).requests).toMatchObject([{ person: annShown }]);
    expect((await group(asks, moved('join', 2))).requests).toEqual([]);
  });

  test('lists no request of a person who has joined since and left again, until the next request', async () => {
    const asks = (at: number) =>
      reported(
        'group.v2.participants.join-request',
        { chat: choir, action: 'created', requester: ann },
        { at },
      );
    const left = [asks(0), moved('join', 2), moved('leave', 3, annHidden)];
    expect((await group(...left)).requests).toEqual([]);
    expect((await group(...left, asks(4))).requests).toMatchObject([{ at: instant(4) }]);
  });
});

describe('a call', () => {
  const callId = 'C1';
  const received = reported('call.received', { callId, caller: ann, media: 'video' }, { at: 0 });
  const accepted = reported('call.accepted', { callId }, { at: 4 });
  const ended = reported('call.rejected', { callId }, { at: 9 });
  const declined = reported('call.rejected', { callId, outcome: 'rejected' }, { at: 9 });
  const elsewhere = reported('call.rejected', { callId, outcome: 'accepted-elsewhere' }, { at: 9 });
  const byApi = reported('call.rejected', { callId }, { at: 9, engine: 'WEBJS' });

  test.each([
    ['received while it rings', [received], 'received'],
    ['accepted', [received, accepted], 'accepted'],
    ['accepted though its end is reported too', [ended, accepted, received], 'accepted'],
    ['missed when it ended unanswered', [ended, received], 'missed'],
    ['rejected when this account turned it down', [byApi, received], 'rejected'],
    ['rejected when somebody declined it', [declined, received], 'rejected'],
    ['accepted when another device took it', [elsewhere, received], 'accepted'],
  ])('is %s', async (_name, events, outcome) => {
    const reader = await remember(...events);
    const { rows } = await readCalls(reader, { limit: 5 });
    expect(rows).toMatchObject([{ callId, outcome }]);
  });
});

test('two callers with the same call id are two calls', async () => {
  const by = (caller: typeof ann | typeof bob, at: number) =>
    reported('call.received', { callId: 'C1', caller, chat: caller }, { at, id: `${at}` });
  const reader = await remember(
    by(ann, 0),
    by(bob, 1),
    reported('call.accepted', { callId: 'C1', caller: bob }, { at: 2 }),
  );
  const { rows } = await readCalls(reader, { limit: 5 });
  expect(rows.map(({ caller, outcome }) => [caller?.id, outcome])).toEqual([
    [bob.id, 'accepted'],
    [ann.id, 'received'],
  ]);
});

describe('a call id', () => {
  const end = (at: number, outcome: 'missed' | 'unknown' | 'rejected', receivedAt = at) =>
    reported('call.rejected', { callId: 'C1', caller: ann, outcome }, { at, receivedAt });
  const offer = (at: number) => reported('call.received', { callId: 'C1', caller: ann }, { at });

  test('that is used again is two calls, each with its times and its outcome', async () => {
    const events = [offer(0), end(20, 'rejected'), offer(5000), end(5020, 'missed')];
    for (const order of [events, events.toReversed()]) {
      const reader = await remember(...order);
      const { rows } = await readCalls(reader, { limit: 9 });
      expect(rows).toMatchObject([
        { outcome: 'missed', receivedAt: instant(5000), endedAt: instant(5020) },
        { outcome: 'rejected', receivedAt: instant(0), endedAt: instant(20) },
      ]);
    }
  });

  test('with several ends in a row is one call, declined if one of them reports it', async () => {
    const events = [end(5, 'unknown'), end(5, 'rejected', 6), end(8, 'unknown'), offer(0)];
    for (const order of [events, events.toReversed()]) {
      const reader = await remember(...order);
      const { rows } = await readCalls(reader, { limit: 9 });
      expect(rows).toMatchObject([
        { outcome: 'rejected', receivedAt: instant(0), endedAt: instant(5) },
      ]);
    }
  });

  test('of which an earlier version has stored steps is one call with the later steps', async () => {
    const table = await createStateTable();
    const state = stateIn(stateDb, table, 0);
    for (const event of [offer(0), end(5, 'rejected')]) {
      const [step, ...others] = registersOf(callRegisters, event);
      const sk = step?.sk.split('#').slice(0, 2).join('#') ?? '';
      await state.keep([{ ...(step as Register), sk }, ...others]);
    }
    await state.keep(registersOf(callRegisters, end(8, 'unknown')));
    const { rows } = await readCalls(new StateReader(client, table), { limit: 9 });
    expect(rows).toMatchObject([
      { outcome: 'rejected', receivedAt: instant(0), endedAt: instant(5) },
    ]);
  });
});

test('the list of calls has as many calls as asked for, each on exactly one page', async () => {
  const calls = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6'];
  const reader = await remember(
    ...calls.flatMap((callId, index) =>
      (['call.received', 'call.accepted', 'call.rejected'] as const).map((type, step) =>
        reported(type, { callId, caller: ann }, { at: index * 10 + step * 4 }),
      ),
    ),
  );
  const pages: (string | undefined)[][] = [];
  let before: string | undefined;
  do {
    const { rows, next } = await readCalls(reader, { limit: 4, before });
    pages.push(rows.map(({ callId }) => callId));
    before = next;
  } while (before !== undefined);
  expect(pages).toEqual([
    ['C6', 'C5', 'C4', 'C3'],
    ['C2', 'C1'],
  ]);
  expect((await readCalls(reader, { limit: 1 })).rows).toMatchObject([{ callId: 'C6' }]);
});

test('the list of messages has as many as asked for, though some could not be decrypted at first', async () => {
  const ids = ['M1', 'M2', 'M3', 'M4'];
  const reader = await remember(
    ...ids.flatMap((id, at) =>
      (['message.waiting', 'message'] as const).map((type) =>
        reported(
          type,
          { messageId: { id }, chat: ann, direction: 'inbound', content: 'text' },
          { at },
        ),
      ),
    ),
  );
  const newest = await readMessages(reader, ann.id, { limit: 3 });
  expect(newest.rows.map(({ id, waiting }) => [id, waiting])).toEqual(
    ids.slice(1).map((id) => [id, false]),
  );
  const { rows, next } = await readMessages(reader, ann.id, { limit: 3, before: newest.next });
  expect([rows.map(({ id }) => id), next]).toEqual([['M1'], undefined]);
});

describe('the list of chats', () => {
  const message = (chat: object, at: number) =>
    reported(
      'message',
      { content: 'text', messageId: { id: `M${at}` }, chat: chat as typeof ann },
      { at, id: `${at}` },
    );

  test('has each chat once, at its last message, on exactly one page', async () => {
    const chats = Array.from({ length: 7 }, (_, index) => ({
      ...{ kind: 'user', id: `12025550${100 + index}@c.us`, phone: `+12025550${100 + index}` },
    }));
    // Each chat has messages in several hours, in another order in each.
    const hours = [0, 1, 2].flatMap((hour) =>
      chats.map((chat, index) => message(chat, hour * 3_600 + ((index * (hour + 2)) % 7) * 60)),
    );
    const reader = await remember(...hours);
    const seen: (string | undefined)[] = [];
    let before: string | undefined;
    do {
      const page = await readChats(reader, { limit: 2, before });
      seen.push(...page.rows.map(({ lastActivity }) => lastActivity));
      before = page.next;
    } while (before !== undefined);
    expect(seen).toHaveLength(chats.length);
    expect(seen).toEqual([...seen].sort().reverse());
  });

  test('has a message that is dated in the future at the time when it was received', async () => {
    const early = reported(
      'message',
      { content: 'text', messageId: { id: 'A1' }, chat: ann },
      { at: 86_400, receivedAt: 60 },
    );
    const { rows } = await readChats(await remember(early, message(bob, 120)), { limit: 5 });
    expect(rows).toMatchObject([
      { chat: { id: bob.id } },
      { chat: { id: ann.id }, lastActivity: instant(60) },
    ]);
  });

  test('has a next page after more chats with the same last activity than asked for', async () => {
    const several = Array.from({ length: 100 }, (_, index) => ({
      ...{ kind: 'user', id: `12025550${100 + index}@c.us`, phone: `+12025550${100 + index}` },
    }));
    const reader = await remember(message(bob, 0), ...several.map((chat) => message(chat, 7_200)));
    const first = await readChats(reader, { limit: 50 });
    expect(first.rows).toHaveLength(several.length);
    const second = await readChats(reader, { limit: 50, before: first.next });
    expect(second.rows.map(({ chat }) => chat?.id)).toEqual([bob.id]);
  });

  test('before a time has the chats whose last message is older', async () => {
    const reader = await remember(message(ann, 60), message(bob, 120));
    const { rows } = await readChats(reader, { limit: 5, before: instant(100) });
    expect(rows.map(({ chat }) => chat?.id)).toEqual([ann.id]);
  });
});

describe('a session', () => {
  test('is restricted until the restriction ends or the sender reports its end', async () => {
    const status = (restriction: { active: boolean; until?: string }, at: number) =>
      reported('session.status', { status: 'WORKING', restriction }, { at, id: `r${at}` });
    const plain = reported('session.status', { status: 'WORKING' }, { at: 9, id: 'plain' });
    const until = '2026-01-02T12:00:00.000Z';
    const begun = status({ active: true, until }, 1);
    const seen = async (now: string, ...events: readonly (typeof begun)[]) => {
      const facts = await (await remember(...events)).partition(stateKeys.sessions);
      return viewSessions(facts, Date.parse(now));
    };
    expect(await seen(instant(9), begun, plain)).toMatchObject([
      { restricted: true, restrictedUntil: until },
    ]);
    expect(await seen(until, begun, plain)).toMatchObject([{ restricted: false }]);
    expect(await seen(instant(9), status({ active: true }, 1))).toMatchObject([
      { restricted: true },
    ]);
    expect(await seen(instant(9), begun, plain, status({ active: false }, 5))).toMatchObject([
      { restricted: false },
    ]);
  });

  test('has the status that was received last, although an earlier event is dated in the future', async () => {
    const day = 86_400;
    const reader = await remember(
      reported('session.status', { status: 'WORKING' }, { at: day, receivedAt: 1 }),
      reported('session.status', { status: 'FAILED' }, { at: 5 }),
    );
    expect(viewSessions(await reader.partition(stateKeys.sessions))).toMatchObject([
      { status: 'FAILED', since: instant(5) },
    ]);
  });

  test('has its status since the status changed, not since it was last reported', async () => {
    const again = { status: 'WORKING', changedAt: instant(1) } as const;
    const reader = await remember(
      reported('session.status', { status: 'WORKING' }, { at: 1 }),
      reported('session.status', again, { at: 9 }),
    );
    expect(viewSessions(await reader.partition(stateKeys.sessions))).toMatchObject([
      { status: 'WORKING', since: instant(1) },
    ]);
  });

  test('has its last status, the number that an earlier event reported, and every step', async () => {
    const me = { id: ann.id, pushName: 'Corner Shop' };
    const reader = await remember(
      reported('session.status', { status: 'FAILED' }, { at: 5, id: 'b' }),
      reported('session.status', { status: 'WORKING' }, { at: 1, id: 'a', raw: { me } }),
    );
    expect(viewSessions(await reader.partition(stateKeys.sessions))).toMatchObject([
      {
        session: 'shop',
        status: 'FAILED',
        since: instant(5),
        account: ann.id,
        name: 'Corner Shop',
      },
    ]);
    expect(await reader.partition(stateKeys.sessionHistory('shop'))).toHaveLength(2);
  });
});

describe('a list', () => {
  test('has each entry on exactly one page, also when many have the same place', async () => {
    const ids = Array.from({ length: 23 }, (_, index) => `M${index}`);
    const reader = await remember(
      ...ids.map((id, index) =>
        reported(
          'message',
          { content: 'text', messageId: { id }, chat: ann, direction: 'inbound' },
          { at: Math.floor(index / 4), id, session: index % 2 ? 'shop' : 'desk' },
        ),
      ),
    );
    const lists = ['shop', 'desk'].map((of) => ({ list: stateKeys.timeline(of, ann.id), of }));
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await readPage(reader, lists, { limit: 5, before });
      seen.push(...page.entries.map(({ sk }) => sk));
      before = page.next;
    } while (before !== undefined);
    expect(seen).toEqual([...seen].sort().reverse());
    expect(new Set(seen).size).toBe(ids.length);
    expect(seen).toHaveLength(ids.length);
  });
});

test.each([
  ['+1 (202) 555-0142', '12025550142@c.us'],
  ['12025550142', '12025550142@c.us'],
  ['12025550142@s.whatsapp.net', '12025550142@c.us'],
  ['120363020000000042@g.us', '120363020000000042@g.us'],
])('the chat %s is %s', (given, id) => {
  expect(readChatId(given)).toBe(id);
});
