import type { IngestEvent } from './create-handler.ts';

/**
 * The id under which one webhook is followed from its request to the last consumer: the sender's
 * own, which is the same on each of its retries, or API Gateway's. Not signed: good for looking
 * things up, never for a decision.
 */
export function requestIdOf({ headers, requestContext }: IngestEvent): string {
  const given = headers?.['x-webhook-request-id'];
  return given !== undefined && /^[\w.:-]{1,100}$/.test(given)
    ? given
    : (requestContext?.requestId ?? 'unknown');
}
