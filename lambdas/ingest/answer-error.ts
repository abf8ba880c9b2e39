import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ingestMetrics } from '../../events/names.ts';
import { count } from '../runtime/count.ts';
import { errorName, log } from '../runtime/log.ts';
import { answerRefusal, RefusedError, statusOf } from './answer.ts';
import type { IngestEvent } from './create-handler.ts';
import { requestIdOf } from './request-id.ts';

/** Turns whatever was thrown into an answer that says no more than its code, and a line that says why. */
export function answerError(error: unknown, event: IngestEvent): APIGatewayProxyStructuredResultV2 {
  const refusal = error instanceof RefusedError ? error.refusal : 'internal';
  count(ingestMetrics.refused, 1, { Refusal: refusal });
  const say = statusOf[refusal] < 500 ? log.warn : log.error;
  say('refused', {
    refusal,
    // A sender's own id counts from where the sender is known.
    ...(event.matches ? { requestId: requestIdOf(event) } : {}),
    httpRequestId: event.requestContext?.requestId,
    sourceIp: event.requestContext?.http?.sourceIp,
    cause: error instanceof RefusedError ? causeOf(error) : errorName(error),
  });
  return answerRefusal(refusal);
}

const causeOf = ({ cause }: RefusedError) =>
  typeof cause === 'string' || cause === undefined ? cause : errorName(cause);
