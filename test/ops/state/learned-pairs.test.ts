import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { BusType, EventOf } from '../../../events/envelope.ts';
import { readAllLabels, readChats } from '../../../ops/state/chats.ts';
import { readGroups } from '../../../ops/state/groups.ts';
import { readMessages } from '../../../ops/state/read-messages.ts';
import { readCalls } from '../../../ops/state/sessions.ts';
import type { StateReader } from '../../../ops/state/state-reader.ts';
import { choir, reported } from '../../lambdas/state/reported-event.ts';
import { remember } from './remember.ts';

type AnyEvent = EventOf<BusType>;

/** Which addresses of a person an event names. */
type Form = 'both' | 'phone' | 'lid';

const people = [
  { phone: '+12025550142', lid: '206158430200142@lid' },
  { phone: '+447700900123', lid: '118832900000123@lid' },
] as const;

type Person = (typeof people)[number];

const phoneIdOf = ({ phone }: Person) => `${phone.slice(1)}@c.us`;

function named(person: Person, form: Form) {
  const { phone, lid } = person;
  if (form === 'lid') {
    return { kind: 'user', id: lid, lid } as const;
  }
  return {
    kind: 'user',
    id: phoneIdOf(person),
    phone,
    ...(form === 'both' ? { lid } : {}),
  } as const;
}

/** What happens, with the person in whichever form. `n` distinguishes messages, calls and labels. */
const happenings = {
  received: (who, n) =>
    reported('message', {
      ...{ messageId: { id: `M${n}` }, chat: who, author: who, direction: 'inbound' },
      ...{ content: 'text', body: `Hello ${n}`, authorName: `Name ${n}` },
    }),
  sent: (who, n) =>
    reported('message.any', {
      ...{ messageId: { id: `M${n}` }, chat: who, direction: 'outbound', content: 'text' },
      ...{ body: `Good morning ${n}`, ack: { level: 0, name: 'pending' } },
    }),
  sung: (who, n) =>
    reported('message', {
      ...{ messageId: { id: `M${n}` }, chat: choir, author: who, direction: 'inbound' },
      ...{ content: 'text', body: `La ${n}` },
    }),
  liked: (who, n) =>
    reported('message.reaction', {
      ...{ target: { id: `M${n}`, fromMe: true }, chat: who, author: who },
      ...{ direction: 'inbound', emoji: '👍' },
    }),
  likedInGroup: (who, n) =>
    reported('message.reaction', {
      ...{ target: { id: `M${n}`, fromMe: false }, chat: choir, author: who },
      ...{ direction: 'inbound', emoji: '🎉' },
    }),
  read: (who, n) =>
    reported('message.ack', {
      ...{ messageId: { id: `M${n}` }, chat: who, direction: 'outbound', recipient: who },
      ack: { level: 3, name: 'read' },
    }),
  readInGroup: (who, n) =>
    reported('message.ack.group', {
      ...{ messageId: { id: `M${n}` }, chat: choir, direction: 'outbound', recipient: who },
      ack: { level: 3, name: 'read' },
    }),
  votedInGroup: (who, n) =>
    reported('poll.vote', {
      ...{ poll: { id: `M${n}`, fromMe: true }, chat: choir, voter: who, direction: 'inbound' },
      choices: ['Tuesday'],
    }),
  votedUnreadably: (who, n) =>
    reported('poll.vote.failed', {
      ...{ poll: { id: `M${n}`, fromMe: true }, chat: choir, voter: who, direction: 'inbound' },
    }),
  edited: (who, n) =>
    reported('message.edited', {
      ...{ editedMessageId: `M${n}`, messageId: { id: `E${n}` }, chat: who, author: who },
      ...{ direction: 'inbound', body: `Hello again ${n}` },
    }),
  editedInGroup: (who, n) =>
    reported('message.edited', {
      ...{ editedMessageId: `M${n}`, messageId: { id: `E${n}` }, chat: choir, author: who },
      ...{ direction: 'inbound', body: `La la ${n}` },
    }),
  deletedInGroup: (who, n) =>
    reported('message.revoked', {
      ...{ revokedMessageId: `M${n}`, chat: choir, revokedBy: who, direction: 'inbound' },
    }),
  rang: (who, n) => reported('call.received', { callId: `C${n}`, caller: who, chat: who }),
  accepted: (who, n) => reported('call.accepted', { callId: `C${n}`, caller: who, chat: who }),
  ended: (who, n) =>
    reported('call.rejected', { callId: `C${n}`, caller: who, chat: who, outcome: 'missed' }),
  declined: (who, n) =>
    reported('call.rejected', { callId: `C${n}`, caller: who, chat: who, outcome: 'rejected' }),
  labelled: (who, n) => reported('label.chat.added', { label: { id: `${n}` }, chat: who }),
  unlabelled: (who, n) => reported('label.chat.deleted', { label: { id: `${n}` }, chat: who }),
  joined: (who) =>
    reported('group.v2.participants', {
      ...{ chat: choir, action: 'join', participants: [{ person: who, role: 'participant' }] },
    }),
  left: (who) =>
    reported('group.v2.participants', {
      ...{ chat: choir, action: 'leave', participants: [{ person: who, role: 'left' }] },
    }),
} as const satisfies Record<string, (who: ReturnType<typeof named>, n: number) => AnyEvent>;

