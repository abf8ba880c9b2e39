import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { CorsSettings, IngressKind } from './http-api-plan.ts';

/** The response to the client. */
export interface ApiResponse {
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
function gatewayResponse(statusCode: number, message: string): ApiResponse {
  const body = Buffer.from(JSON.stringify({ message }));
  return { statusCode, headers: jsonHeaders, cookies: [], body, error: message };
}

export const notFound = gatewayResponse(404, 'Not Found');
export const tooLarge = gatewayResponse(413, 'Request Entity Too Large');
const tooManyRequests = gatewayResponse(429, 'Too Many Requests');
/** API Gateway documents the limit on headers (10,240 bytes) but not this response. */
export const headersTooLarge = gatewayResponse(431, 'Request Header Fields Too Large');
export const internalServerError = gatewayResponse(500, 'Internal Server Error');
const serviceUnavailable = gatewayResponse(503, 'Service Unavailable');

/** The error responses of an ingress. */
export interface ErrorResponses {
  readonly noRoute: ApiResponse;
  readonly throttled: ApiResponse;
  /** The function failed, or returned an invalid response. */
  readonly functionFailed: ApiResponse;
  /** Lambda refused because too many executions run. */
  readonly functionThrottled: ApiResponse;
  readonly timedOut: ApiResponse;
}

/**
 * REST APIs: API Gateway Developer Guide, "Gateway response types" (their messages and statuses), and
 * 500 where Lambda throttles, which the guide does not document. Function URLs: Lambda Developer Guide,
 * "Monitoring Lambda function URLs" (429 where the concurrency is used up).
 */
const errorResponses: Readonly<Record<IngressKind, ErrorResponses>> = {
  'http-api': {
    noRoute: notFound,
    throttled: tooManyRequests,
    functionFailed: internalServerError,
    functionThrottled: serviceUnavailable,
    timedOut: serviceUnavailable,
  },
  'rest-api': {
    noRoute: gatewayResponse(403, 'Missing Authentication Token'),
    throttled: tooManyRequests,
    functionFailed: gatewayResponse(502, 'Internal server error'),
    functionThrottled: gatewayResponse(500, 'Internal server error'),
    timedOut: gatewayResponse(504, 'Endpoint request timed out'),
  },
  'function-url': {
    noRoute: notFound,
    throttled: tooManyRequests,
    functionFailed: internalServerError,
    functionThrottled: tooManyRequests,
    timedOut: serviceUnavailable,
  },
};

/**
 * The error responses of an ingress.
 *
 * @param added headers that the template adds, by the type of response (`THROTTLED`, `DEFAULT_5XX`)
 */
export function errorResponsesOf(
  kind: IngressKind = 'http-api',
  added: ReadonlyMap<string, readonly (readonly [string, string])[]> = new Map(),
): ErrorResponses {
  const { noRoute, throttled, functionFailed, functionThrottled, timedOut } = errorResponses[kind];
  const withHeaders = (response: ApiResponse, type: string): ApiResponse => ({
    ...response,
    headers: new Map([...response.headers, ...(added.get(type) ?? [])]),
  });
  return {
    noRoute,
    throttled: withHeaders(throttled, 'THROTTLED'),
    functionFailed: withHeaders(functionFailed, 'DEFAULT_5XX'),
    functionThrottled: withHeaders(functionThrottled, 'DEFAULT_5XX'),
    timedOut: withHeaders(timedOut, 'DEFAULT_5XX'),
  };
}

/** A refused body is read and discarded for this time and this number of bytes. */
const drainMs = 2_000;
const drainBytes = 64 * 1024 * 1024;

/**
 * Sends a response with API Gateway's request id. Resolves when it has been passed to the operating
 * system, or the client has gone.
 */
export async function sendResponse(
  response: ServerResponse,
  answer: ApiResponse,
  requestId: string,
): Promise<void> {
  const { statusCode, headers, cookies, body } = answer;
  // A client that has already gone emits no further 'close', so waiting for it would never end.
  if (response.destroyed) {
    return;
  }
  const lines: string[] = [];
  for (const [name, value] of headers) {
    lines.push(name, value);
  }
  for (const cookie of cookies) {
    lines.push('set-cookie', cookie);
  }
  if (hasBody(statusCode)) {
    lines.push('content-length', String(body.length));
  }
  lines.push('apigw-requestid', requestId);
  response.writeHead(statusCode, lines);
  const { promise: sent, resolve } = Promise.withResolvers<void>();
  response.once('finish', resolve).once('close', resolve);
  response.end(hasBody(statusCode) ? body : undefined);
  if (!response.req.complete) {
    drain(response);
  }
  await sent;
}

/** RFC 9110, sections 15.3.5 and 15.4.5. */
function hasBody(statusCode: number): boolean {
  return statusCode !== 204 && statusCode !== 304;
}

/**
 * A client that is still sending reads the response only if its connection is not reset. So its
 * data is read and discarded for a while before the connection is closed.
 */
function drain({ req }: ServerResponse): void {
  const { socket } = req;
  const timer = setTimeout(() => socket.destroy(), drainMs).unref();
  let dropped = 0;
  req.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > drainBytes) {
      socket.destroy();
    }
  });
  req.once('end', () => clearTimeout(timer));
  req.once('close', () => clearTimeout(timer));
  req.resume();
}

