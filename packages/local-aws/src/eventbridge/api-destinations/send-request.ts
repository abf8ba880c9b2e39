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

export interface HttpAnswer {
  readonly status: number;
  /** The header `Retry-After`. */
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/** "Must have a maximum client execution timeout of 5 seconds" (User Guide, API destinations). */
const requestTimeoutMs = 5000;
/** The bytes that EventBridge requests with its header `Range`; no more is read. */
const maxAnswerBytes = 1_048_576;

/**
 * Sends a request and reads the answer, following no redirect. Rejects with {@link DeliveryError}
 * when there is none. The time limit is one of real time, whatever the local run's clock does, as
 * the server at the other end knows no other.
 */
export function sendRequest(
  request: HttpRequest,
  timeoutMs = requestTimeoutMs,
): Promise<HttpAnswer> {
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
      // A connection of its own for each request, closed afterwards, as EventBridge does.
      agent: false,
      signal,
    });
    sent.on('error', fail);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const finish = () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          body: Buffer.concat(chunks).toString(),
        });
      response.on('error', fail);
      response.on('end', finish);
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= maxAnswerBytes) {
          chunks.push(chunk);
        } else {
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
