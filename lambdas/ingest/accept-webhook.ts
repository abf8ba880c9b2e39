import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Envelope } from '../../events/envelope.ts';
import { ingestMetrics } from '../../events/names.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import type { WebhookContext } from '../../events/webhook-context.ts';
import { correlate, correlation } from '../runtime/correlation.ts';
import { count } from '../runtime/count.ts';
import { hashChat } from '../runtime/hash-chat.ts';
import { errorName, log } from '../runtime/log.ts';
import { publish } from '../runtime/publish.ts';
import { answerAccepted, RefusedError } from './answer.ts';
import type { IngestDependencies, IngestEvent } from './create-handler.ts';
import { type FittingEnvelope, fitOnBus, toEntry } from './fit-on-bus.ts';
import { isToldBefore, type Judged, judge, marked, noteAll, staysHere } from './judge.ts';
import { reportDrift } from './report-drift.ts';
import { requestIdOf } from './request-id.ts';
import { requireCovered, requireRecent } from './require-covered.ts';
import { traceparentOf } from './trace-context.ts';

/** Milliseconds for which the bus is asked again before what it refuses goes to the spill queue. */
const publishBudgetMs = 4_000;

/**
 * Takes an authentic webhook in. The order is what makes it safe: look up, publish (or spill), note,
 * answer. Whatever ends the function on the way, the sender has no 2xx yet and tells again.
 */
export function acceptWebhook(
  event: IngestEvent,
  dependencies: IngestDependencies,
): Promise<APIGatewayProxyStructuredResultV2> {
  const requestId = requestIdOf(event);
  const traceparent = traceparentOf(event, dependencies.beginsTraces ?? false);
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
  const tellings = await Promise.all(events.map((envelope) => prepare(envelope, dependencies)));
  await publishOrSpill(
    tellings.flatMap(({ fitting }) => fitting ?? []),
    dependencies,
  );
  for (const { envelope, fitting } of tellings) if (fitting) dependencies.noise?.noteTold(envelope);
  await noteAll(tellings, dependencies);
  report(tellings, event);
  log.debug('answered', {
    size: event.rawBody.length,
    events: events.length,
    tookMs: now() - receivedAt.getTime(),
  });
  return answerAccepted(
    tellings.map(({ envelope, verdict, fitting }) => ({
      id: envelope.meta.id,
      type: (fitting ?? envelope).meta.type,
      duplicate: isToldBefore(verdict) || undefined,
      leftOut: verdict.kind === 'noise' ? verdict.by : undefined,
    })),
  );
}

/** An event that is judged, and what is published of it: nothing where it stays here. */
interface Telling extends Judged {
  readonly fitting?: FittingEnvelope | undefined;
}

/** Judges an event, and makes what goes on of it fit on the bus, with what the ledger said of it. */
async function prepare(envelope: Envelope, dependencies: IngestDependencies): Promise<Telling> {
  const judged = await judge(envelope, dependencies);
  if (staysHere(judged.verdict)) return judged;
  try {
    const fitting = await fitOnBus(marked(judged), dependencies.putClaimCheck);
    return { ...judged, fitting };
  } catch (error) {
    throw new RefusedError('unavailable', error);
  }
}

/** Puts everything on the bus, or what it refuses into the spill queue. */
async function publishOrSpill(
  envelopes: readonly FittingEnvelope[],
  { busName, putEvents, spill }: IngestDependencies,
): Promise<void> {
  const entries = envelopes.map((each) => toEntry(each, busName));
  const refused = await publish(entries, putEvents, { budgetMs: publishBudgetMs });
  if (refused.length === 0) return;
  count(ingestMetrics.spilled, refused.length);
  log.error('the bus refused events', {
    events: refused.length,
    code: refused[0]?.code,
  });
  try {
    await spill(refused);
  } catch (error) {
    log.error('the spill queue refused them too', { error: errorName(error) });
    throw new RefusedError('unavailable', error);
  }
}

function report(judged: readonly Judged[], { matches, requestContext }: IngestEvent): void {
  const provedBy = matches.map(({ sender, secretId }) => `${sender}/${secretId}`);
  for (const { envelope, verdict } of judged) {
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
