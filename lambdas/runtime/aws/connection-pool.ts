import { Connection, type Patience } from './connection.ts';
import type { Endpoint } from './endpoint.ts';
import type { HttpResponse } from './response-reader.ts';

/**
 * Connections at once. More would only wait elsewhere: a consumer writes at most sixteen registers of
 * each of ten events at the same time.
 */
const mostConnections = 50;

/**
 * A connection that has been idle for longer is not used again. A function that is frozen does not
 * see its connections being closed; servers keep idle ones for about a minute.
 */
const longestIdleMs = 50_000;

/** Keeps connections to one endpoint open, and gives each request one of its own. */
export class ConnectionPool {
  readonly #endpoint: Endpoint;
  readonly #patience: Patience;
  readonly #idle: Connection[] = [];
  readonly #waiting: (() => void)[] = [];
  #inUse = 0;

  constructor(endpoint: Endpoint, patience: Patience) {
    this.#endpoint = endpoint;
    this.#patience = patience;
  }

  /** Sends a request over a free connection, the one last used first. @throws NoAnswerError */
  async send(head: string, body: string | Uint8Array): Promise<HttpResponse> {
    if (this.#inUse < mostConnections) this.#inUse++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      const connection = this.#takeIdle() ?? (await this.#open());
      const response = await connection.send(head, body, this.#patience);
      if (!connection.isClosed) this.#idle.push(connection);
      return response;
    } finally {
      const next = this.#waiting.shift();
      // Whoever waits gets the place; it is not free in between.
      if (next) next();
      else this.#inUse--;
    }
  }

  #takeIdle(): Connection | undefined {
    const oldest = Date.now() - longestIdleMs;
    for (let next = this.#idle.pop(); next; next = this.#idle.pop()) {
      if (next.isClosed) continue;
      if (next.idleSince >= oldest) return next;
      next.close();
    }
    return undefined;
  }

  #open(): Promise<Connection> {
    return Connection.open(this.#endpoint, this.#patience, (closed) => {
      const at = this.#idle.indexOf(closed);
      if (at >= 0) this.#idle.splice(at, 1);
    });
  }
}
