import type { IncomingMessage } from 'node:http';
import type { CorsSettings } from './http-api-plan.ts';
import type { ApiResponse } from './responses.ts';

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
