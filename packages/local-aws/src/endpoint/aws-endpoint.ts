import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { AwsError } from '../aws-service.ts';
import { isDiskFull, type Store } from '../store.ts';
import { browserRequestOf, hasLoopbackHost, readBody } from './incoming-request.ts';

/** A request to the AWS endpoint, its body read. */
export interface AwsRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** The service that the caller signed for (from the credential scope), for example `sqs`. */
  readonly service: string | undefined;
  /** Aborts when the caller has gone away. */
  readonly signal: AbortSignal;
}

/** A response of the AWS endpoint. */
export interface AwsResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A wire protocol of AWS services. Returns undefined for a request of another protocol. */
export type Protocol = (request: AwsRequest) => Promise<AwsResponse | undefined>;

/**
 * Called for a request before anything else. Returns true when it sends the response itself, false when the
 * request is to be handled as usual.
 */
export type RequestInterceptor = (request: IncomingMessage, response: ServerResponse) => boolean;

/** The maximum size of a request to any AWS API here: an object for S3. */
const maxRequestBytes = 64 * 1024 * 1024;

/** One HTTP server for every AWS API that runs locally, as `AWS_ENDPOINT_URL` expects it. */
export class AwsEndpoint {
  readonly #server: Server;
  #intercept: RequestInterceptor = () => false;

  /**
   * @param protocols tried in order; the first that recognizes a request answers it
   * @param committed awaited before each response, so that a confirmed write is on disk
   */
  constructor(protocols: readonly Protocol[], committed: Store['committed']) {
    this.#server = createServer((request, response) => {
      const parts = { protocols, committed, intercept: this.#intercept };
      answer(request, response, parts).catch(() => response.destroy());
    });
    this.#server.keepAliveTimeout = 60_000;
    this.#server.requestTimeout = 0;
  }

  /** Sets the interceptor, which is called for each request before the protocols. */
  intercept(interceptor: RequestInterceptor): void {
    this.#intercept = interceptor;
  }

  /** Listens on loopback only. Resolves with the port; rejects with EADDRINUSE when it is taken. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        const address = this.#server.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

interface Parts {
  readonly protocols: readonly Protocol[];
  readonly committed: Store['committed'];
  readonly intercept: RequestInterceptor;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { protocols, committed, intercept }: Parts,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => {
    // Creating an abort error records a stack trace, which costs time, so it is done only when the
    // caller has really gone.
    if (!response.writableFinished) {
      gone.abort();
    }
  });
  request.on('error', () => gone.abort());
  try {
    if (!hasLoopbackHost(request.headers) || browserRequestOf(request.headers)) {
      throw new AwsError(
        'AccessDeniedException',
        'This endpoint answers programs on this machine only.',
        403,
      );
    }
    if (intercept(request, response)) {
      return;
    }
    const body = await readBody(request, maxRequestBytes);
    if (body === 'aborted') {
      return;
    }
    if (body === 'too large') {
      throw new AwsError(
        'RequestEntityTooLargeException',
        `A request has at most ${maxRequestBytes} bytes.`,
        413,
      );
    }
    const awsRequest = readRequest(request, body, gone.signal);
    for (const protocol of protocols) {
      const result = await protocol(awsRequest);
      if (!result) {
        continue;
      }
      await committed();
      return send(response, result);
    }
    throw new AwsError(
      'UnknownOperationException',
      `The local run does not have the service "${awsRequest.service ?? 'unknown'}".`,
      404,
    );
  } catch (error) {
    if (gone.signal.aborted) {
      return;
    }
    send(response, answerError(error, request.headers));
  }
}

/**
 * Values that only some protocols need are created lazily, because most requests are JSON actions.
 */
function readRequest(request: IncomingMessage, body: Buffer, signal: AbortSignal): AwsRequest {
  const { method = 'GET', url = '/', headers } = request;
  return {
    method,
    headers,
    body,
    signal,
    get url() {
      return new URL(url, 'http://127.0.0.1');
    },
    get service() {
      return signedService(headers.authorization);
    },
  };
}

function send(response: ServerResponse, result: AwsResponse): void {
  const { status, headers, body } = result;
  response.writeHead(status, {
    'x-amzn-requestid': randomUUID(),
    'content-length': typeof body === 'string' ? Buffer.byteLength(body) : body.length,
    ...headers,
  });
  // A text body is sent in one write with the headers.
  response.end(body);
}

/** `AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/sqs/aws4_request, ...` names the service. */
function signedService(authorization: string | undefined): string | undefined {
  return /Credential=[^/,]+\/\d+\/[^/,]+\/([a-z0-9-]+)\/aws4_request/.exec(
    authorization ?? '',
  )?.[1];
}

const diskFull = 'The disk is full: nothing is stored until there is space again.';

/** How often a full disk is logged, in milliseconds: each request fails then, also those of the pollers. */
const diskFullEveryMs = 60_000;

let diskFullLoggedAt = Number.NEGATIVE_INFINITY;

/** Logs an error that no caller has caused, and returns what the caller receives. */
function reportFailure(error: unknown): AwsError {
  if (!isDiskFull(error)) {
    console.error(error);
    return new AwsError('InternalFailure', 'The local run failed. See its log.', 500);
  }
  if (Date.now() - diskFullLoggedAt >= diskFullEveryMs) {
    diskFullLoggedAt = Date.now();
    console.error(diskFull);
  }
  return new AwsError('InternalFailure', diskFull, 500);
}

/** An error as the AWS JSON protocols write it (Smithy, "AWS JSON 1.0 protocol"). */
export function answerError(error: unknown, headers: IncomingHttpHeaders): AwsResponse {
  const known = error instanceof AwsError ? error : reportFailure(error);
  const side = known.statusCode < 500 ? 'Sender' : 'Receiver';
  return {
    status: known.statusCode,
    headers: {
      'content-type': headers['content-type']?.includes('amz-json')
        ? headers['content-type']
        : 'application/json',
      'x-amzn-errortype': known.code,
      ...(known.queryCode ? { 'x-amzn-query-error': `${known.queryCode};${side}` } : {}),
    },
    body: JSON.stringify({
      __type: known.code,
      message: known.message,
      Message: known.message,
      ...known.fields,
    }),
  };
}
