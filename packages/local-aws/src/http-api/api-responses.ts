/** The response to the client. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: ReadonlyMap<string, string>;
  /** Each becomes a `set-cookie` header. */
  readonly cookies: readonly string[];
  readonly body: Buffer;
  /** The gateway's message, when the gateway itself responds. */
  readonly error?: string;
}

const jsonHeaders: ReadonlyMap<string, string> = new Map([['content-type', 'application/json']]);

/** A response of the gateway itself: `{"message":"Not Found"}`. */
export function gatewayAnswer(statusCode: number, message: string): Answer {
  const body = Buffer.from(JSON.stringify({ message }));
  return { statusCode, headers: jsonHeaders, cookies: [], body, error: message };
}

export const notFound = gatewayAnswer(404, 'Not Found');
export const tooLarge = gatewayAnswer(413, 'Request Entity Too Large');
export const tooManyRequests = gatewayAnswer(429, 'Too Many Requests');
/** API Gateway documents the limit on headers (10,240 bytes) but not this response. */
export const headersTooLarge = gatewayAnswer(431, 'Request Header Fields Too Large');
export const internalServerError = gatewayAnswer(500, 'Internal Server Error');
export const serviceUnavailable = gatewayAnswer(503, 'Service Unavailable');

/** The kinds of ingress in front of functions; each has its own error responses. */
export type IngressKind = 'http-api' | 'rest-api' | 'function-url';

/** The error responses of an ingress. */
export interface ApiResponses {
  readonly noRoute: Answer;
  readonly throttled: Answer;
  /** The function failed, or returned an invalid response. */
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

/** A response with the headers that the template adds to responses of its type. */
export function withHeaders(answer: Answer, added: readonly (readonly [string, string])[]): Answer {
  if (added.length === 0) {
    return answer;
  }
  return { ...answer, headers: new Map([...answer.headers, ...added]) };
}
