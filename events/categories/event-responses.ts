import * as v from 'valibot';
import { type AnyEventType, defineEventType, type WireContext } from '../event-type.ts';
import type { FactIdentity } from '../fact-key.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { fromOurSide } from '../message/from-our-side.ts';
import { partiesData } from '../message/message-data.ts';
import { messageIdentity, ofSomeMessage } from '../message/message-key.ts';
import { readParties } from '../message/parties.ts';
import { wireMessageFields } from '../message/wire-message.ts';
import { messageIdData, readMessageId } from '../message-id.ts';
import { ownText, present } from '../own.ts';
import {
  opaque,
  wireAddress,
  wireFlag,
  wireMessageId,
  wireNumber,
  wireText,
  wireTime,
} from '../wire-value.ts';

const answers = ['GOING', 'NOT_GOING', 'MAYBE', 'UNKNOWN'] as const;

const wireResponse = lazySchema(() =>
  v.object({
    ...wireMessageFields,
    eventCreationKey: v.nullish(
      v.object({
        id: wireMessageId,
        to: wireAddress,
        from: wireAddress,
        fromMe: wireFlag,
        participant: wireAddress,
      }),
    ),
    eventResponse: v.nullish(
      v.object({ response: wireText, timestampMs: wireTime, extraGuestCount: wireNumber }),
    ),
    requestId: wireText,
    data: opaque,
    error: opaque,
  }),
);

const responseData = lazySchema(() =>
  v.object({
    about: v.optional(v.picklist(['calendar-event', 'request'])),
    messageId: v.optional(messageIdData()),
    ...partiesData(),
    eventMessage: v.optional(messageIdData()),
    answer: v.optional(v.picklist(answers)),
    extraGuests: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    respondedAt: v.optional(instant),
    requestId: v.optional(v.string()),
    status: v.optional(v.string()),
    error: v.optional(v.string()),
  }),
);

type Response = OutputOf<typeof responseData>;

function readResponse(wire: OutputOf<typeof wireResponse>, context: WireContext): Response {
  const parties = readParties(wire, context);
  const { eventResponse, eventCreationKey } = wire;
  const isAnswer = parties.messageId || eventResponse || eventCreationKey;
  const guests = Number(eventResponse?.extraGuestCount ?? Number.NaN);
  return present({
    about: isAnswer ? 'calendar-event' : wire.requestId ? 'request' : undefined,
    ...parties,
    eventMessage: fromOurSide(readMessageId(eventCreationKey?.id), parties, {
      ...(context.me ? { me: context.me } : {}),
    }),
    answer: eventResponse?.response
      ? (answers.find((answer) => answer === eventResponse.response) ?? 'UNKNOWN')
      : undefined,
    extraGuests: Number.isInteger(guests) && guests >= 0 ? guests : undefined,
    respondedAt: toInstant(eventResponse?.timestampMs) ?? toInstant(wire.timestamp),
    requestId: wire.requestId ?? undefined,
    status: ownText(wire.data, 'status'),
    error: typeof wire.error === 'string' ? wire.error : ownText(wire.error, 'message'),
  });
}

const ofResponse = {
  payload: wireResponse,
  data: responseData,
  read: readResponse,
  chat: (data: Response) => data.chat,
  fromMe: (data: Response) => data.direction && data.direction === 'outbound',
  isIdentified: (data: Response, payload: OutputOf<typeof wireResponse>) =>
    data.requestId !== undefined || ofSomeMessage.isIdentified(data, payload),
  about: 'a message id, a chat or a request',
  occurredAt: (data: Response) => data.respondedAt,
};

/** The key of an event about a Wawp request. A request has an id, and is reported again with each status. */
function identifyRequest({ data }: { data: Response }): FactIdentity | undefined {
  const { about, requestId, status } = data;
  return about === 'request' ? { parts: ['request', requestId, status ?? 'unknown'] } : undefined;
}

/** Answers to invitations, and ends of asynchronous requests. */
export const eventResponses = {
  'event.response': defineEventType({
    ...ofResponse,
    key: {
      name: 'event.response',
      identify: (fact) => identifyRequest(fact) ?? messageIdentity(fact.data),
    },
  }),
  // The sender may report an answer that it could not read again, with the same message id.
  'event.response.failed': defineEventType({
    ...ofResponse,
    key: { name: 'event.response.failed', identify: identifyRequest },
  }),
} as const satisfies Record<string, AnyEventType>;
