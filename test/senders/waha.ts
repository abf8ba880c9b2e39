import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/*
 * A stand-in of WAHA for tests, in a process of its own and on an address of its own: its API of sessions,
 * and how it posts webhooks. Written after WAHA's sources (2026.4), and checked against them only by reading:
 * src/api/sessions.controller.ts, core/manager.core.ts, core/integrations/webhooks, structures/*.dto.ts.
 * There is no WhatsApp behind it: an inbound message is made by POST /stand-in/messages.
 *
 * Arguments: host, API key. Prints its URL in a line.
 */

const [host = '127.0.0.2', apiKey = 'key'] = process.argv.slice(2);

/** What a webhook can be subscribed to (structures/enums.dto.ts, WAHAEvents). */
const wahaEvents = [
  ...['session.status', 'message', 'message.reaction', 'message.any', 'message.ack'],
  ...['message.ack.group', 'message.waiting', 'message.revoked', 'message.edited', 'state.change'],
  ...['group.join', 'group.leave', 'group.v2.join', 'group.v2.leave', 'group.v2.update'],
  ...['group.v2.participants', 'presence.update', 'poll.vote', 'poll.vote.failed', 'chat.archive'],
  ...['call.received', 'call.accepted', 'call.rejected', 'label.upsert', 'label.deleted'],
  ...['label.chat.added', 'label.chat.deleted', 'event.response', 'event.response.failed'],
  'engine.event',
];

/** `*` stands for all but these. */
const notWild = ['state.change', 'engine.event'];

interface Webhook {
  readonly url: string;
  readonly events: readonly string[];
  readonly hmac?: { readonly key?: string } | null;
  readonly retries?: {
    readonly policy?: string;
    readonly delaySeconds?: number;
    readonly attempts?: number;
  } | null;
  readonly customHeaders?: readonly { readonly name: string; readonly value: string }[] | null;
}

interface Config {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly webhooks?: readonly Webhook[];
}

interface Session {
  readonly name: string;
  status: 'STOPPED' | 'STARTING' | 'WORKING';
  config: Config | null;
}

/** One attempt to post a webhook. */
interface Attempt {
  readonly event: string;
  readonly requestId: string;
  readonly body: string;
  readonly status: number | string;
}

const sessions = new Map<string, Session>([
  ['default', { name: 'default', status: 'STOPPED', config: null }],
]);
const attempts: Attempt[] = [];
const me = { id: '12025550100@c.us', pushName: 'Stand-in' };

/** An HTTP error as NestJS answers it. */
class HttpError extends Error {
  readonly status: number;
  readonly body: object;

  constructor(status: number, message: string | readonly string[], error?: string) {
    super(String(message));
    this.status = status;
    this.body = { message, ...(error && { error }), statusCode: status };
  }
}

const notFound = () => new HttpError(404, 'Session not found', 'Not Found');

const find = (name: string) => {
  const session = sessions.get(name);
  if (!session) {
    throw notFound();
  }
  return session;
};

/** What class-validator refuses of a configuration. */
function validate(config: Config | null): void {
  const faults = (config?.webhooks ?? []).flatMap(({ url, events, retries }, at) => [
    ...(URL.canParse(url) ? [] : [`config.webhooks.${at}.url must be a URL address`]),
    ...(Array.isArray(events) && events.every((each) => each === '*' || wahaEvents.includes(each))
      ? []
      : [`config.webhooks.${at}.each value in events must be one of the following values: *`]),
    ...(retries?.policy === undefined ||
    ['linear', 'exponential', 'constant'].includes(retries.policy)
      ? []
      : [`config.webhooks.${at}.retries.policy must be one of the following values: linear`]),
  ]);
  if (faults.length > 0) {
    throw new HttpError(400, faults, 'Bad Request');
  }
}

/** Posts an event to each webhook that is subscribed to it. Nobody waits for it. */
function emit(session: Session, event: string, payload: object): void {
  const timestamp = Date.now();
  const envelope = {
    id: `evt_01${randomBytes(12).toString('hex')}`,
    timestamp,
    event,
    session: session.name,
    metadata: session.config?.metadata ?? {},
    me: session.status === 'WORKING' ? me : null,
    payload,
    engine: 'NOWEB',
    environment: {
      ...{ version: '2026.4.1', engine: 'NOWEB', tier: 'PLUS', browser: null },
      ...{ platform: 'linux/x64', worker: { id: null } },
    },
  };
  for (const webhook of session.config?.webhooks ?? []) {
    const events = webhook.events.includes('*')
      ? wahaEvents.filter((each) => !notWild.includes(each))
      : webhook.events;
    if (events.includes(event)) {
      setImmediate(() => void post(webhook, event, JSON.stringify(envelope), timestamp));
    }
  }
}

