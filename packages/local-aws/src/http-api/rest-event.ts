import type { IncomingMessage } from 'node:http';
import type { HttpApiSettings } from './http-api-plan.ts';
import { formatCommonLogTime } from './request-event.ts';
import type { RequestFacts } from './request-facts.ts';
import { decodePath, type RouteMatch } from './route-table.ts';

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
