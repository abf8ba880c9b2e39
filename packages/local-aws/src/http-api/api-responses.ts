/** What goes back to the client. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: ReadonlyMap<string, string>;
  /** Each becomes a `set-cookie` header. */
  readonly cookies: readonly string[];
  readonly body: Buffer;
  /** The gateway's own message, when the answer is its own. */
  readonly error?: string;
}

const jsonHeaders: ReadonlyMap<string, string> = new Map([['content-type', 'application/json']]);

/** An answer of the gateway's own: `{"message":"Not Found"}`. */
export function gatewayAnswer(statusCode: number, message: string): Answer {
  const body = Buffer.from(JSON.stringify({ message }));
  return { statusCode, headers: jsonHeaders, cookies: [], body, error: message };
}

export const notFound = gatewayAnswer(404, 'Not Found');
export const tooLarge = gatewayAnswer(413, 'Request Entity Too Large');
export const tooManyRequests = gatewayAnswer(429, 'Too Many Requests');
/** API Gateway documents the limit on headers (10,240 bytes) but not this answer. */
export const headersTooLarge = gatewayAnswer(431, 'Request Header Fields Too Large');
export const internalServerError = gatewayAnswer(500, 'Internal Server Error');
export const serviceUnavailable = gatewayAnswer(503, 'Service Unavailable');

/** What stands before functions: each says the same things in its own way. */
export type IngressKind = 'http-api' | 'rest-api' | 'function-url';

/** What a door says itself. */
export interface ApiResponses {
  readonly noRoute: Answer;
  readonly throttled: Answer;
  /** The function failed, or answered what is no response. */
  readonly functionFailed: Answer;
  /** Lambda refused because too many executions run. */
  readonly functionThrottled: Answer;
  readonly timedOut: Answer;
}

/**
 * REST APIs: API Gateway Developer Guide, "Gateway response types" (their messages and statuses), and
 * 500 where Lambda throttles, which the guide does not say. Function URLs: Lambda Developer Guide,
 * "Monitoring Lambda function URLs" (429 where the concurrency is used up).
 */
export const apiResponses: Readonly<Record<IngressKind, ApiResponses>> = {
  'http-api': {
    noRoute: notFound,
    throttled: tooManyRequests,
    functionFailed: internalServerError,
    functionThrottled: serviceUnavailable,
    timedOut: serviceUnavailable,
  },
  'rest-api': {
    noRoute: gatewayAnswer(403, 'Missing Authentication Token'),
    throttled: tooManyRequests,
    functionFailed: gatewayAnswer(502, 'Internal server error'),
    functionThrottled: gatewayAnswer(500, 'Internal server error'),
    timedOut: gatewayAnswer(504, 'Endpoint request timed out'),
  },
  'function-url': {
    noRoute: notFound,
    throttled: tooManyRequests,
    functionFailed: internalServerError,
    functionThrottled: tooManyRequests,
    timedOut: serviceUnavailable,
  },
};

/** An answer with the headers that the template adds to answers of its type. */
export function withHeaders(answer: Answer, added: readonly (readonly [string, string])[]): Answer {
  if (added.length === 0) {
    return answer;
  }
  return { ...answer, headers: new Map([...answer.headers, ...added]) };
}