/** Posts a body, and again after any answer but 2xx: the same body, id and signature each time. */
async function post(webhook: Webhook, event: string, body: string, at: number): Promise<void> {
  const { url, hmac, customHeaders } = webhook;
  const requestId = randomBytes(7).toString('hex');
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'WAHA/2026.4.1',
    ...Object.fromEntries((customHeaders ?? []).map(({ name, value }) => [name, value])),
    'X-Webhook-Request-Id': requestId,
    'X-Webhook-Timestamp': String(at),
    ...(hmac?.key && {
      'X-Webhook-Hmac': createHmac('sha512', hmac.key).update(body).digest('hex'),
      'X-Webhook-Hmac-Algorithm': 'sha512',
    }),
  };
  const { policy = 'constant', delaySeconds = 2, attempts: most = 15 } = webhook.retries ?? {};
  for (let attempt = 0; attempt <= most; attempt += 1) {
    const status = await fetch(url, { method: 'POST', headers, body }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      (error: Error) => (error.cause as { code?: string } | undefined)?.code ?? error.name,
    );
    attempts.push({ event, requestId, body, status });
    if (typeof status === 'number' && status >= 200 && status <= 299) {
      return;
    }
    const n = attempt + 1;
    const factor = policy === 'exponential' ? 2 ** n : policy === 'linear' ? n : 1;
    await sleep(delaySeconds * factor * 1_000, undefined, { ref: false });
  }
}

function setStatus(session: Session, status: Session['status']): void {
  session.status = status;
  emit(session, 'session.status', {
    name: session.name,
    status,
    statuses: [{ status, timestamp: Date.now() }],
  });
}

function start(session: Session): void {
  setStatus(session, 'STARTING');
  setImmediate(() => setStatus(session, 'WORKING'));
}

function restart(session: Session): void {
  session.status = 'STOPPED';
  start(session);
}

/** An inbound message, as NOWEB reports one. */
function receive({ session, from, body }: Record<string, string>): object {
  const found = find(session ?? 'default');
  const id = `false_${from}_3EB0${randomBytes(8).toString('hex').toUpperCase()}`;
  const message = {
    ...{ id, timestamp: Math.floor(Date.now() / 1_000), from, fromMe: false, source: 'app' },
    ...{ body, hasMedia: false, media: null, ack: 1, ackName: 'SERVER', replyTo: null },
  };
  emit(found, 'message', message);
  emit(found, 'message.any', message);
  return { id };
}

type Body = { name?: string; start?: boolean; config?: Config } & Record<string, unknown>;

function answer(method: string, path: string, body: Body): object {
  const [, name = '', action] = /^\/api\/sessions\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
  switch (`${method} ${name ? `:name${action ? `/${action}` : ''}` : path}`) {
    case 'GET /api/sessions':
      return [...sessions.values()];
    case 'POST /api/sessions': {
      const session: Session = {
        name: body.name ?? 'default',
        status: 'STOPPED',
        config: body.config ?? null,
      };
      if (sessions.has(session.name)) {
        const message = `Session '${session.name}' already exists. Use PUT to update it.`;
        throw new HttpError(422, message, 'Unprocessable Entity');
      }
      validate(session.config);
      sessions.set(session.name, session);
      if (body.start) {
        start(session);
      }
      return session;
    }
    case 'GET :name':
      return { ...find(name), engine: { engine: 'NOWEB' } };
    case 'PUT :name': {
      const session = find(name);
      validate(body.config ?? null);
      const isRunning = session.status !== 'STOPPED';
      // What is not sent is gone: the configuration is replaced, not merged.
      session.config = body.config ?? null;
      if (isRunning) {
        restart(session);
      }
      return session;
    }
    case 'POST :name/start': {
      const session = find(name);
      if (session.status === 'STOPPED') {
        start(session);
      }
      return session;
    }
    case 'POST :name/restart':
      restart(find(name));
      return find(name);
    case 'POST /stand-in/messages':
      return receive(body as Record<string, string>);
    case 'GET /stand-in/attempts':
      return attempts;
    default:
      throw new HttpError(404, `Cannot ${method} ${path}`, 'Not Found');
  }
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
  }
  const reply = (status: number, body: object) =>
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
      .end(JSON.stringify(body));
  try {
    if (request.headers['x-api-key'] !== apiKey) {
      throw new HttpError(401, 'Unauthorized');
    }
    const { pathname } = new URL(request.url ?? '/', 'http://waha');
    const { method = 'GET' } = request;
    reply(method === 'POST' ? 201 : 200, answer(method, pathname, text ? JSON.parse(text) : {}));
  } catch (error) {
    if (error instanceof HttpError) {
      reply(error.status, error.body);
    } else {
      reply(500, { message: 'Internal server error', statusCode: 500 });
    }
  }
}

const server = createServer((request, response) => void handle(request, response));
server.listen(0, host);
await once(server, 'listening');
console.log(`http://${host}:${(server.address() as AddressInfo).port}`);
