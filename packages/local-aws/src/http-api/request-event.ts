import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HttpApiSettings } from './http-api-plan.ts';
import { decodePath, type RouteMatch } from './http-api-plan.ts';

/**
 * The event that a function gets for a request, payload format 2.0
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 * Two facts that the page does not state: `rawPath` is percent-decoded although it is called raw
 * (aws/aws-lambda-dotnet#1901), and a body without a content type is
 * `text/plain` (the test tool of that repository, which was compared with the service).
 */
export function buildRequestEvent(
  request: IncomingMessage,
  facts: RequestFacts,
  { route, pathParameters }: RouteMatch,
  body: Buffer,
  api: HttpApiSettings,
): string {
  const { headers, cookies } = readHeaders(request, facts, body);
  const isText = isTextContent(headers.get('content-type') ?? defaultType);
  const path = decodePath(facts.path);
  const { stage } = api;
  return JSON.stringify({
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: path,
    rawQueryString: facts.query,
    cookies: cookies.length > 0 ? cookies : undefined,
    headers: Object.fromEntries(headers),
    queryStringParameters: readQuery(facts.query),
    requestContext: {
      accountId: route.functionArn.split(':')[4],
      apiId: api.apiId,
      domainName: facts.domainName,
      domainPrefix: facts.domainName.split('.')[0],
      http: {
        method: facts.method,
        path,
        protocol: facts.protocol,
        sourceIp: facts.sourceIp,
        userAgent: facts.userAgent,
      },
      requestId: facts.requestId,
      routeKey: route.routeKey,
      stage: stage.name,
      time: formatCommonLogTime(facts.time),
      timeEpoch: facts.time,
    },
    pathParameters: pathParameters.size > 0 ? Object.fromEntries(pathParameters) : undefined,
    stageVariables: stage.stageVariables,
    body: body.length > 0 ? body.toString(isText ? 'utf8' : 'base64') : undefined,
    isBase64Encoded: body.length > 0 && !isText,
  });
}

const defaultType = 'text/plain; charset=utf-8';

/** `dd/MMM/yyyy:HH:mm:ss +hhmm`, the time format of the Common Log Format. */
export function formatCommonLogTime(time: number): string {
  const second = Math.floor(time / 1000);
  if (second !== lastSecond) {
    const [, day, month, year, clock] = new Date(time).toUTCString().split(' ');
    lastSecond = second;
    lastText = `${day}/${month}/${year}:${clock} +0000`;
  }
  return lastText;
}

/** Cached for a second, because formatting dates is slow. */
let lastSecond = Number.NaN;
let lastText = '';

/**
 * The content types whose bodies reach the function as text; all others are Base64. A form
 * (`application/x-www-form-urlencoded`) is one of those others.
 */
export function isTextContent(contentType: string): boolean {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return (
    type.startsWith('text/') ||
    type === 'application/json' ||
    type === 'application/javascript' ||
    type === 'application/xml'
  );
}

function readHeaders(
  request: IncomingMessage,
  facts: RequestFacts,
  body: Buffer,
): { readonly headers: Map<string, string>; readonly cookies: string[] } {
  const headers = new Map<string, string>();
  const cookies: string[] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index]?.toLowerCase() ?? '';
    const value = request.rawHeaders[index + 1] ?? '';
    const before = headers.get(name);
    if (name === 'cookie') {
      cookies.push(...value.split(/;\s*/).filter(Boolean));
    } else {
      headers.set(name, before === undefined ? value : `${before},${value}`);
    }
  }
  headers.delete('transfer-encoding');
  headers.delete('connection');
  headers.set('content-length', String(body.length));
  if (body.length > 0 && !headers.has('content-type')) {
    headers.set('content-type', defaultType);
  }
  headers.set('x-amzn-trace-id', facts.traceId);
  const forwarded = headers.get('x-forwarded-for');
  headers.set('x-forwarded-for', forwarded ? `${forwarded}, ${facts.sourceIp}` : facts.sourceIp);
  headers.set('x-forwarded-port', String(request.socket.localPort ?? ''));
  headers.set('x-forwarded-proto', 'http');
  return { headers, cookies };
}

function readQuery(query: string): Record<string, string> | undefined {
  if (!query) {
    return undefined;
  }
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = parameters.get(name);
    parameters.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(parameters);
}

/**
 * The event that a function gets from a REST API, payload format 1.0
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html).
 * The API has no binary media types here, so that every body is text.
 */
