import { randomUUID } from 'node:crypto';
import { FlowCounter } from '../console/server/journal/flow-figures.ts';
import { Journal } from '../console/server/journal/journal.ts';
import { observeLocalRun } from '../console/server/source/local-feed.ts';

/**
 * What a local run pays for its console while nobody looks: processor time for each event that is
 * written down, from the bus to its function's end, and memory when 100,000 are held.
 *
 * npm run bench:console
 */
const warmUp = 10_000;
const measured = 100_000;

const observer = observeLocalRun(new Journal(), new FlowCounter());
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:messages';
const words = (what: string, at: number) =>
  Object.fromEntries(
    Array.from({ length: 40 }, (_, field) => [`${what}${field}`, `${what} ${at} ${field}`]),
  );

function tell(at: number): void {
  const eventId = randomUUID();
  const receivedAt = new Date().toISOString();
  const meta = {
    id: `message:${at}`,
    type: 'message',
    session: 'shop',
    chat: `${at}@c.us`,
    receivedAt,
  };
  const detail = JSON.stringify({ meta, data: words('data', at), raw: words('raw', at), wire: {} });
  const body = `{"version":"0","id":"${eventId}","detail-type":"message","source":"whatsapp","detail":${detail}}`;
  const about = { eventId, bus: 'bus' };
  const attempt = { ...about, rule: 'rule', targetId: 'one', targetArn: queueArn, attempt: 1 };
  const record = { messageId: eventId, body, attributes: { ApproximateReceiveCount: '1' } };
  const batch = { queueArn, functionName: 'messages', records: [record] } as never;
  observer.queued?.(queueArn, body);
  observer.routed?.({
    ...{ kind: 'published', ...about, source: 'whatsapp', detailType: 'message', rules: ['rule'] },
  });
  observer.routed?.({ kind: 'delivered', ...attempt, ms: 1 });
  observer.given?.(batch);
  observer.finished?.(batch, new Set());
}

for (let at = 0; at < warmUp; at += 1) tell(at);
// Packing is done beside, as in a run.
const rest = () => new Promise((done) => setImmediate(done));
const start = process.cpuUsage();
for (let at = 0; at < measured; at += 1) {
  tell(at);
  if (at % 20 === 0) await rest();
}
const { user, system } = process.cpuUsage(start);
await new Promise((done) => setTimeout(done, 1_000));
globalThis.gc?.();
const { heapUsed, external } = process.memoryUsage();
const perEvent = ((user + system) / measured).toFixed(0);
const megabytes = Math.round((heapUsed + external) / 1e6);
console.log(`${perEvent} µs of processor time for each event, making it included`);
console.log(`${megabytes} MB for ${measured} events of 3 KB`);
