import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Refusal } from '../../events/names.ts';

/** Every reason for which ingest refuses a request, with its status. The sender retries after each of them. */
export const statusOf = {
  /** Neither a valid signature nor a valid secret. The response does not contain the reason. */
  unauthorized: 401,
  /** The request comes from a network that the setting `allowedSources` does not name. */
  forbidden: 403,
  /** Not a webhook path. Only a function URL passes such a request on. */
  'not-found': 404,
  /** Another method than POST. */
  'not-a-post': 405,
  /** The body is larger than the setting `maxBodyBytes`. */
  'too-large': 413,
  /** Another request is publishing the same event. The sender's next attempt gets its result. */
  'in-progress': 503,
  /** The webhook could be neither published nor spilled, or a secret could not be read. */
  unavailable: 503,
  /** An unexpected error in ingest. */
  internal: 500,
} as const satisfies Record<Refusal, number>;

/** Thrown in ingest to refuse a request. */
export class RefusedError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, cause?: unknown) {
    super(refusal, { cause });
    this.name = 'RefusedError';
    this.refusal = refusal;
  }
}

/**
 * Seconds after which a sender may try again. WAHA waits the longer of this and its own delay
 * (2 s by default, 15 times), so a larger number would only spread its retries.
 */
const retryAfterSeconds = 5;

/**
 * Seconds after which a sender may retry if another request is publishing the event. That takes milliseconds,
 * unless that request was ended.
 */
const retryInProgressSeconds = 1;

/** The response to a refused request. It contains a code only. */
export function refusalResponse(refusal: Refusal): APIGatewayProxyStructuredResultV2 {
  const statusCode = statusOf[refusal];
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (statusCode >= 500) {
    const seconds = refusal === 'in-progress' ? retryInProgressSeconds : retryAfterSeconds;
    headers['retry-after'] = String(seconds);
  }
  if (statusCode === 405) {
    headers.allow = 'POST';
  }
  return { statusCode, headers, body: JSON.stringify({ error: refusal }) };
}

/** One event in the response. */
export interface Accepted {
  readonly id: string;
  readonly type: string;
  /** Whether it was published before; `id` is then that of the published event. */
  readonly duplicate?: true | undefined;
  /** The action of the filter rule that dropped it. */
  readonly filtered?: string | undefined;
}

/** The response to an accepted request: 200 if all its events are duplicates or filtered, otherwise 202. */
export function acceptedResponse(events: readonly Accepted[]): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: events.every(({ duplicate, filtered }) => duplicate || filtered) ? 200 : 202,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(events.length === 1 ? events[0] : { events }),
  };
}
