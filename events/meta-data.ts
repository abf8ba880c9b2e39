import * as v from 'valibot';
import { always, field, instant } from './data-field.ts';
import { lazySchema } from './lazy-schema.ts';

/**
 * The meta of any event as a schema, for the documents that are made of it. It says the same as the
 * type `Meta` in envelope.ts, which editors show: the compiler holds the fields together and a test
 * the sentences.
 */
export const metaData = lazySchema(() =>
  v.object({
    id: always(
      v.string(),
      "Idempotency key: the same whenever the same fact is told, also by the sender's retries.",
    ),
    version: always(
      v.literal('1'),
      'Version of the envelope. It changes when a field changes its meaning or goes away.',
    ),
    category: always(v.string(), 'Category of the kind.'),
    type: always(v.string(), "The kind: the sender's wire name, or `unrecognized`."),
    session: field(v.string(), 'Name of the session, that is of the WhatsApp account.', {
      absent: 'where the body names none',
    }),
    sender: always(v.picklist(['waha', 'wawp']), 'Who sent it, as far as the body shows.'),
    engine: field(v.string(), '`WEBJS`, `WPP`, `NOWEB`, `GOWS` …', {
      absent: 'where the body names none',
    }),
    senderVersion: field(v.string(), "Version of the sender's software.", {
      absent: 'where the body does not say it, as from Wawp',
    }),
    senderEventId: field(v.string(), "The sender's own id of the event (`evt_…`).", {
      absent: 'before WAHA 2024.11',
    }),
    occurredAt: always(
      instant,
      'When it happened, ISO-8601 UTC: by the payload, else by the envelope, else `receivedAt`.',
    ),
    receivedAt: always(instant, 'When the request came in, ISO-8601 UTC.'),
    chat: field(v.string(), 'Address of the chat (`data.chat.id`).', {
      absent: 'where the event belongs to none',
    }),
    fromMe: field(v.boolean(), 'Whether this account did it.', {
      absent: 'where that means nothing or is not said',
    }),
    requestId: always(v.string(), 'Id of the request that brought it.'),
    traceparent: field(v.string(), 'W3C trace context of the request.', { absent: 'without one' }),
    twinOf: field(
      v.string(),
      'The kind under which the same fact was already told: WAHA tells an inbound message as `message` and as `message.any`.',
      { absent: 'on the first telling, and where duplicates are not looked for' },
    ),
    conflict: field(
      v.literal(true),
      'True where the same `id` was already told with other content.',
      { absent: 'otherwise' },
    ),
    ledger: field(
      v.literal('unavailable'),
      '`unavailable`: whether this was told before could not be looked up.',
      { absent: 'otherwise' },
    ),
    replay: field(v.string(), 'Name of the replay that brought it.', {
      absent: 'on what comes for the first time',
    }),
  }),
);
