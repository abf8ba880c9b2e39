import { expect, test } from '@jest/globals';
import type {
  DataOf,
  Envelope,
  EventIn,
  EventOf,
  EventType,
  WhatsAppEvent,
} from '../../events/consume.ts';
import { parse } from '../../events/consume.ts';
import type { DerivedType } from '../../events/derived.ts';

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

const holds = <_T extends true>() => undefined;

function handle(event: WhatsAppEvent): string | undefined {
  switch (event.type) {
    case 'message':
    case 'message.any':
      return event.data.body ?? event.data.media?.mimetype;
    case 'message.ack':
      // @ts-expect-error an acknowledgement has no body
      event.data.body;
      return event.data.ack?.name;
    case 'call.received':
      return event.data.caller?.phone;
    case 'unrecognized':
      return event.data.reason;
    default:
      // @ts-expect-error messages are narrowed away here
      event.type === 'message';
      return event.meta.category;
  }
}

test('a switch over the type narrows the data of an event', () => {
  const meta = { type: 'message.ack', category: 'messages' };
  const event = parse({ detail: { meta, data: { ack: { name: 'read', level: 3 } }, wire: {} } });
  expect(handle(event)).toBe('read');
});

test('the category narrows an event to the event types of that category', () => {
  type OfCalls = 'call.received' | 'call.accepted' | 'call.rejected' | 'call.missed';
  holds<Same<EventIn<'calls'>['type'], OfCalls>>();
  const ofCalls = (event: WhatsAppEvent) => {
    if (event.category === 'calls') {
      return event.data.outcome;
    }
    // @ts-expect-error calls are narrowed away here
    return event.data.outcome;
  };
  expect(ofCalls).toBeDefined();
});

test('EventOf and DataOf have the event and data of an event type', () => {
  holds<Same<EventOf<'message.ack'>['data'], DataOf<'message.ack'>>>();
  holds<Same<EventOf<'message.ack'>['type'], 'message.ack'>>();
  holds<Same<EventOf<'message.ack'>['meta']['category'], 'messages'>>();
  holds<Same<EventOf<'poll.vote' | 'chat.archive'>['category'], 'polls' | 'chats'>>();
  holds<Same<WhatsAppEvent['type'], EventType | DerivedType | 'unrecognized'>>();
  holds<Same<Envelope['meta']['type'], EventType | DerivedType | 'unrecognized'>>();
  holds<Same<DataOf<'message'>['hasMedia'], boolean | undefined>>();
  holds<Same<NonNullable<DataOf<'message'>['chat']>['kind'], ChatKind>>();
  // @ts-expect-error no such kind
  holds<Same<EventOf<'message.sent'>, never>>();
  expect.assertions(0);
});

type ChatKind = 'user' | 'group' | 'channel' | 'broadcast' | 'status' | 'bot' | 'other';

test('the data of an event is read-only', () => {
  const change = (event: EventOf<'poll.vote'>) => {
    // @ts-expect-error a field is readonly
    event.data.votedAt = '2026-01-01T00:00:00.000Z';
    // @ts-expect-error a list is readonly
    event.data.choices?.push('Friday');
    if (event.data.chat) {
      // @ts-expect-error so is what lies deeper
      event.data.chat.id = 'x';
    }
  };
  expect(change).toBeDefined();
});
