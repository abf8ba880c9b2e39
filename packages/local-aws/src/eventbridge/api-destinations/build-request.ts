import { printJson, readEvent, readJsonPath, valueAt } from '@event-fanout/event-pattern';
import type { Target } from '../resources/resources.ts';
import type { ApiDestination, Connection, HttpParameters, Parameter } from './connection.ts';
import type { HttpRequest } from './send-request.ts';

/** User Guide, "Headers included in requests to API destinations"; these cannot be replaced. */
const ownHeaders = {
  'User-Agent': 'Amazon/EventBridge/ApiDestinations',
  Range: 'bytes=0-1048575',
  'Accept-Encoding': 'gzip,deflate',
  Connection: 'close',
};

export interface RequestParts {
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

/** Values that are JSON paths are taken from the original event; a value that is not there is empty. */
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

/** Each asterisk of the path is the next path parameter's value. */
function fillPath(endpoint: string, values: readonly string[]): string {
  let used = 0;
  return endpoint.replace(/\*/g, () => {
    const value = values[used];
    used += 1;
    return value === undefined ? '*' : encodeURIComponent(value.toWellFormed());
  });
}

/** An event's text can have any character; a header cannot. */
const headerText = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');

/** A connection's body parameters become members of a JSON object; nothing else can take them. */
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