export function buildRestEvent(
  request: IncomingMessage,
  facts: RequestFacts,
  { route, pathParameters }: RouteMatch,
  body: Buffer,
  { apiId, stage }: HttpApiSettings,
): string {
  const headers = listHeaders(request, facts);
  const query = [...new URLSearchParams(facts.query)];
  const [httpMethod = '', resource = ''] = route.routeKey.split(' ');
  const path = decodePath(facts.path);
  const ofStage = `/${stage.name}/`;
  return JSON.stringify({
    resource,
    path: path.startsWith(ofStage) ? path.slice(ofStage.length - 1) : path,
    httpMethod: httpMethod === 'ANY' ? facts.method : httpMethod,
    headers: lastOf(headers),
    multiValueHeaders: allOf(headers),
    queryStringParameters: lastOf(query),
    multiValueQueryStringParameters: allOf(query),
    pathParameters: lastOf([...pathParameters]),
    stageVariables: stage.stageVariables ?? null,
    requestContext: {
      accountId: route.functionArn.split(':')[4],
      apiId,
      domainName: facts.domainName,
      domainPrefix: facts.domainName.split('.')[0],
      extendedRequestId: facts.requestId,
      httpMethod: facts.method,
      identity: { sourceIp: facts.sourceIp, userAgent: facts.userAgent },
      path,
      protocol: facts.protocol,
      requestId: facts.requestId,
      requestTime: formatCommonLogTime(facts.time),
      requestTimeEpoch: facts.time,
      resourceId: resource,
      resourcePath: resource,
      stage: stage.name,
    },
    body: body.length > 0 ? body.toString('utf8') : null,
    isBase64Encoded: false,
  });
}

/** Names as the client wrote them. */
function listHeaders(request: IncomingMessage, facts: RequestFacts): [string, string][] {
  const headers: [string, string][] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    headers.push([request.rawHeaders[index] ?? '', request.rawHeaders[index + 1] ?? '']);
  }
  headers.push(['X-Amzn-Trace-Id', facts.traceId]);
  headers.push(['X-Forwarded-For', facts.sourceIp]);
  headers.push(['X-Forwarded-Port', String(request.socket.localPort ?? '')]);
  headers.push(['X-Forwarded-Proto', 'http']);
  return headers;
}

const lastOf = (entries: readonly (readonly [string, string])[]) =>
  entries.length > 0 ? Object.fromEntries(entries) : null;

function allOf(entries: readonly (readonly [string, string])[]): Record<string, string[]> | null {
  const all = new Map<string, string[]>();
  for (const [name, value] of entries) {
    all.set(name, [...(all.get(name) ?? []), value]);
  }
  return all.size > 0 ? Object.fromEntries(all) : null;
}

/** The properties of a request, without its body. */
export interface RequestFacts {
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly domainName: string;
  readonly protocol: string;
  readonly traceId: string;
}

/** `time` is in epoch milliseconds. */
export function readRequestFacts(request: IncomingMessage, time: number): RequestFacts {
  const [path, query] = splitOnce((request.url ?? '/').replace(origin, ''), '?');
  return {
    requestId: newRequestId(),
    time: Math.floor(time),
    method: request.method ?? 'GET',
    path: path || '/',
    query,
    sourceIp: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    userAgent: request.headers['user-agent'] ?? '',
    domainName: request.headers.host?.replace(/:\d+$/, '') ?? '',
    protocol: `HTTP/${request.httpVersion}`,
    traceId: request.headers['x-amzn-trace-id']?.toString() ?? newTraceId(time),
  };
}

/** The request line and the values of the headers, which is what the quota counts. */
export function countHeaderBytes(request: IncomingMessage): number {
  const { method, url, httpVersion, rawHeaders } = request;
  let bytes = `${method} ${url} HTTP/${httpVersion}`.length;
  for (let index = 1; index < rawHeaders.length; index += 2) {
    bytes += rawHeaders[index]?.length ?? 0;
  }
  return bytes;
}

/** 15 characters and an equals sign, as API Gateway's: `JKJaXmPLvHcESHA=`. */
export function newRequestId(): string {
  return `${Buffer.from(randomHex(), 'hex').toString('base64url').slice(0, 15)}=`;
}

function newTraceId(time: number): string {
  const seconds = Math.floor(time / 1000).toString(16);
  return `Root=1-${seconds.padStart(8, '0')}-${randomHex()}`;
}

/**
 * 24 digits, taken from a UUID: Node.js generates UUIDs in batches, whereas each `randomBytes` is a
 * system call.
 */
function randomHex(): string {
  const uuid = randomUUID();
  return uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(24);
}

/** A request line may contain the absolute URL (RFC 9112, section 3.2.2). */
const origin = /^https?:\/\/[^/?]*/i;

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
