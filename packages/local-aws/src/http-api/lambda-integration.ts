import { validateHeaderName, validateHeaderValue } from 'node:http';
import { AwsError, isObject } from '../aws-service.ts';
import {
  type ApiResponse,
  type ErrorResponses,
  internalServerError,
  tooLarge,
} from './responses.ts';

/** How the gateway calls functions. */
export interface FunctionPort {
  /** Rejects with an {@link AwsError} when Lambda refuses. */
  invoke(
    functionArn: string,
    event: string,
    options: { readonly traceId: string },
  ): Promise<{
    readonly payload: string;
    readonly functionError?: string;
    readonly requestId?: string;
  }>;
}

/** The result of a call, for the client and for the access log. */
export interface IntegrationResult {
  readonly answer: ApiResponse;
  readonly integration: {
    readonly latencyMs: number;
    /** Lambda's response; undefined after a timeout. */
    readonly status?: number;
    /** The response of the function's code. */
    readonly functionStatus?: number;
    readonly requestId?: string;
    readonly error?: string;
  };
}

interface Call {
  readonly functionArn: string;
  readonly event: string;
  readonly traceId: string;
  readonly timeoutMs: number;
  /** Reads what the function returned; returns {@link internalServerError} for an invalid response. */
  readonly readResponse: (payload: string) => ApiResponse;
  /** The error responses of the ingress. */
  readonly errors: ErrorResponses;
}

/** Calls a function for a request and returns the response for the client. Never rejects. */
export async function callFunction(port: FunctionPort, call: Call): Promise<IntegrationResult> {
  const startedAt = performance.now();
  const { promise: timeout, resolve } = Promise.withResolvers<'timeout'>();
  const timer = setTimeout(() => resolve('timeout'), call.timeoutMs);
  const invoked = invokeSafely(port, call);
  const outcome = await Promise.race([invoked, timeout]);
  clearTimeout(timer);
  const { answer, ...integration } =
    outcome === 'timeout'
      ? { answer: call.errors.timedOut, error: 'Endpoint request timed out' }
      : outcome;
  const latencyMs = Math.round(performance.now() - startedAt);
  return { answer, integration: { ...integration, latencyMs } };
}

type Outcome = { readonly answer: ApiResponse } & Omit<
  IntegrationResult['integration'],
  'latencyMs'
>;

async function invokeSafely(port: FunctionPort, call: Call): Promise<Outcome> {
  try {
    const { traceId, errors } = call;
    const result = await port.invoke(call.functionArn, call.event, { traceId });
    const { payload, functionError, requestId } = result;
    const answer = functionError ? internalServerError : call.readResponse(payload);
    if (answer !== internalServerError) {
      return { answer, status: 200, functionStatus: answer.statusCode, requestId };
    }
    const error = functionError
      ? 'The Lambda function returned an error.'
      : "The response from the Lambda function doesn't match the format that API Gateway expects.";
    return { answer: errors.functionFailed, status: 200, requestId, error };
  } catch (error) {
    const status = error instanceof AwsError ? error.statusCode : 500;
    return { answer: answerRefusal(status, call.errors), status, error: refusal };
  }
}

const refusal = 'Lambda refused the invocation.';

/** The gateway's response when Lambda refuses: event too large, throttled, any other error. */
function answerRefusal(status: number, errors: ErrorResponses): ApiResponse {
  if (status === 413) {
    return tooLarge;
  }
  return status === 429 ? errors.functionThrottled : errors.functionFailed;
}

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
export function readFunctionResponse(payload: string): ApiResponse {
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

/** The members of a response in payload format 1.0. */
const restMembers = new Set([
  'statusCode',
  'headers',
  'multiValueHeaders',
  'body',
  'isBase64Encoded',
]);

/**
 * Reads what a function returned to a REST API, payload format 1.0: an object with these members and no others
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format).
 * `multiValueHeaders` replaces values of the same name in `headers`. The body is sent as it is even if it is
 * Base64, because the API has no binary media types here.
 */
export function readRestResponse(payload: string): ApiResponse {
  const response = parseJson(payload);
  if (!isObject(response) || !Object.keys(response).every((name) => restMembers.has(name))) {
    return internalServerError;
  }
  const statusCode = readStatusCode(response.statusCode ?? 200);
  const headers = readHeaders(response.headers ?? {});
  const lists = response.multiValueHeaders ?? {};
  const body = response.body ?? '';
  if (statusCode === undefined || !headers || !isObject(lists) || typeof body !== 'string') {
    return internalServerError;
  }
  const cookies: string[] = [];
  for (const [name, values] of Object.entries(lists)) {
    if (!Array.isArray(values) || !values.every((value) => isHeader(name, value))) {
      return internalServerError;
    }
    if (name.toLowerCase() === 'set-cookie') {
      headers.delete('set-cookie');
      cookies.push(...values);
    } else if (!gatewayHeaders.has(name.toLowerCase())) {
      headers.set(name.toLowerCase(), values.join(', '));
    }
  }
  if (!headers.has('content-type')) {
    headers.set('content-type', 'application/json');
  }
  return { statusCode, headers, cookies, body: Buffer.from(body) };
}

function parseResponse(payload: string): Record<string, unknown> | undefined {
  // This check is cheap and avoids parsing a result of megabytes that has no status code.
  if (!payload.includes('"statusCode"')) {
    return undefined;
  }
  const value = parseJson(payload);
  return isObject(value) && Object.hasOwn(value, 'statusCode') ? value : undefined;
}

/** Undefined for text that is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
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
