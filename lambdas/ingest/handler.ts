import { randomBytes } from 'node:crypto';
import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Envelope } from '../../events/envelope.ts';
import { ingestMetrics } from '../../events/names.ts';
import type { Measure } from '../../events/noise/noise-rule.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { traceIdOf } from '../../events/traceparent.ts';
import type { WebhookContext } from '../../events/webhook-context.ts';
import { count } from '../runtime/count.ts';
import { correlate, correlation, hashChat, log } from '../runtime/log.ts';
import { type KeyringSource, requireCovered, requireRecent } from './authenticate.ts';
import { type Deduplication, type LookedUp, lookUp, marksOf, noteAll } from './deduplicate.ts';
import { reportDrift } from './drift.ts';
import type { NoiseFilter } from './filter.ts';
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

/** What ingest works with; a test brings its own. */
export interface IngestDependencies extends KeyringSource, Deduplication, Destination {
  readonly maxBodyBytes: number;
  /** Networks that requests may come from, with commas between them. @default 'any' */
  readonly allowedSources?: string | undefined;
  /** Hours after which a webhook is taken for a replay, by the time in its body. @default 0, never */
  readonly replayWindowHours?: number | undefined;
  readonly putClaimCheck: PutClaimCheck;
  /** Leaves out what the stage has called noise. @default - nothing is noise */
  readonly noise?: NoiseFilter | undefined;
  /** Whether a webhook that comes without a trace begins one. @default false */
  readonly beginsTraces?: boolean | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

/**
 * The ingest function: nothing of a request is parsed before its network, its size and its sender are
 * known. A middleware refuses by throwing a RefusedError, and whatever is thrown becomes a response.
 */
export function ingestHandler(dependencies: IngestDependencies) {
  // No early timeout: a response that is sent while the work goes on would say nothing of how it ends.
  return middy<IngestEvent, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .use(respondToErrors())
    .use(normalizeApiEvent())
    .use(allowNetworks(dependencies.allowedSources ?? 'any'))
    .use(readRawBody(dependencies.maxBodyBytes))
    .use(authenticateSender(dependencies))
    .handler((event: IngestEvent) => acceptWebhook(event, dependencies));
}

/**
 * Takes an authentic webhook in. The order is what makes it safe: look up, publish (or spill), note,
 * answer. Whatever ends the function on the way, the sender has no 2xx yet and tells again.
 */
function acceptWebhook(
  event: IngestEvent,
  dependencies: IngestDependencies,
): Promise<APIGatewayProxyStructuredResultV2> {
  const requestId = requestIdOf(event);
  const traceparent = traceparentOf(event.headers, dependencies.beginsTraces ?? false);
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
  const { events, drift } = normalizeWebhook(event.rawBody, { receivedAt, ...origin });
  requireCovered(event.matches, events);
  requireRecent(events, replayWindowHours, now());
  reportDrift(drift);
  const prepared = await Promise.all(events.map((envelope) => prepare(envelope, dependencies)));
  await publishOrSpill(
    prepared.flatMap(({ fitting }) => fitting ?? []),
    dependencies,
  );
  for (const { envelope, fitting } of prepared) if (fitting) dependencies.noise?.noteTold(envelope);
  await noteAll(prepared, dependencies);
  report(prepared, event);
  log.debug('answered', {
    size: event.rawBody.length,
    events: events.length,
    tookMs: now() - receivedAt.getTime(),
  });
  return acceptedResponse(
    prepared.map(({ envelope, verdict, fitting }) => ({
      id: envelope.meta.id,
      type: (fitting ?? envelope).meta.type,
      duplicate: verdict.kind === 'duplicate' || verdict.kind === 'twin' || undefined,
      leftOut: verdict.kind === 'noise' ? verdict.by : undefined,
    })),
  );
}

/** An event, what was found out of it, and what is published of it. */
interface Prepared extends Pick<LookedUp, 'entry'> {
  readonly envelope: Envelope;
  /** `noise`: this stage leaves it out, and does not look it up either. */
  readonly verdict: LookedUp['verdict'] | { readonly kind: 'noise'; readonly by: Measure['kind'] };
  /** @default - nothing is published of it */
  readonly fitting?: FittingEnvelope;
}

/** Checks an event against the filter rules and the ledger, and makes what goes on of it fit on the bus. */
async function prepare(
  envelope: Envelope,
  { noise, putClaimCheck, ...deduplication }: IngestDependencies,
): Promise<Prepared> {
  const by = noise?.leavesOut(envelope);
  if (by) return { envelope, verdict: { kind: 'noise', by } };
  const { verdict, entry } = await lookUp(envelope, deduplication);
  if (verdict.kind === 'duplicate') return { envelope, verdict, entry };
  const marked = { ...envelope, meta: { ...envelope.meta, ...marksOf(verdict) } } as Envelope;
  try {
    return { envelope, verdict, entry, fitting: await fitOnBus(marked, putClaimCheck) };
  } catch (error) {
    throw new RefusedError('unavailable', error);
  }
}

function report(events: readonly Prepared[], { matches, requestContext }: IngestEvent): void {
  const provedBy = matches.map(({ sender, secretId }) => `${sender}/${secretId}`);
  for (const { envelope, verdict } of events) {
    const { id, type, session, chat } = envelope.meta;
    if (verdict.kind === 'noise') {
      // No line besides the count: noise is left out for what it costs.
      count(ingestMetrics.leftOut, 1, {}, { Type: type, Measure: verdict.by });
      continue;
    }
    // One line for an event that is accepted: what it counts, and all that is said of it. The type is no
    // dimension: each would be a metric of its own, $0.30 a month.
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
        verdict: verdict.kind,
        provedBy,
        // The access log knows the request by this one.
        httpRequestId: requestContext?.requestId,
      },
    );
    if (type === 'unrecognized') count(ingestMetrics.unrecognized);
    if (verdict.kind !== 'new' && verdict.kind !== 'unchecked') {
      count(ingestMetrics.toldAgain, 1, { Verdict: verdict.kind }, { ...correlation(), id });
    }
  }
}

/**
 * The trace that a webhook belongs to: the one that its sender, or a proxy on the way, has begun; where
 * there is none and the stage wants traces, a new one. Not signed, so good for looking things up only.
 */
export function traceparentOf(
  headers: IngestEvent['headers'] | undefined,
  beginsTraces: boolean,
): string | undefined {
  const given = headers?.traceparent;
  if (traceIdOf(given)) return given;
  if (!beginsTraces) return undefined;
  // 01: recorded. Whoever traces decides for itself what it keeps.
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}
