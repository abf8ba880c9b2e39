import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Invocation, maxResponseBytes, responseTooLarge } from '../invoke/invocation.ts';
import { readFrames, writeFrame } from '../runtime/frames.mjs';

/** Messages from the runtime of one execution environment. */
interface RuntimeEvents {
  /** The runtime requests an invocation: it has been initialized, or the last one is finished. */
  ready(): void;
  responded(requestId: string, payload: string): void;
  /** `payload` is the error that the runtime sent, as JSON. */
  failed(requestId: string, payload: string): void;
  initFailed(payload: string): void;
}

const pathPattern =
  /^\/2018-06-01\/runtime\/(?:invocation\/(next|([\w-]{1,64})\/(response|error))|init\/(error))$/;

/**
 * The Lambda Runtime API of one execution environment
 * (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), on a separate port, because the
 * documented protocol identifies the environment by nothing else. Any runtime can use it.
 */
export class RuntimeApi {
  readonly #server: Server;
  readonly #events: RuntimeEvents;
  /** Answers the runtime's pending request for the next invocation. */
  #pending: Dispatch | undefined;
  /** Whether `ready` was called for the pending request. */
  #isReported = false;
  /** Number of results that are being received. */
  #receiving = 0;
  #address = '';

  constructor(events: RuntimeEvents) {
    this.#events = events;
    // No timeout: an idle runtime waits for its next invocation without a limit.
    this.#server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });
    this.#server.on('request', (request, response) => this.#route(request, response));
  }

  /** Host and port, the value of `AWS_LAMBDA_RUNTIME_API`. */
  get address(): string {
    return this.#address;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#address = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Serves the built-in runtime, which needs no port and no HTTP. */
  accept(socket: Socket): void {
    serveRuntimeChannel(socket, this.#events, (dispatch) => this.#requested(dispatch));
  }

  /** Passes an invocation to the runtime, which must have requested one. */
  dispatch(invocation: Invocation, deadline: number): void {
    const dispatch = this.#pending;
    this.#pending = undefined;
    if (!dispatch) {
      throw new Error('The runtime has not requested an invocation.');
    }
    dispatch(invocation, deadline);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #route(request: IncomingMessage, response: ServerResponse): void {
    response.sendDate = false;
    const [, action, requestId, outcome, initError] = pathPattern.exec(request.url ?? '') ?? [];
    // A web page cannot reach this port by its own host name (DNS rebinding).
    if (request.headers.host !== this.#address) {
      answer(response, 403, 'Forbidden');
    } else if (action === 'next' && request.method === 'GET') {
      this.#requested((invocation, deadline) => answerWith(response, invocation, deadline));
    } else if ((requestId || initError) && request.method === 'POST') {
      this.#receive(request, response, requestId, outcome);
    } else {
      answer(response, 404, 'Not Found');
    }
  }

  #requested(dispatch: Dispatch): void {
    this.#pending = dispatch;
    this.#isReported = false;
    this.#reportReady();
  }

  /** A result that was sent together with the next request must be reported first. */
  #reportReady(): void {
    if (!this.#pending || this.#isReported || this.#receiving > 0) {
      return;
    }
    this.#isReported = true;
    this.#events.ready();
  }

  #receive(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string | undefined,
    outcome: string | undefined,
  ): void {
    const chunks: Buffer[] = [];
    let length = 0;
    this.#receiving += 1;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxResponseBytes) {
        chunks.push(chunk);
      }
    });
    request.on('end', () => {
      const tooLarge = length > maxResponseBytes;
      answer(response, tooLarge ? 413 : 202, tooLarge ? 'Payload Too Large' : 'OK');
      const payload = tooLarge
        ? JSON.stringify(responseTooLarge())
        : Buffer.concat(chunks, length).toString();
      if (!requestId) {
        this.#events.initFailed(payload);
      } else if (outcome === 'response' && !tooLarge) {
        this.#events.responded(requestId, payload);
      } else {
        this.#events.failed(requestId, payload);
      }
      this.#receiving -= 1;
      this.#reportReady();
    });
  }
}

function answerWith(response: ServerResponse, invocation: Invocation, deadline: number): void {
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(invocation.payload),
    'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
    'Lambda-Runtime-Deadline-Ms': deadline,
    'Lambda-Runtime-Invoked-Function-Arn': invocation.functionArn,
    'Lambda-Runtime-Trace-Id': invocation.traceId,
    ...(invocation.clientContext && {
      'Lambda-Runtime-Client-Context': invocation.clientContext,
    }),
  });
  response.end(invocation.payload);
}

function answer(response: ServerResponse, status: number, text: string): void {
  const body = JSON.stringify({ status: text });
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
  });
  response.end(body);
}

/** Passes an invocation to the runtime that requested one. `deadline` is in epoch milliseconds. */
export type Dispatch = (invocation: Invocation, deadline: number) => void;

/** The head of a frame from the built-in runtime. */
interface Head {
  readonly reported?: 'response' | 'error' | 'init-error';
  /** The id of the invocation whose result this is. */
  readonly id?: string;
  /** The result exceeds Lambda's limit and is omitted. */
  readonly tooLarge?: boolean;
  /** Whether the runtime requests the next invocation. */
  readonly next?: boolean;
}

/**
 * Serves the runtime of one environment over the socket that its process was started with. A
 * process that sends anything but the runtime's frames loses the connection and so ends.
 */
export function serveRuntimeChannel(
  socket: Socket,
  events: RuntimeEvents,
  onRequested: (dispatch: Dispatch) => void,
): void {
  const dispatch: Dispatch = (
    { requestId, functionArn, traceId, clientContext, payload },
    deadline,
  ) => {
    socket.write(writeFrame({ requestId, functionArn, traceId, clientContext, deadline }, payload));
  };
  const onFrame = (frame: unknown, body: string) => {
    const head = frame as Head;
    if (head.reported) {
      report(events, head, body);
    }
    if (head.next) {
      onRequested(dispatch);
    }
    // The process ends only when this answer has arrived, so that its report is not lost.
    else {
      socket.write(writeFrame({}));
    }
  };
  const read = readFrames(onFrame, maxResponseBytes);
  socket.on('data', (chunk: Buffer) => {
    try {
      read(chunk);
    } catch {
      socket.destroy();
    }
  });
  socket.on('error', () => {});
}

function report(events: RuntimeEvents, { reported, id, tooLarge }: Head, body: string): void {
  const payload = tooLarge ? JSON.stringify(responseTooLarge()) : body;
  if (reported === 'init-error') {
    events.initFailed(payload);
  } else if (typeof id !== 'string') {
    throw new Error('The result has no invocation id.');
  } else if (reported === 'response' && !tooLarge) {
    events.responded(id, payload);
  } else {
    events.failed(id, payload);
  }
}
