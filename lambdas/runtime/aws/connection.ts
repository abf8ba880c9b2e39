import { connect as connectPlain, type Socket } from 'node:net';
import { NoAnswerError } from './aws-error.ts';
import type { Endpoint } from './endpoint.ts';
import { type HttpResponse, ResponseReader } from './response-reader.ts';

/** How long to wait, in milliseconds. */
export interface Patience {
  /** For a connection, its encryption included. */
  readonly connectMs: number;
  /** For the whole answer to one request. */
  readonly answerMs: number;
}

interface Exchange {
  readonly resolve: (response: HttpResponse) => void;
  readonly reject: (error: Error) => void;
  readonly reader: ResponseReader;
  /** By the monotonic clock. */
  readonly deadline: number;
  hasBegun: boolean;
}

/** Told when a connection has done with its request; it may be closed then. */
type OnFree = (connection: Connection) => void;

/**
 * Where all connections read to; what came is copied before the next read. Without it Node makes room of
 * 64 KB for each answer, and carries it through a stream.
 */
const arrivals = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * One connection over which requests go one after the other. Node's HTTP client does the same for
 * three times the CPU (docs/decisions/lean-aws-calls.md): it has to serve any server and any use.
 */
export class Connection {
  /** Whether nothing can be sent over it any more. */
  isClosed = false;
  /** When the last answer came, in milliseconds since 1970. */
  idleSince = 0;
  readonly #socket: Socket;
  readonly #answerMs: number;
  readonly #onFree: OnFree;
  #timer: NodeJS.Timeout | undefined;
  #exchange: Exchange | undefined;
  #answered = 0;

  private constructor(socket: Socket, answerMs: number, onFree: OnFree) {
    this.#socket = socket;
    this.#answerMs = answerMs;
    this.#onFree = onFree;
    socket.setNoDelay(true);
    socket.on('end', () => this.#end());
    socket.on('error', (error) => this.#close(codeOf(error)));
    socket.on('close', () => this.#close('closed'));
  }

  /** Opens a connection. @throws NoAnswerError */
  static open(
    { isEncrypted, hostname, port }: Endpoint,
    { connectMs, answerMs }: Patience,
    onFree: OnFree,
  ): Promise<Connection> {
    let connection: Connection | undefined;
    const onread = {
      buffer: arrivals,
      callback: (bytes: number) => {
        if (connection) connection.#read(copyOf(arrivals, bytes));
        return true;
      },
    };
    const options = { host: hostname, port, servername: hostname, onread };
    const socket = isEncrypted ? tls().connect(options) : connectPlain(options);
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        clearTimeout(timer);
        socket.destroy();
        reject(error);
      };
      const onError = (error: Error) => fail(new NoAnswerError('ConnectionError', codeOf(error)));
      const timer = setTimeout(
        () => fail(new NoAnswerError('TimeoutError', `No connection in ${connectMs} ms.`)),
        connectMs,
      );
      socket.once('error', onError);
      socket.once(isEncrypted ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        connection = new Connection(socket, answerMs, onFree);
        socket.off('error', onError);
        resolve(connection);
      });
    });
  }

  /** Sends a request and resolves with its answer. @throws NoAnswerError */
  send(head: string, body: string | Uint8Array): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) {
        this.#onFree(this);
        reject(new NoAnswerError('ConnectionError', 'The connection is closed.', true));
        return;
      }
      const deadline = performance.now() + this.#answerMs;
      const reader = new ResponseReader();
      this.#exchange = { resolve, reject, reader, deadline, hasBegun: false };
      if (!this.#timer) this.#watch(this.#answerMs);
      this.#socket.ref();
      this.#socket.write(join(head, body));
    });
  }

  close(): void {
    this.#close('closed');
  }

  /** One timer for many requests; a timer for each costs more than the look at the clock. */
  #watch(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (!this.#exchange) return;
      const left = this.#exchange.deadline - performance.now();
      if (left > 0) this.#watch(left);
      else this.#fail(new NoAnswerError('TimeoutError', `No answer in ${this.#answerMs} ms.`));
    }, ms);
    // Until the answer has come, the connection keeps the process alive.
    this.#timer.unref();
  }

  #read(bytes: Buffer): void {
    const exchange = this.#exchange;
    if (!exchange) {
      this.#close('an answer to nothing');
      return;
    }
    exchange.hasBegun = true;
    try {
      const response = exchange.reader.push(bytes);
      if (response) this.#answer(exchange, response);
    } catch (error) {
      this.#fail(new NoAnswerError('ConnectionError', (error as Error).message));
    }
  }

  #end(): void {
    const exchange = this.#exchange;
    const response = exchange?.reader.end();
    if (exchange && response) this.#answer(exchange, response);
    this.#close('closed');
  }

  #answer(exchange: Exchange, response: HttpResponse): void {
    this.#exchange = undefined;
    this.#answered++;
    this.idleSince = Date.now();
    // An idle connection does not keep a process alive.
    this.#socket.unref();
    if (!response.isReusable) this.#close('closed');
    this.#onFree(this);
    exchange.resolve(response);
  }

  #fail(error: NoAnswerError): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#close('closed');
    if (!exchange) return;
    this.#onFree(this);
    exchange.reject(error);
  }

  #close(why: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearTimeout(this.#timer);
    this.#socket.destroy();
    const wasStale = this.#answered > 0 && this.#exchange?.hasBegun === false;
    this.#fail(new NoAnswerError('ConnectionError', `The connection broke: ${why}.`, wasStale));
  }
}

/** The first bytes, in a place of their own. */
function copyOf(bytes: Buffer, length: number): Buffer {
  const copy = Buffer.allocUnsafe(length);
  bytes.copy(copy, 0, 0, length);
  return copy;
}

/** Head and body in one: one part is written in half the time of two. */
function join(head: string, body: string | Uint8Array): string | Buffer {
  if (typeof body === 'string') return head + body;
  const whole = Buffer.allocUnsafe(head.length + body.length);
  whole.write(head, 'latin1');
  whole.set(body, head.length);
  return whole;
}

/** Loaded when it is needed: a local endpoint has no encryption. */
const tls = () => process.getBuiltinModule('node:tls');

const codeOf = (error: Error & { code?: unknown }) => String(error.code ?? error.name);
