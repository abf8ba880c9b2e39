import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { SteppedClock } from '../../src/clock.ts';
import { HttpApi, type HttpApiOptions } from '../../src/http-api/http-api.ts';
import type { HttpApiSettings } from '../../src/http-api/http-api-settings.ts';

export const FUNCTION_ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:ingest';

type Invoke = HttpApiOptions['functions']['invoke'];

/** An HTTP API on a port of its own, before a function that does what the test says. */
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
        routes: [{ routeKey: 'ANY /{proxy+}', functionArn: FUNCTION_ARN }],
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
    if (!event) throw new Error('The function was not called.');
    return event;
  }

  /** Sends bytes as they are, and gives all that comes until the connection ends or is silent. */
  async raw(...parts: (string | Buffer)[]): Promise<string> {
    const socket = await this.connect();
    for (const part of parts) socket.write(part);
    return readAll(socket);
  }

  async connect(): Promise<Socket> {
    const socket = connect(this.port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  }
}

/** What a connection gives until it has been silent for a moment after its first bytes. */
export async function readAll(socket: Socket): Promise<string> {
  let text = '';
  const { promise, resolve } = Promise.withResolvers<void>();
  let silence: NodeJS.Timeout | undefined;
  socket.on('data', (chunk) => {
    text += chunk;
    clearTimeout(silence);
    silence = setTimeout(resolve, 50);
  });
  socket.on('close', () => resolve());
  await promise;
  clearTimeout(silence);
  socket.destroy();
  return text;
}
