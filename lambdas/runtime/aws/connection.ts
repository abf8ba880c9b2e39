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
  readonly timer: NodeJS.Timeout;
  readonly reader: ResponseReader;
  hasBegun: boolean;
}

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
  readonly #onClose: (connection: Connection) => void;
  #exchange: Exchange | undefined;
  #answered = 0;

  private constructor(socket: Socket, onClose: (connection: Connection) => void) {
    this.#socket = socket;
    this.#onClose = onClose;
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('end', () => this.#end());
    socket.on('error', (error) => this.#close(codeOf(error)));
    socket.on('close', () => this.#close('closed'));
  }

  /** Opens a connection. @throws NoAnswerError */
  static open(
    { isEncrypted, hostname, port }: Endpoint,
    { connectMs }: Patience,
    onClose: (connection: Connection) => void,
  ): Promise<Connection> {
    const socket = isEncrypted
      ? tls().connect({ host: hostname, port, servername: hostname })
      : connectPlain({ host: hostname, port });
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
        const connection = new Connection(socket, onClose);
        socket.off('error', onError);
        resolve(connection);
      });
    });
  }

  /** Sends a request and resolves with its answer. @throws NoAnswerError */
  send(head: string, body: string | Uint8Array, { answerMs }: Patience): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      if (this.#exchange || this.isClosed) {
        reject(new NoAnswerError('ConnectionError', 'The connection is not free.', true));
        return;
      }
      const timer = setTimeout(() => {
        this.#fail(new NoAnswerError('TimeoutError', `No answer in ${answerMs} ms.`));
      }, answerMs);
      const reader = new ResponseReader();
      this.#exchange = { resolve, reject, timer, reader, hasBegun: false };
      this.#socket.ref();
      if (typeof body === 'string') {
        // One text is written in half the time of two parts.
        this.#socket.write(head + body);
        return;
      }
      this.#socket.cork();
      this.#socket.write(head, 'latin1');
      this.#socket.write(body);
      this.#socket.uncork();
    });
  }

  close(): void {
    this.#close('closed');
  }

  #read(bytes: Buffer): void {
    const exchange = this.#exchange;
    if (!exchange) {
      this.#close('an answer that nobody asked for');
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
    clearTimeout(exchange.timer);
    this.#exchange = undefined;
    this.#answered++;
    this.idleSince = Date.now();
    // An idle connection does not keep a process alive.
    this.#socket.unref();
    if (!response.isReusable) this.#close('closed');
    exchange.resolve(response);
  }

  #fail(error: NoAnswerError): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#close('closed');
    if (!exchange) return;
    clearTimeout(exchange.timer);
    exchange.reject(error);
  }

  #close(why: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#socket.destroy();
    this.#onClose(this);
    const wasStale = this.#answered > 0 && this.#exchange?.hasBegun === false;
    this.#fail(new NoAnswerError('ConnectionError', `The connection broke: ${why}.`, wasStale));
  }
}

/** Loaded when it is needed: a local endpoint has no encryption. */
const tls = () => process.getBuiltinModule('node:tls');

const codeOf = (error: Error & { code?: unknown }) => String(error.code ?? error.name);
