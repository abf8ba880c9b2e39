import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { DeliveryError } from '../delivery/delivery-error.ts';

/** One HTTP request of an API destination. */
export interface HttpRequest {
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
