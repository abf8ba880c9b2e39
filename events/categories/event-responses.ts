import * as v from 'valibot';
import { field, instant } from '../data-field.ts';
import { toInstant } from '../instant.ts';
import { type AnyKind, kind, type WireContext } from '../kind.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { partiesData } from '../message/message-data.ts';
import { messageKeyParts } from '../message/message-key.ts';
import { readParties } from '../message/parties.ts';
import { wireMessageFields } from '../message/wire-message.ts';
import { messageIdData, readMessageId } from '../message-id.ts';
import { ownText } from '../own.ts';
import { present } from '../present.ts';
import {
  opaque,
  wireAddress,
  wireFlag,
  wireMessageId,
  wireNumber,
  wireText,
  wireTime,
} from '../wire-value.ts';

const ANSWERS = ['GOING', 'NOT_GOING', 'MAYBE', 'UNKNOWN'] as const;

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
    about: field(
      v.picklist(['calendar-event', 'request']),
      'The two senders mean two things by this kind. `calendar-event`: an answer to an invitation (WAHA). `request`: an asynchronous request has ended (Wawp).',
      { absent: 'where the payload is empty' },
    ),
    messageId: field(messageIdData(), 'Id of the answer, which is a message of its own.', {
      source: '`id`',
    }),
    ...partiesData(),
    eventMessage: field(messageIdData(), 'The message with the invitation.', {
      source: '`eventCreationKey.id`',
    }),
    answer: field(v.picklist(ANSWERS), 'Whether the author comes, in WAHA’s words.', {
      absent: 'where it could not be decrypted',
      source: '`eventResponse.response`',
    }),
    extraGuests: field(
      v.pipe(v.number(), v.integer(), v.minValue(0)),
      'How many the author brings along.',
      {
        source: '`eventResponse.extraGuestCount`',
      },
    ),
    respondedAt: field(instant, 'When the author answered.', {
      unit: 'ISO-8601 UTC',
      source: '`eventResponse.timestampMs`, milliseconds, else `timestamp`, seconds',
    }),
    requestId: field(v.string(), 'The request that ended.', { absent: 'from WAHA' }),
    status: field(v.string(), 'How the request ended.', {
      absent: 'from WAHA',
      source: '`data.status`',
    }),
    error: field(v.string(), 'Why the request failed.', { absent: 'from WAHA', source: '`error`' }),
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
    eventMessage: readMessageId(eventCreationKey?.id),
    answer: eventResponse?.response
      ? (ANSWERS.find((answer) => answer === eventResponse.response) ?? 'UNKNOWN')
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
  occurredAt: (data: Response) => data.respondedAt,
};

function keyOf(name: string) {
  return {
    name,
    rule: 'Direction and bare id of the answer, and the chat unless it is a direct one; for a request its id.',
    parts: ({ data }: { data: Response }) =>
      data.about === 'request' ? ['request', data.requestId] : messageKeyParts(data),
  };
}

const answer = {
  id: 'false_12025550142@c.us_3EB0B7D2A6F40C91E583',
  timestamp: 1767270000,
  from: '12025550142@c.us',
  participant: null,
  fromMe: false,
  source: 'app',
  eventCreationKey: {
    id: 'true_12025550142@c.us_3EB01C64E8F05D72AB39',
    to: '12025550142@c.us',
    from: 'me',
    fromMe: true,
  },
  eventResponse: { response: 'GOING', timestampMs: 1767270000250, extraGuestCount: 2 },
  ack: null,
  ackName: 'UNKNOWN',
  replyTo: null,
  _data: {},
};

/** Answers to invitations, and ends of asynchronous requests. */
export const eventResponses = {
  'event.response': kind({
    ...ofResponse,
    summary:
      'Somebody answered an invitation to a calendar event (WAHA, GOWS only), or an asynchronous request succeeded (Wawp).',
    variants: [
      'WAHA: a message with `eventCreationKey` and `eventResponse`.',
      'Wawp: `requestId` and `data.status`.',
    ],
    key: keyOf('event.response'),
    examples: {
      waha: { engine: 'GOWS', payload: answer },
      wawp: { engine: 'WEBJS', payload: { requestId: 'req_7f3a', data: { status: 'completed' } } },
    },
  }),
  'event.response.failed': kind({
    ...ofResponse,
    summary:
      'An answer to an invitation could not be decrypted (WAHA, GOWS only), or an asynchronous request failed (Wawp).',
    variants: [
      'WAHA: as `event.response` with `eventResponse` null.',
      'Wawp: `requestId` and `error`.',
    ],
    key: keyOf('event.response.failed'),
    examples: {
      waha: {
        engine: 'GOWS',
        payload: {
          ...answer,
          id: 'false_12025550142@c.us_3EB0B7D2A6F40C91E584',
          eventResponse: null,
        },
      },
      wawp: { engine: 'WEBJS', payload: { requestId: 'req_7f3b', error: 'RATE_LIMITED' } },
    },
  }),
} as const satisfies Record<string, AnyKind>;
