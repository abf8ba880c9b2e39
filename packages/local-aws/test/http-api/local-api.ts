import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { SteppedClock } from '../../src/clock.ts';
import { HttpApi, type HttpApiOptions } from '../../src/http-api/http-api.ts';
import type { HttpApiSettings } from '../../src/http-api/http-api-plan.ts';

export const functionArn = 'arn:aws:lambda:eu-central-1:123456789012:function:ingest';

type Invoke = HttpApiOptions['functions']['invoke'];

/** An HTTP API on its own port, with a function that the test defines. */
export class LocalApi {
  readonly clock = new SteppedClock();
  readonly events: APIGatewayProxyEventV2[] = [];
  readonly accessLog: string[] = [];
  readonly #api: HttpApi;
  port = 0;

  constructor(
    settings: Partial<HttpApiSettings> = {},
    result: unknown | Invoke = { statusCode: 200 },
    intercept?: HttpApiOptions['intercept'],
  ) {
    const invoke: Invoke =
      typeof result === 'function'
        ? (result as Invoke)
        : async () => ({ payload: typeof result === 'string' ? result : JSON.stringify(result) });
    this.#api = new HttpApi({
      settings: {
        apiId: 'a1b2c3d4e5',
        routes: [{ routeKey: 'ANY /{proxy+}', functionArn: functionArn }],
        stage: { name: '$default' },
        ...settings,
      },
      clock: this.clock,
      functions: {
        invoke: (arn, event, options) => {
          this.events.push(JSON.parse(event));
          return invoke(arn, event, options);
        },
      },
      accessLog: (line) => this.accessLog.push(line),
      intercept,
    });
  }

  async start(): Promise<this> {
    ({ port: this.port } = await this.#api.listen(0));
    return this;
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  async request(method: string, path: string, init: RequestInit = {}) {
    const url = `http://127.0.0.1:${this.port}${path}`;
    const response = await fetch(url, { method, redirect: 'manual', ...init });
    const body = await response.text();
    return { status: response.status, headers: response.headers, body };
  }

  /** The event that the function got last. */
  get event(): APIGatewayProxyEventV2 {
    const event = this.events.at(-1);
    if (!event) {
      throw new Error('The function was not called.');
    }
    return event;
  }

  /** Sends bytes unchanged, and returns the responses. */
  async raw(bytes: string | Buffer, responses = 1): Promise<string> {
    const socket = await this.connect();
    socket.write(bytes);
    return readResponses(socket, responses);
  }

  async connect(): Promise<Socket> {
    const socket = connect(this.port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  }
}

/** The bytes of a connection until this number of responses is complete, or it ends. */
export async function readResponses(socket: Socket, count = 1): Promise<string> {
  const chunks: Buffer[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    if (completeResponses(Buffer.concat(chunks)) >= count) {
      resolve();
    }
  });
  socket.on('close', () => resolve());
  await promise;
  socket.destroy();
  return Buffer.concat(chunks).toString();
}

/** Counts the responses whose body has the length in their `Content-Length`. */
function completeResponses(bytes: Buffer): number {
  let count = 0;
  let rest = bytes;
  for (;;) {
    const head = rest.indexOf('\r\n\r\n');
    if (head < 0) {
      return count;
    }
    const length = /^content-length: (\d+)$/im.exec(rest.toString('latin1', 0, head))?.[1] ?? 0;
    const end = head + 4 + Number(length);
    if (rest.length < end) {
      return count;
    }
    count += 1;
    rest = rest.subarray(end);
  }
}
