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
  send(head: string, body: string | Uint8Array): Promise<HttpResponse> {
    if (this.#inUse < mostConnections) {
      this.#inUse++;
      return this.#sendNow(head, body);
    }
    const place = new Promise<void>((resolve) => this.#waiting.push(resolve));
    return place.then(() => this.#sendNow(head, body));
  }

  #sendNow(head: string, body: string | Uint8Array): Promise<HttpResponse> {
    const connection = this.#takeIdle();
    if (connection) return connection.send(head, body);
    const onFree = (free?: Connection) => this.#release(free);
    return Connection.open(this.#endpoint, this.#patience, onFree).then(
      (opened) => opened.send(head, body),
      (error) => {
        onFree();
        throw error;
      },
    );
  }

  #release(connection?: Connection): void {
    if (connection && !connection.isClosed) this.#idle.push(connection);
    const next = this.#waiting.shift();
    // Whoever waits gets the place; it is not free in between.
    if (next) next();
    else this.#inUse--;
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
}
