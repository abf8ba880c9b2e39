import fc from 'fast-check';
import type { BusType, DataOf, EventOf } from '../../../events/envelope.ts';
import {
  ann,
  annHidden,
  bob,
  choir,
  instant,
  type Occurrence,
  reported,
} from './reported-event.ts';

type AnyEvent = EventOf<BusType>;

/** Few values of everything, so that events meet: same message, same person, same second. */
const seconds = fc.integer({ min: 0, max: 4 });
const person = fc.constantFrom(ann, annHidden, bob);
const chat = fc.constantFrom(ann, annHidden, choir);
const direction = fc.constantFrom('inbound', 'outbound');
const session = fc.constantFrom('shop', 'desk');
const word = fc.constantFrom('', 'one', 'two', 'three');
const optionalWord = fc.option(word, { nil: undefined });
const targetId = fc.constantFrom('A1', 'B2');
const target = fc.record(
  { id: targetId, fromMe: fc.boolean(), participant: person.map(({ id }) => id) },
  { requiredKeys: ['id'] },
);
const optionalPerson = fc.option(person, { nil: undefined });
const own = fc.constantFrom('X8', 'Y9').map((id) => ({ id }));

const occurrence = fc.record({ at: seconds, receivedAt: seconds, session, number: fc.nat(9_999) });

/** Events of one kind with such data. Numbers make ids, so that a fact may also be reported twice. */
function events<T extends BusType>(
  type: T,
  data: fc.Arbitrary<DataOf<T>>,
  more: Occurrence = {},
): fc.Arbitrary<AnyEvent> {
  return fc
    .tuple(data, occurrence)
    .map(
      ([each, { number, ...rest }]) =>
        reported(type, each, { ...rest, ...more, id: `${type}:${number}` }) as AnyEvent,
    );
}

const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields) as unknown as fc.Arbitrary<never>;

const message = record({
  ...{ messageId: target, chat, author: person, direction, body: optionalWord },
  ...{ authorName: optionalWord, hasMedia: fc.boolean() },
  ack: fc.option(fc.record({ level: fc.constant(1), name: fc.constant('server') }), {
    nil: undefined,
  }),
});

const acknowledgement = record({
  ...{ messageId: target, chat, direction, recipient: optionalPerson },
  ack: fc.integer({ min: -1, max: 4 }).map((level) => ({ level, name: `level ${level}` })),
});

const role = fc.constantFrom('participant', 'admin', undefined);
const members = fc.array(fc.record({ person, role }), { maxLength: 2 });

const groupChange = (action: string) =>
  record({
    ...{ chat: fc.constant(choir), action: fc.constant(action), by: person, self: fc.boolean() },
    participants: members,
    group: fc.record(
      { subject: word, membersCanSend: fc.boolean(), members },
      { requiredKeys: [] },
    ),
  });

const call = record({
  ...{ callId: fc.constantFrom('C1', 'C2'), caller: person, chat: person },
});

const label = fc.record({ id: fc.constantFrom('7', '8'), name: optionalWord });

/** Scenarios by the consumer that subscribes to them: lists of events in the order in which they were reported. */
export const scenarios = {
  messages: [
    events('message', message),
    events('message.any', message),
    events('message.waiting', message),
    events(
      'message.reaction',
      record({ ...{ target, chat, author: person, direction, emoji: optionalWord } }),
    ),
    events('message.ack', acknowledgement),
    events('message.ack.group', acknowledgement),
    events(
      'message.revoked',
      record({ ...{ revokedMessageId: targetId, chat, direction, revokedBy: optionalPerson } }),
    ),
    events(
      'message.edited',
      record({
        ...{ editedMessageId: targetId, messageId: own, chat, direction, body: word },
        author: optionalPerson,
      }),
    ),
    events('poll.vote.failed', record({ ...{ poll: target, chat, direction, voter: person } })),
    events(
      'poll.vote',
      record({ ...{ poll: target, chat, direction, voter: person, choices: fc.array(word) } }),
    ),
  ],
  groups: [
    ...(['join', 'leave', 'promote', 'demote'] as const).map((action) =>
      events('group.v2.participants', groupChange(action)),
    ),
    events('group.v2.join', groupChange('join')),
    events('group.leave', groupChange('leave')),
    events('group.v2.update', groupChange('update')),
    events(
      'group.v2.participants.join-request',
      record({
        ...{ chat: fc.constant(choir), requester: person },
        action: fc.constantFrom('created', 'rejected', 'revoked'),
      }),
    ),
  ],
  calls: [
    events('call.received', call),
    events('call.accepted', call),
    events('call.rejected', call),
    events('call.rejected', call, { engine: 'WEBJS' }),
  ],
  labels: [
    events('label.upsert', record({ label })),
    events('label.deleted', record({ label })),
    events('label.chat.added', record({ label, chat })),
    events('label.chat.deleted', record({ label, chat })),
  ],
  sessions: [
    events(
      'session.status',
      record({
        status: fc.constantFrom('STARTING', 'WORKING', 'FAILED'),
        history: fc.option(
          fc.array(
            fc.record({
              status: fc.constantFrom('STARTING', 'WORKING'),
              at: seconds.map(instant),
            }),
            { maxLength: 2 },
          ),
          { nil: undefined },
        ),
      }),
      { raw: { me: { id: ann.id, pushName: 'Corner Shop' } } },
    ),
    events('state.change', record({})),
  ],
} as const satisfies Record<string, readonly fc.Arbitrary<AnyEvent>[]>;

/** How a queue may give events out: some twice or more, in any order, in batches at the same time. */
export const deliveries = (kinds: readonly fc.Arbitrary<AnyEvent>[]) =>
  fc.array(fc.oneof(...kinds), { minLength: 2, maxLength: 7 }).chain((all) =>
    fc.record({
      events: fc.constant(unique(all)),
      order: fc.shuffledSubarray([...unique(all), ...unique(all), ...unique(all).slice(0, 2)], {
        minLength: unique(all).length * 2 + Math.min(2, unique(all).length),
      }),
      batchSize: fc.integer({ min: 1, max: 4 }),
      batchesAtOnce: fc.integer({ min: 1, max: 3 }),
    }),
  );

/** One event for each id and moment: an id that comes with other content comes at another time. */
function unique(all: readonly AnyEvent[]): AnyEvent[] {
  const key = ({ meta }: AnyEvent) => JSON.stringify([meta.id, meta.occurredAt, meta.receivedAt]);
  return [...new Map(all.map((event) => [key(event), event])).values()];
}
