import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Envelope } from '../../events/envelope.ts';
import type { WebhookContext } from '../../events/event-type.ts';
import type { FilterAction } from '../../events/filters/read-filter-rules.ts';
import { ingestMetrics } from '../../events/names.ts';
import { type NormalizedWebhook, normalizeWebhook } from '../../events/normalize.ts';
import { traceIdOf } from '../../events/traceparent.ts';
import { count } from '../runtime/count.ts';
import { correlate, correlation, hashChat, log } from '../runtime/log.ts';
import { type KeyringSource, requireCovered, requireRecent } from './authenticate.ts';
import {
  type Checked,
  completeAll,
  type Deduplication,
  deduplicate,
  markMeta,
  releaseAll,
} from './deduplicate.ts';
import { reportDrift } from './drift.ts';
import type { EventFilter } from './filter.ts';
import type { Identities } from './identities.ts';
import {
  allowNetworks,
  authenticateSender,
  type IngestEvent,
  normalizeApiEvent,
  readRawBody,
  requestIdOf,
  respondToErrors,
} from './middleware.ts';
import {
  type Destination,
  type FittingEnvelope,
  fitOnBus,
  type PutClaimCheck,
  publishOrSpill,
} from './publish.ts';
import { acceptedResponse, RefusedError } from './responses.ts';