interface Happening {
  readonly what: keyof typeof happenings;
  readonly who: Person;
  readonly n: number;
  /** The form in which an event names the person while the pair is not known. */
  readonly form: Form;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  what: fc.constantFrom(...(Object.keys(happenings) as (keyof typeof happenings)[])),
  who: fc.constantFrom(...people),
  n: fc.integer({ min: 1, max: 3 }),
  form: fc.constantFrom<Form>('phone', 'lid', 'both'),
});

/** Events by which a pair is learned: any that names both. */
const lessons = [
  ...(['received', 'rang', 'labelled'] as const),
  ...(['likedInGroup', 'readInGroup', 'votedInGroup'] as const),
];
const learned = fc.constantFrom(...lessons).chain((what) =>
  fc.record({
    what: fc.constant(what),
    n: fc.integer({ min: 4, max: 6 }),
    form: fc.constant<Form>('both'),
  }),
) as fc.Arbitrary<Omit<Happening, 'who'>>;

/** A history in which each pair is learned somewhere: early, late, or in between. */
const histories = fc
  .tuple(
    fc.array(happening, { minLength: 2, maxLength: 10 }),
    fc.tuple(learned, learned),
    fc.tuple(fc.nat(10), fc.nat(10)),
  )
  .map(([all, taught, places]) => {
    const history = [...all];
    people.forEach((who, index) => {
      const lesson = taught[index] as Omit<Happening, 'who'>;
      history.splice(places[index] ?? 0, 0, { ...lesson, who });
    });
    return history;
  });

/** Seconds between two events: a call id that rings again later than a minute is another call. */
const apart = 45;

/** The history's events, each some time after the one before. */
const eventsOf = (history: readonly Happening[], formOf: (each: Happening) => Form) =>
  history.map((each, at) => {
    const event: AnyEvent = happenings[each.what](named(each.who, formOf(each)), each.n);
    const { meta } = reported(event.type, {} as never, { at: at * apart, id: `event ${at}` });
    return { ...event, meta } as AnyEvent;
  });

/** All that the commands show. */
async function stateOf(reader: StateReader, address: (person: Person) => string) {
  const limit = 50;
  const chats = await Promise.all(
    people.map((person) => readMessages(reader, address(person), { limit })),
  );
  const labels = people.map((person) => readAllLabels(reader, { chat: address(person) }));
  return {
    list: await readChats(reader, { limit }),
    chats,
    choir: await readMessages(reader, choir.id, { limit }),
    groups: await readGroups(reader, choir.id, {}),
    calls: await readCalls(reader, { limit }),
    labels: await readAllLabels(reader),
    labelsByChat: await Promise.all(labels),
  };
}

