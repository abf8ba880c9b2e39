import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the stub has seen it. */
export interface SeenRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers a request: with a status and JSON, or by itself. */
export type Answer = (
  request: SeenRequest,
  response: ServerResponse,
  index: number,
) => readonly [status: number, body: object, headers?: Record<string, string>] | undefined;

/** An HTTP server in the place of AWS. */
export class StubServer {
  readonly seen: SeenRequest[] = [];
  connections = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(
    answer: Answer,
    create: typeof createServer = createServer,
  ): Promise<StubServer> {
    const server = create((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        const seen = { method, url, headers, body: String(Buffer.concat(chunks)) };
        const result = answer(seen, response, stub.seen.push(seen) - 1);
        if (!result) return;
        const [status, body, more] = result;
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...more });
        response.end(JSON.stringify(body));
      });
    });
    const stub = new StubServer(server);
    server.on('connection', () => stub.connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The environment of a function that uses the stub. */
  get environment() {
    return {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${this.port}`,
      ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' },
    };
  }

  /** Closes connections that nobody uses, as servers do after a while. */
  closeIdle(): void {
    this.#server.closeIdleConnections();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
