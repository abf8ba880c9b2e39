import { hash } from 'node:crypto';
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Envelope, EnvelopeOf, Unrecognized } from '../../events/envelope.ts';
import { eventSource, ingestMetrics, messageAttributes } from '../../events/names.ts';
import { serializeEnvelope } from '../../events/serialize-envelope.ts';
import { claimCheckClient, spillClient } from '../runtime/aws-clients.ts';
import { count } from '../runtime/count.ts';
import { errorName, log } from '../runtime/log.ts';
import {
  type PutEvents,
  publish,
  type RefusedEntry,
  toSpilled,
  traceHeader,
} from '../runtime/publish.ts';
import { publishBudgetMs } from './budget.ts';

/**
 * Maximum size of a detail in bytes. EventBridge accepts 1 MB for all entries of a call, and SQS 1 MiB for
 * the event with its envelope; the difference leaves room for both (EventBridge API reference, PutEvents; SQS
 * Developer Guide, "Message quotas").
 */
export const maxDetailBytes = 768 * 1024;

/** An envelope that fits on the bus, with its JSON. */
export interface FittingEnvelope {
  readonly meta: Envelope['meta'];
  readonly detail: string;
}

/** Converts an envelope to an entry for PutEvents. */
export function toEntry({ meta, detail }: FittingEnvelope, busName: string): PutEventsRequestEntry {
  return {
    EventBusName: busName,
    Source: eventSource,
    DetailType: meta.type,
    Time: new Date(meta.occurredAt),
    Detail: detail,
    ...traceHeader(meta.traceparent),
  };
}

/**
 * Makes an envelope small enough for the bus. A body that is too large is stored as a claim check. If the
 * normalized data alone is too large, the event is published as `unrecognized`, with that reason.
 *
 * @param raw JSON of the envelope's `raw`, as it was sent
 */
export async function fitOnBus(
  envelope: Envelope,
  raw: string,
  putClaimCheck: PutClaimCheck,
): Promise<FittingEnvelope> {
  const full = toFitting(envelope, raw);
  if (isFitting(full)) {
    return full;
  }
  const stored = await putClaimCheck(claimCheckKey(raw), raw);
  count(ingestMetrics.claimChecks);
  const light = toFitting({ ...envelope, raw: stored });
  return isFitting(light) ? light : toFitting(withoutData({ ...envelope, raw: stored }));
}

const toFitting = (envelope: Envelope, raw?: string): FittingEnvelope => ({
  meta: envelope.meta,
  detail: serializeEnvelope(envelope, raw),
});

/** A character has at most three bytes, so bytes are counted only where it matters. */
const isFitting = ({ detail }: FittingEnvelope) =>
  detail.length * 3 <= maxDetailBytes || Buffer.byteLength(detail) <= maxDetailBytes;

/** Consumers of a type rely on its data, so an event without data is published as `unrecognized`. */
const withoutData = ({ meta, raw }: Envelope): EnvelopeOf<Unrecognized> => ({
  meta: { ...meta, type: 'unrecognized', category: 'unrecognized' },
  data: { reason: 'too-large', event: meta.type },
  raw,
});

/**
 * The object's key, derived from the content: a retry writes the same object, and other content has another
 * key.
 */
const claimCheckKey = (text: string) => `claim-checks/${hash('sha256', text, 'hex')}.json`;

/** The location of a body that was too large for its event. */
export interface ClaimCheck {
  readonly claimCheck: {
    readonly bucket: string;
    readonly key: string;
    /** Size of the object in bytes, JSON in UTF-8. */
    readonly bytes: number;
  };
}

/** Stores a text in the bucket and returns its location. Rejects if S3 does not accept it. */
export type PutClaimCheck = (key: string, text: string) => Promise<ClaimCheck>;

/** Stores claim checks as objects of a bucket. */
export function putClaimCheckTo(Bucket: string): PutClaimCheck {
  return async (Key, text) => {
    const { PutObjectCommand, client } = await claimCheckClient();
    const Body = Buffer.from(text);
    await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json' }));
    return { claimCheck: { bucket: Bucket, key: Key, bytes: Body.length } };
  };
}

/** Stores an entry that the bus refused. Rejects unless it is in the queue. */
export type Spill = (refused: RefusedEntry) => Promise<void>;

/** A spill queue in SQS. It sends one message in each call, since ten could be larger than SQS accepts. */
export function spillTo(QueueUrl: string): Spill {
  return async ({ entry, code }) => {
    await spillClient().send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: toSpilled(entry),
        MessageAttributes: {
          [messageAttributes.reason]: { DataType: 'String', StringValue: 'refused' },
          [messageAttributes.error]: { DataType: 'String', StringValue: code },
        },
        ...(entry.TraceHeader && {
          MessageSystemAttributes: {
            AWSTraceHeader: { DataType: 'String', StringValue: entry.TraceHeader },
          },
        }),
      }),
    );
  };
}

/** The bus and its fallbacks. */
export interface Destination {
  readonly busName: string;
  readonly putEvents: PutEvents;
  /** Stores an event that the bus refuses. */
  readonly spill: Spill;
}

/**
 * Publishes all envelopes on the bus, and sends those that it refuses to the spill queue.
 *
 * @returns the envelopes that neither accepted
 */
export async function publishOrSpill(
  envelopes: readonly FittingEnvelope[],
  { busName, putEvents, spill }: Destination,
): Promise<ReadonlySet<FittingEnvelope>> {
  const envelopeOf = new Map(envelopes.map((each) => [toEntry(each, busName), each]));
  const refused = await publish([...envelopeOf.keys()], putEvents, { budgetMs: publishBudgetMs });
  if (refused.length === 0) {
    return new Set();
  }
  const code = refused[0]?.code;
  log.error('the bus refused events', { events: refused.length, code });
  const spilled = await Promise.allSettled(refused.map((each) => spill(each)));
  const lost = refused.filter((_, index) => spilled[index]?.status === 'rejected');
  if (refused.length > lost.length) {
    count(ingestMetrics.spilled, refused.length - lost.length);
  }
  const failure = spilled.find((result) => result.status === 'rejected');
  if (failure) {
    log.error('the spill queue refused them too', { error: errorName(failure.reason) });
  }
  return new Set(lost.map(({ entry }) => envelopeOf.get(entry) as FittingEnvelope));
}