test('the state is the same whether pairs were learned early, late or in between, in any order, with redelivery', async () => {
  await fc.assert(
    fc.asyncProperty(
      histories.chain((history) => {
        const events = eventsOf(history, ({ form }) => form);
        return fc.record({
          history: fc.constant(history),
          order: fc
            .tuple(fc.shuffledSubarray(events, { minLength: events.length }), fc.subarray(events))
            .map(([all, again]) => [...all, ...again]),
        });
      }),
      async ({ history, order }) => {
        const known = await remember(...eventsOf(history, () => 'both'));
        const expected = await stateOf(known, phoneIdOf);
        const reader = await remember(...order);
        expect(await stateOf(reader, phoneIdOf)).toEqual(expected);
        expect(await stateOf(reader, ({ lid }) => lid)).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  );
});

test.each(['likedInGroup', 'readInGroup', 'votedInGroup'] as const)(
  'a direct chat of a hidden id is found by the phone number after an event that names both: %s',
  async (what) => {
    const [ann] = people;
    const reader = await remember(
      happenings.received(named(ann, 'lid'), 1),
      happenings[what](named(ann, 'both'), 2),
    );
    const { rows } = await readMessages(reader, phoneIdOf(ann), { limit: 5 });
    expect(rows).toMatchObject([{ body: 'Hello 1' }]);
  },
);

test('state of a hidden id belongs to the phone number as soon as one event has both', async () => {
  const [ann] = people;
  const hidden = named(ann, 'lid');
  const before = [
    happenings.received(hidden, 1),
    happenings.rang(hidden, 1),
    happenings.labelled(hidden, 1),
  ];
  const id = phoneIdOf(ann);
  const unknown = await remember(...before);
  expect((await readMessages(unknown, id, { limit: 5 })).rows).toEqual([]);
  expect(await readAllLabels(unknown, { chat: id })).toEqual([]);
  const learnedLate = await remember(...before, happenings.sent(named(ann, 'both'), 2));
  const { rows } = await readMessages(learnedLate, id, { limit: 5 });
  expect(rows.map(({ body }) => body)).toEqual(['Hello 1', 'Good morning 2']);
  expect(await readChats(learnedLate, { limit: 5 })).toMatchObject({
    rows: [{ chat: { id, phone: ann.phone, lid: ann.lid } }],
  });
  expect(await readCalls(learnedLate, { limit: 5 })).toMatchObject({
    rows: [{ caller: { id, phone: ann.phone } }],
  });
  expect(await readAllLabels(learnedLate, { chat: id })).toMatchObject([
    { id: '1', chats: [{ id }] },
  ]);
});

test('a hidden id belongs to the last number that it was seen with, and a number to its new owner', async () => {
  const [{ lid: mover, phone: oldNumber }, { phone: newNumber }] = people;
  const both = (phone: string, lid: string, at: number) =>
    reported(
      'message',
      {
        chat: { kind: 'user', id: `${phone.slice(1)}@c.us`, phone, lid },
        ...{ messageId: { id: `M${at}` }, direction: 'inbound', content: 'text', body: `${at}` },
      },
      { at, id: `${at}` },
    );
  const heir = '990000000000999@lid';
  const reader = await remember(
    both(oldNumber, mover, 1),
    reported('message', {
      ...{ chat: { kind: 'user', id: mover, lid: mover }, messageId: { id: 'L' } },
      ...{ direction: 'inbound', content: 'text', body: 'hidden' },
    }),
    both(newNumber, mover, 2),
    both(oldNumber, heir, 3),
  );
  const bodies = async (id: string) =>
    (await readMessages(reader, id, { limit: 9 })).rows.map(({ body }) => body);
  expect(await bodies(mover)).toEqual(['hidden', '2']);
  expect(await bodies(heir)).toEqual(['1', '3']);
});
