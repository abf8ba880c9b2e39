import type { DataOf } from '../envelope.ts';
import type { CategoryDocs, FieldDocs } from '../event-type-docs.ts';
import { partiesFields } from '../message/message-data.docs.ts';

const responseFields: FieldDocs<DataOf<'event.response'>> = {
  about: {
    description:
      'WAHA and Wawp use this event type for different things. `calendar-event`: an answer to an invitation (WAHA). `request`: an asynchronous request has ended (Wawp).',
    absent: 'if the payload is empty',
  },
  messageId: { description: 'Id of the answer, which is a separate message.', source: '`id`' },
  ...partiesFields,
  eventMessage: {
    description: 'The message with the invitation.',
    source: '`eventCreationKey.id`',
  },
  answer: {
    description: 'Whether the author attends, as reported by WAHA.',
    absent: 'if the answer could not be decrypted',
    source: '`eventResponse.response`',
  },
  extraGuests: {
    description: 'Number of guests that the author brings.',
    source: '`eventResponse.extraGuestCount`',
  },
  respondedAt: {
    description: 'When the author answered.',
    unit: 'ISO-8601 UTC',
    source: '`eventResponse.timestampMs`, milliseconds, else `timestamp`, seconds',
  },
  requestId: { description: 'The request that ended.', absent: 'from WAHA' },
  status: { description: 'How the request ended.', absent: 'from WAHA', source: '`data.status`' },
  error: { description: 'Why the request failed.', absent: 'from WAHA', source: '`error`' },
};

const ofResponse = {
  data: responseFields,
  key: 'Direction and bare id of the answer, the chat, and the author unless the chat identifies the author; for a request its id and status. A failed answer is identified by the sender’s event id.',
};

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

/** The documentation of the category `event-responses`. */
export const eventResponsesDocs: CategoryDocs<'event-responses'> = {
  'event.response': {
    ...ofResponse,
    summary:
      'A person answered an invitation to a calendar event (WAHA, GOWS only), or an asynchronous request succeeded (Wawp).',
    variants: [
      'WAHA: a message with `eventCreationKey` and `eventResponse`.',
      'Wawp: `requestId` and `data.status`.',
    ],
    examples: {
      waha: { engine: 'GOWS', payload: answer },
      wawp: { engine: 'WEBJS', payload: { requestId: 'req_7f3a', data: { status: 'completed' } } },
    },
  },
  'event.response.failed': {
    ...ofResponse,
    summary:
      'An answer to an invitation could not be decrypted (WAHA, GOWS only), or an asynchronous request failed (Wawp).',
    variants: [
      'WAHA: as `event.response` with `eventResponse` null.',
      'Wawp: `requestId` and `error`.',
    ],
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
  },
};
