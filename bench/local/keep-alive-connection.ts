import { connect, type Socket } from 'node:net';

const HEADERS_END = '\r\n\r\n';

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly body: string;
}

/**
 * One HTTP/1.1 connection for one request after the other, written by hand: an HTTP client would
 * cost more than a tenth of all that is measured.
 */
export class KeepAliveConnection {
  readonly #socket: Socket;
  #received = '';
  #settle: ((reply: Reply) => void) | undefined;

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1').on('data', (text: string) => this.#take(text));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => this.#answer({ status: 0, body: '' }));
  }

  /** Sends a whole request. `reply` is called with what came; status 0 when the connection broke. */
  send(request: string, reply: (reply: Reply) => void): void {
    this.#settle = reply;
    if (this.#socket.destroyed) this.#answer({ status: 0, body: '' });
    else this.#socket.write(request);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const head = this.#received.indexOf(HEADERS_END);
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#received)?.[1] ?? 0);
    const start = head + HEADERS_END.length;
    if (this.#received.length < start + length) return;
    const status = Number(this.#received.slice(9, 12));
    const body = this.#received.slice(start, start + length);
    this.#received = this.#received.slice(start + length);
    this.#answer({ status, body });
  }

  #answer(reply: Reply): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(reply);
  }
}
