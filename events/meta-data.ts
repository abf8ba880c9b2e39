import * as v from 'valibot';
import { instant } from './instant-data.ts';
import { lazySchema } from './lazy-schema.ts';

/**
 * The schema of `meta`, for generated documents. It must agree with the type `Meta` in envelope.ts, which
 * editors show: the compiler checks the fields, and a test checks the sentences.
 */
export const metaData = lazySchema(() =>
  v.object({
    id: v.string(),
    version: v.literal('1'),
    category: v.string(),
    type: v.string(),
    session: v.optional(v.string()),
    sender: v.picklist(['waha', 'wawp']),
    engine: v.optional(v.string()),
    senderVersion: v.optional(v.string()),
    senderEventId: v.optional(v.string()),
    occurredAt: instant,
    receivedAt: instant,
    chat: v.optional(v.string()),
    fromMe: v.optional(v.boolean()),
    account: v.optional(
      v.object({
        id: v.string(),
        phone: v.optional(v.string()),
        lid: v.optional(v.string()),
      }),
    ),
    tags: v.optional(v.record(v.string(), v.string())),
    requestId: v.string(),
    traceparent: v.optional(v.string()),
    duplicateOf: v.optional(v.string()),
    conflict: v.optional(v.literal(true)),
    deduplication: v.optional(v.literal('unavailable')),
    identities: v.optional(v.literal('unavailable')),
    hops: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    replay: v.optional(v.string()),
  }),
);
