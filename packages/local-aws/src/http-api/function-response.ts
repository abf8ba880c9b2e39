import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isObject } from '../aws-service.ts';
import { type Answer, internalServerError } from './api-responses.ts';

/** Headers that belong to the connection, which the gateway sets itself. */
const gatewayHeaders = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Reads what a function returned, payload format 2.0: an object with `statusCode` is the complete
 * response, anything else is the JSON body of a 200
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 * A response that is malformed gives 500, as there.
 */
export function readFunctionResponse(payload: string): Answer {
  const response = parseResponse(payload);
  if (!response) {
    const headers = new Map([['content-type', 'application/json']]);
    return { statusCode: 200, headers, cookies: [], body: Buffer.from(payload) };
  }
  const statusCode = readStatusCode(response.statusCode);
  const headers = readHeaders(response.headers ?? {});
  const cookies = response.cookies ?? [];
  const body = response.body ?? '';
  if (
    statusCode === undefined ||
    !headers ||
    !Array.isArray(cookies) ||
    !cookies.every((cookie) => isHeader('set-cookie', cookie)) ||
    typeof body !== 'string'
  ) {
    return internalServerError;
  }
  if (!headers.has('content-type')) {
    headers.set('content-type', 'text/plain; charset=utf-8');
  }
  const encoding = response.isBase64Encoded === true ? 'base64' : 'utf8';
  return { statusCode, headers, cookies, body: Buffer.from(body, encoding) };
}

function parseResponse(payload: string): Record<string, unknown> | undefined {
  // A cheap check first, so that a response with a body of megabytes is not parsed in vain.
  if (!payload.includes('"statusCode"')) {
    return undefined;
  }
  try {
    const value = JSON.parse(payload);
    return isObject(value) && Object.hasOwn(value, 'statusCode') ? value : undefined;
  } catch {
    return undefined;
  }
}

function readStatusCode(value: unknown): number | undefined {
  const code = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return Number.isInteger(code) && Number(code) >= 200 && Number(code) <= 599
    ? Number(code)
    : undefined;
}

function readHeaders(value: unknown): Map<string, string> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return undefined;
  }
  const headers = new Map<string, string>();
  for (const [name, given] of Object.entries(value)) {
    const text = typeof given === 'number' || typeof given === 'boolean' ? String(given) : given;
    if (!isHeader(name, text)) {
      return undefined;
    }
    if (!gatewayHeaders.has(name.toLowerCase())) {
      headers.set(name.toLowerCase(), text);
    }
  }
  return headers;
}

function isHeader(name: string, value: unknown): value is string {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value as string);
    return typeof value === 'string';
  } catch {
    return false;
  }
}
