import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { printJson, readEvent, readJsonPath, valueAt } from '@event-fanout/event-pattern';
import { DeliveryError } from '../delivery/delivery.ts';
import type {
  ApiDestination,
  Connection,
  HttpParameters,
  Parameter,
  Target,
} from '../resources.ts';

/** User Guide, "Headers included in requests to API destinations"; these cannot be replaced. */
const ownHeaders = {
  'User-Agent': 'Amazon/EventBridge/ApiDestinations',
  Range: 'bytes=0-1048575',
  'Accept-Encoding': 'gzip,deflate',
  Connection: 'close',
};

interface RequestParts {
  readonly destination: ApiDestination;
  readonly invocation: HttpParameters;
  readonly target: Target;
  /** The event's JSON, for parameters that are JSON paths. */
  readonly eventText: string;
  /** The input that the target receives. */
  readonly input: string;
  /** Headers that authorize the request. */
  readonly authorization: { readonly [name: string]: string };
}

/**
 * The request for one event. "In case of any conflicting keys, values from the Connection take
 * precedence" over the target's (API reference, HttpParameters).
 */
export function buildRequest(parts: RequestParts): HttpRequest {
  const { destination, invocation, target, authorization } = parts;
  const dynamic = valueReader(parts.eventText);
  const http = target.HttpParameters ?? {};
  const url = new URL(
    fillPath(destination.endpoint, (http.PathParameterValues ?? []).map(dynamic)),
  );
  for (const [name, value] of Object.entries(http.QueryStringParameters ?? {})) {
    url.searchParams.set(name, dynamic(value));
  }
  for (const { key, value } of invocation.query) {
    url.searchParams.set(key, value);
  }
  const headers = new Map<string, readonly [string, string]>();
  const put = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value]);
  put('Content-Type', 'application/json; charset=utf-8');
  for (const [name, value] of Object.entries(http.HeaderParameters ?? {})) {
    put(name, headerText(dynamic(value)));
  }
  for (const { key, value } of invocation.headers) {
    put(key, value);
  }
  for (const [name, value] of Object.entries({ ...authorization, ...ownHeaders })) {
    put(name, value);
  }
  return {
    method: destination.method,
    url,
    headers: Object.fromEntries(headers.values()),
    body: addToBody(parts.input, invocation.body),
  };
}

/** Returns a reader: a JSON path becomes its value in the event, empty if there is none. */
function valueReader(eventText: string): (text: string) => string {
  let event: unknown;
  return (text) => {
    const path = text.startsWith('$.') ? readJsonPath(text) : undefined;
    if (!path) {
      return text;
    }
    event ??= readEvent(eventText, true);
    const value = valueAt(path, event);
    if (value === undefined) {
      return '';
    }
    return typeof value === 'string' ? value : printJson(value);
  };
}

/** Replaces each asterisk of the path by the next path parameter's value. */
function fillPath(endpoint: string, values: readonly string[]): string {
  let used = 0;
  return endpoint.replace(/\*/g, () => {
    const value = values[used];
    used += 1;
    return value === undefined ? '*' : encodeURIComponent(value.toWellFormed());
  });
}

/** Replaces characters that a header cannot contain. */
const headerText = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');

/** Adds a connection's body parameters to a JSON object. Any other body stays unchanged. */
function addToBody(input: string, parameters: readonly Parameter[]): string {
  if (parameters.length === 0) {
    return input;
  }
  try {
    const body = readEvent(input, true);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      return input;
    }
    const added = Object.fromEntries(parameters.map(({ key, value }) => [key, value]));
    return printJson({ ...body, ...added });
  } catch {
    return input;
  }
}

/** The header that authorizes a request. */
export function authorizationOf({ authorization }: Connection): {
  readonly [name: string]: string;
} {
  if (authorization.type === 'API_KEY') {
    return { [authorization.name]: authorization.value };
  }
  const { username, password } = authorization;
  return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** One HTTP request of an API destination. */
interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  /** Not sent with GET and HEAD. */
  readonly body: string;
}

/** The parts of the response that decide about a retry. */
export interface HttpResponse {
  readonly status: number;
  /** The header `Retry-After`. */
  readonly retryAfter: string | undefined;
}

/** "Must have a maximum client execution timeout of 5 seconds" (User Guide, API destinations). */
const requestTimeoutMs = 5000;
/** The bytes that EventBridge requests with its header `Range`; no more is read. */
const maxResponseBytes = 1_048_576;

/**
 * Sends a request and waits for the end of the response. Does not follow redirects. Rejects with
 * {@link DeliveryError} when there is no response. The timeout is in real time, whatever the clock of
 * the local run does, because the server runs in real time.
 */
export function sendRequest(
  request: HttpRequest,
  timeoutMs = requestTimeoutMs,
): Promise<HttpResponse> {
  const { method, url, headers, body } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const fail = () => reject(signal.aborted ? timedOut() : unreachable());
    const sent = send(url, {
      method,
      headers: {
        ...headers,
        ...(hasBody && { 'Content-Length': String(Buffer.byteLength(body)) }),
      },
      // A new connection for each request, closed afterwards, as EventBridge does.
      agent: false,
      signal,
    });
    sent.on('error', fail);
    sent.on('response', (response) => {
      let size = 0;
      const finish = () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
        });
      response.on('error', fail);
      response.on('end', finish);
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxResponseBytes) {
          finish();
          response.destroy();
        }
      });
    });
    sent.end(hasBody ? body : undefined);
  });
}

const timedOut = () =>
  new DeliveryError('TIMEOUT', 'The API destination did not answer in time.', 'with-backoff');

const unreachable = () =>
  new DeliveryError(
    'CONNECTION_FAILURE',
    'The API destination could not be reached.',
    'with-backoff',
  );
