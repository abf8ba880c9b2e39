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

const JSON_HEADERS: ReadonlyMap<string, string> = new Map([['content-type', 'application/json']]);

/** An answer of the gateway's own: `{"message":"Not Found"}`. */
export function gatewayAnswer(statusCode: number, message: string): Answer {
  const body = Buffer.from(JSON.stringify({ message }));
  return { statusCode, headers: JSON_HEADERS, cookies: [], body, error: message };
}

export const NOT_FOUND = gatewayAnswer(404, 'Not Found');
export const TOO_LARGE = gatewayAnswer(413, 'Request Entity Too Large');
export const TOO_MANY_REQUESTS = gatewayAnswer(429, 'Too Many Requests');
/** API Gateway documents the limit on headers (10,240 bytes) but not this answer. */
export const HEADERS_TOO_LARGE = gatewayAnswer(431, 'Request Header Fields Too Large');
export const INTERNAL_SERVER_ERROR = gatewayAnswer(500, 'Internal Server Error');
export const SERVICE_UNAVAILABLE = gatewayAnswer(503, 'Service Unavailable');