/** The dependencies of ingest. Tests replace them. */
export interface IngestDependencies extends KeyringSource, Deduplication, Destination {
  readonly maxBodyBytes: number;
  /** Networks that requests may come from, separated by commas. @default 'any' */
  readonly allowedSources?: string | undefined;
  /** Hours after which a webhook is refused as a replay, by the time in its body. @default 0, never */
  readonly replayWindowHours?: number | undefined;
  readonly putClaimCheck: PutClaimCheck;
  /** Applies the stage's filter rules. @default - no event is filtered */
  readonly filters?: EventFilter | undefined;
  /** The trace of this invocation, for a webhook without a `traceparent`. @default - none */
  readonly invocationTrace?: (() => string | undefined) | undefined;
  /** Completes addresses from what was learned before. @default - addresses are not completed */
  readonly identities?: Identities | undefined;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/**
 * Creates the ingest function. It parses a request only after its network, size and sender were checked. A
 * middleware refuses a request by throwing a RefusedError; every error becomes a response.
 */
export function ingestHandler(dependencies: IngestDependencies) {
  // No early timeout: a response that is sent before the work is done could not say whether it succeeded.
  return middy<IngestEvent, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .use(respondToErrors())
    .use(normalizeApiEvent())
    .use(allowNetworks(dependencies.allowedSources ?? 'any'))
    .use(readRawBody(dependencies.maxBodyBytes))
    .use(authenticateSender(dependencies))
    .handler((event: IngestEvent) => acceptWebhook(event, dependencies));
}

/**
 * Accepts an authentic webhook. The order makes it safe: acquire the event's record, publish (or spill),
 * complete the record, respond. If the function ends in between, the sender has no 2xx and retries; once the
 * record's lease has expired, the event is published with the same id.
 */
function acceptWebhook(
  event: IngestEvent,
  dependencies: IngestDependencies,
): Promise<APIGatewayProxyStructuredResultV2> {
  const requestId = requestIdOf(event);
  const traceparent = traceparentOf(event.headers, dependencies.invocationTrace?.());
  const origin = { requestId, ...(traceparent ? { traceparent } : {}) };
  return correlate(origin, () => accept(event, dependencies, origin));
}

async function accept(
  event: IngestEvent,
  dependencies: IngestDependencies,
  origin: Omit<WebhookContext, 'receivedAt'>,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { now = Date.now, replayWindowHours = 0 } = dependencies;
  const receivedAt = new Date(now());
  const { events, keys, raws, sentAt, drift } = normalizeWebhook(event.rawBody, {
    receivedAt,
    ...origin,
  });
  requireCovered(event.matches, events);
  requireRecent(sentAt, replayWindowHours, now());
  reportDrift(drift);
  const { prepared, learn } = await prepare({ events, keys, raws }, dependencies);
  const published = await publishAll(prepared, dependencies, learn);
  report(prepared, event);
  log.debug('answered', {
    size: event.rawBody.length,
    events: events.length,
    tookMs: now() - receivedAt.getTime(),
  });
  if (prepared.some(({ checked }) => checked.result === 'in-progress')) {
    throw new RefusedError('in-progress');
  }
  return acceptedResponse(
    prepared.map(({ envelope, checked }) => ({
      id: 'id' in checked ? checked.id : envelope.meta.id,
      type: (published.get(envelope) ?? envelope).meta.type,
      duplicate: checked.result === 'duplicate' || checked.result === 'other-type' || undefined,
      filtered: checked.result === 'filtered' ? checked.by : undefined,
    })),
  );
}

/** An event with the result of its checks. */
interface Prepared {
  /** The event as it is published. */
  readonly envelope: Envelope;
  /** The event as normalized from the body. Filter rules and deduplication use only this. */
  readonly normalized: Envelope;
  /** JSON of the envelope's `raw`, exactly as it was sent. */
  readonly raw: string;
  /** `filtered`: a filter rule drops the event, and it is not looked up in the deduplication table. */
  readonly checked: Checked | { readonly result: 'filtered'; readonly by: FilterAction['kind'] };
}

/** The checked events of a webhook, before they are published. */
interface Preparation {
  readonly prepared: readonly Prepared[];
  /** Stores the pairs of addresses that the bodies contain. */
  learn(): Promise<void>;
}

/**
 * Checks events against the filter rules and the deduplication table, adds the results to `meta`, and
 * completes addresses in parallel.
 */
async function prepare(
  { events, keys, raws }: Pick<NormalizedWebhook, 'events' | 'keys' | 'raws'>,
  { filters, identities, ...deduplication }: IngestDependencies,
): Promise<Preparation> {
  const filtered = events.map((envelope) => filters?.dropActionFor(envelope));
  const passed = events.flatMap((envelope, index) =>
    filtered[index] ? [] : [{ envelope, key: keys[index] }],
  );
  const lookup = identities?.lookUp(passed.map(({ envelope }) => envelope));
  const deduplicated = deduplicate(passed, deduplication);
  const completed = [...((await lookup?.complete(deduplicated)) ?? [])];
  const checked = [...(await deduplicated)];
  const prepared = events.map((normalized, index): Prepared => {
    const by = filtered[index];
    const raw = raws[index] as string;
    if (by) {
      return { envelope: normalized, normalized, raw, checked: { result: 'filtered', by } };
    }
    const own = checked.shift() as Checked;
    const envelope = completed.shift() ?? normalized;
    const meta = markMeta(envelope.meta, own);
    return { envelope: { ...envelope, meta } as Envelope, normalized, raw, checked: own };
  });
  return { prepared, learn: async () => lookup?.learn() };
}

/** Whether an event is published. */
const isPublished = ({ result }: Prepared['checked']) =>
  result !== 'filtered' && result !== 'duplicate' && result !== 'in-progress';

/**
 * Publishes all events except filtered ones and duplicates. The records of events that neither the bus nor
 * the spill queue accepted are released, so that the sender's next attempt is published at once.
 *
 * @returns the events that are on the bus or in the spill queue
 * @throws RefusedError if an event is in neither
 */
async function publishAll(
  prepared: readonly Prepared[],
  dependencies: IngestDependencies,
  learn: Preparation['learn'],
): Promise<ReadonlyMap<Envelope, FittingEnvelope>> {
  const publishing = prepared.filter(({ checked }) => isPublished(checked));
  const recordsOf = (events: readonly Prepared[]) =>
    events.map(({ checked }) => checked as Checked);
  let fitting: readonly FittingEnvelope[];
  try {
    fitting = await Promise.all(
      publishing.map(({ envelope, raw }) => fitOnBus(envelope, raw, dependencies.putClaimCheck)),
    );
  } catch (error) {
    await releaseAll(recordsOf(publishing), dependencies);
    throw new RefusedError('unavailable', error);
  }
  const lost = await publishOrSpill(fitting, dependencies);
  const isLost = (_: Prepared, index: number) => lost.has(fitting[index] as FittingEnvelope);
  const published = publishing.filter((each, index) => !isLost(each, index));
  for (const { normalized } of published) {
    dependencies.filters?.rememberPublished(normalized);
  }
  await Promise.all([
    completeAll(recordsOf(published), dependencies),
    releaseAll(recordsOf(publishing.filter(isLost)), dependencies),
    learn(),
  ]);
  if (lost.size > 0) {
    throw new RefusedError('unavailable', 'not-accepted');
  }
  return new Map(
    publishing.map(({ envelope }, index) => [envelope, fitting[index] as FittingEnvelope]),
  );
}

function report(events: readonly Prepared[], { matches, requestContext }: IngestEvent): void {
  const provedBy = matches.map(({ sender, secretId }) => `${sender}/${secretId}`);
  for (const { envelope, checked } of events) {
    const { type, session, chat } = envelope.meta;
    const id = 'id' in checked ? checked.id : envelope.meta.id;
    if (checked.result === 'filtered') {
      // Counted, but not logged: events are filtered to save cost.
      count(ingestMetrics.filtered, 1, {}, { Type: type, Action: checked.by });
      continue;
    }
    // One line for each accepted event, which is both its metric and its log entry. The event type is not a
    // dimension: each type would be a metric of its own, $0.30 a month.
    count(
      ingestMetrics.accepted,
      1,
      {},
      {
        ...correlation(),
        id,
        Type: type,
        session,
        chat: hashChat(chat),
        result: checked.result,
        provedBy,
        // The id of the request in the access log.
        httpRequestId: requestContext?.requestId,
      },
    );
    if (type === 'unrecognized') {
      count(ingestMetrics.unrecognized);
    }
    if (checked.result !== 'new' && checked.result !== 'unchecked') {
      count(ingestMetrics.duplicates, 1, { Result: checked.result }, { ...correlation(), id });
    }
  }
}

/**
 * The trace that a webhook belongs to: the one that its sender or a proxy has started, else that of the
 * invocation. The header is not signed, so it is used for searching only.
 */
export function traceparentOf(
  headers: IngestEvent['headers'] | undefined,
  invocationTrace: string | undefined,
): string | undefined {
  const given = headers?.traceparent;
  return traceIdOf(given) ? given : invocationTrace;
}
