/**
 * Run by local-pipeline.ts in a process of its own: sends signed webhooks. Arguments: port of the
 * front door, connections, bytes of a body. Each message to it is a {@link Load}; it tells what it
 * sent, and `done` when the last is answered.
 *
 * A webhook counts from the moment that it was due, also when it had to wait for a connection, so
 * that a slow answer is not hidden by what was not sent meanwhile.
 */
import { argv } from 'node:process';
import type { EventType } from '../../events/catalog.ts';
import { sign, signatureAlgorithmHeader, signatureHeader } from '../../events/signature.ts';
import { KeepAliveConnection, type Reply } from './keep-alive-connection.ts';
import { webhookTemplate } from './webhook-template.ts';

/** What is to be sent. */
export interface Load {
  readonly count: number;
  /** Webhooks a second; 0 sends as fast as answers come. */
  readonly rate: number;
}

/** What was sent since it was last told. */
export interface Told {
  /** When each accepted webhook was due (milliseconds since 1970), by its id. */
  readonly sent: readonly (readonly [id: string, due: number])[];
  /** Statuses of answers that were not 202. */
  readonly refused: readonly number[];
  readonly done: boolean;
}

/** Three kinds, each for a queue with a function of its own. */
const kinds: readonly EventType[] = ['message', 'call.received', 'label.upsert'];
const [, , port = '', connections = '', bodyBytes = ''] = argv;
const templates = kinds.map((kind) => webhookTemplate(kind, Number(bodyBytes)));
const idle = Array.from(
  { length: Number(connections) },
  () => new KeepAliveConnection(Number(port)),
);
const busy = new Set<KeepAliveConnection>();
let sent: [id: string, due: number][] = [];
let refused: number[] = [];

process.on('message', (load: Load) => run(load));
process.on('disconnect', () => process.exit());

function run({ count, rate }: Load): void {
  const start = Date.now();
  let next = 0;
  const dueAt = (number: number) => (rate === 0 ? Date.now() : start + (number * 1000) / rate);
  const sendDue = () => {
    while (next < count && idle.length > 0 && dueAt(next) <= Date.now()) {
      post(next, dueAt(next), sendDue);
      next += 1;
    }
    if (next < count && idle.length > 0) wakeAt(dueAt(next));
    if (next < count || busy.size > 0) return;
    clearInterval(telling);
    tell(true);
  };
  let waking: NodeJS.Timeout | undefined;
  const wakeAt = (due: number) => {
    clearTimeout(waking);
    waking = setTimeout(sendDue, Math.max(1, Math.ceil(due - Date.now())));
  };
  const telling = setInterval(() => tell(false), 200);
  sendDue();
}

function tell(done: boolean): void {
  const told: Told = { sent, refused, done };
  sent = [];
  refused = [];
  process.send?.(told);
}

function post(number: number, due: number, then: () => void): void {
  const connection = idle.pop() as KeepAliveConnection;
  busy.add(connection);
  connection.send(requestText(number), (reply) => {
    note(reply, due);
    busy.delete(connection);
    if (reply.status === 0) idle.push(new KeepAliveConnection(Number(port)));
    else idle.push(connection);
    then();
  });
}

function note({ status, body }: Reply, due: number): void {
  const id = /"id":"([^"]+)"/.exec(body)?.[1];
  if (status === 202 && id) sent.push([id, due]);
  else refused.push(status);
}

function requestText(number: number): string {
  const body = templates[number % templates.length]?.() ?? '';
  return (
    `POST /webhooks HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n` +
    `${signatureHeader}: ${sign(body, 'local-signing-secret')}\r\n` +
    `${signatureAlgorithmHeader}: sha512\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}
