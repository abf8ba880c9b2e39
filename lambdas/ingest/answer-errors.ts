import { count } from '../runtime/count.ts';
import { errorName, log } from '../runtime/log.ts';
import { answerRefusal, RefusedError, statusOf } from './answer.ts';
import type { IngestRequest } from './create-handler.ts';
import { requestIdOf } from './request-id.ts';

/** Middleware: turns whatever was thrown into an answer that says no more than its code. */
export function answerErrors() {
  return {
    onError: (request: IngestRequest): void => {
      const { error } = request;
      const refusal = error instanceof RefusedError ? error.refusal : 'internal';
      count('Refused', 1, { Refusal: refusal });
      const say = statusOf[refusal] < 500 ? log.warn : log.error;
      say('refused', {
        refusal,
        // A sender's own id counts from where the sender is known.
        ...(request.event.matches ? { requestId: requestIdOf(request.event) } : {}),
        httpRequestId: request.event.requestContext?.requestId,
        sourceIp: request.event.requestContext?.http?.sourceIp,
        cause: error instanceof RefusedError ? causeOf(error) : errorName(error),
      });
      request.response = answerRefusal(refusal);
    },
  };
}

const causeOf = ({ cause }: RefusedError) =>
  typeof cause === 'string' || cause === undefined ? cause : errorName(cause);