/** Data that is not HTTP gets a minimal response, and its connection is closed. */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = malformed.get(error.code ?? '') ?? ['400 Bad Request', 'Bad Request'];
  const body = JSON.stringify({ message });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
}

const malformed: ReadonlyMap<string, readonly [string, string]> = new Map([
  [
    'HPE_HEADER_OVERFLOW',
    ['431 Request Header Fields Too Large', 'Request Header Fields Too Large'],
  ],
  ['ERR_HTTP_REQUEST_TIMEOUT', ['408 Request Timeout', 'Request Timeout']],
]);

/** Whether a request is a CORS preflight request, which the gateway answers itself. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'OPTIONS' && Boolean(headers.origin && headers['access-control-request-method'])
  );
}

/** The response to a preflight request: 204, with CORS headers if the origin is allowed. */
export function answerPreflight(origin: string, cors: CorsSettings): ApiResponse {
  const headers = new Map(originHeaders(origin, cors));
  if (headers.size > 0) {
    const { allowMethods, allowHeaders, maxAge } = cors;
    if (allowMethods?.length) {
      headers.set('access-control-allow-methods', allowMethods.join(','));
    }
    if (allowHeaders?.length) {
      headers.set('access-control-allow-headers', allowHeaders.join(','));
    }
    if (maxAge !== undefined) {
      headers.set('access-control-max-age', String(maxAge));
    }
  }
  return { statusCode: 204, headers, cookies: [], body: Buffer.alloc(0) };
}

/** A function's response with the API's CORS headers in place of the function's own. */
export function applyCors(
  answer: ApiResponse,
  origin: string | undefined,
  cors: CorsSettings,
): ApiResponse {
  const own = [...answer.headers].filter(([name]) => !name.startsWith('access-control-'));
  const granted = origin === undefined ? [] : originHeaders(origin, cors);
  const exposed = cors.exposeHeaders?.length && granted.length > 0 ? cors.exposeHeaders : [];
  const headers = new Map([...own, ...granted]);
  if (exposed.length > 0) {
    headers.set('access-control-expose-headers', exposed.join(','));
  }
  return { ...answer, headers };
}

function originHeaders(origin: string, cors: CorsSettings): [string, string][] {
  const allowed = cors.allowOrigins ?? [];
  const any = allowed.includes('*');
  if (!any && !allowed.some((pattern) => matchesOrigin(pattern, origin))) {
    return [];
  }
  const headers: [string, string][] = [['access-control-allow-origin', any ? '*' : origin]];
  if (!any) {
    headers.push(['vary', 'Origin']);
  }
  if (cors.allowCredentials) {
    headers.push(['access-control-allow-credentials', 'true']);
  }
  return headers;
}

/** `https://*` allows each origin of that scheme; anything else is the origin itself. */
function matchesOrigin(pattern: string, origin: string): boolean {
  return pattern.endsWith('://*') ? origin.startsWith(pattern.slice(0, -1)) : pattern === origin;
}
