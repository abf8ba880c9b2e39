import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { normalizeWebhook } from '../../events/normalize.ts';
import { count } from '../runtime/count.ts';
import { log } from '../runtime/log.ts';
import { publish } from '../runtime/publish.ts';
import { answerAccepted, RefusedError } from './answer.ts';
import type { IngestDependencies, IngestEvent } from './create-handler.ts';
import { fitOnBus, toEntry } from './fit-on-bus.ts';
import { reportDrift } from './report-drift.ts';
import { requestIdOf } from './request-id.ts';

/** Milliseconds for which the bus is asked again before the webhook is given back to its sender. */
const publishBudgetMs = 4_000;

/** Normalizes an authentic webhook and publishes it; answers 202 only when the bus has it all. */
export async function acceptWebhook(
  event: IngestEvent,
  dependencies: IngestDependencies,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { busName, now = Date.now, putClaimCheck, putEvents } = dependencies;
  const { events, drift } = normalizeWebhook(event.rawBody, {
    receivedAt: new Date(now()),
    requestId: requestIdOf(event),
  });
  reportDrift(drift);
  const sent = await Promise.all(events.map((envelope) => fitOnBus(envelope, putClaimCheck))).catch(
    (error: unknown) => {
      throw new RefusedError('unavailable', error);
    },
  );
  const entries = sent.map((each) => toEntry(each, busName));
  const refused = await publish(entries, putEvents, { budgetMs: publishBudgetMs });
  if (refused.length > 0) {
    count('PublishFailed', refused.length);
    throw new RefusedError('unavailable', refused[0]?.code);
  }
  for (const { id, type, session, requestId } of sent.map(({ meta }) => meta)) {
    count('Accepted', 1, { Type: type });
    log.info('accepted', { id, type, session, requestId });
  }
  return answerAccepted(sent.map(({ meta }) => ({ id: meta.id, type: meta.type })));
}
