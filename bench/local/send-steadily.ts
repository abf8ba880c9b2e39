import { Agent, request } from 'node:http';
import { freshWebhook } from '../../cli/fresh-webhook.ts';
import type { EventType } from '../../events/catalog.ts';
import { sign, signatureAlgorithmHeader, signatureHeader } from '../../events/signature.ts';

/** Three kinds, each for a queue with a function of its own. */
const kinds: readonly EventType[] = ['message', 'call.received', 'label.upsert'];

/** What is sent. */
export interface Load {
  readonly frontDoor: string;
  readonly count: number;
  /** Webhooks a second; 0 sends as fast as answers come. */
  readonly rate: number;
  /** Requests at the same time at most. */
  readonly connections: number;
  readonly bodyBytes: number;
}

/** What came of it. */
export interface Sent {
  /** When each accepted webhook was to be sent (milliseconds since 1970), by its id. */
  readonly sentAt: Map<string, number>;
  /** Answers that were not 202, by status. */
  readonly refused: Map<number, number>;
}

/**
 * Sends signed webhooks at a steady rate. A request that has to wait for a connection counts from
 * the moment that it was due, so that a slow answer is not hidden by what was not sent meanwhile.
 */
export async function sendSteadily(load: Load, sent: Sent): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections });
  const url = new URL(`${load.frontDoor}/webhooks`);
  const start = Date.now();
  let next = 0;
  const work = async () => {
    while (next < load.count) {
      const number = next++;
      const due = load.rate === 0 ? Date.now() : start + (number * 1000) / load.rate;
      const wait = due - Date.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const body = webhook(kinds[number % kinds.length] as EventType, load.bodyBytes);
      const { status, text } = await post(agent, url, body);
      if (status === 202) sent.sentAt.set(JSON.parse(text).id, due);
      else sent.refused.set(status, (sent.refused.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: load.connections }, work));
  agent.destroy();
}

function webhook(kind: EventType, bytes: number): string {
  const fresh = freshWebhook(kind, 'waha');
  const padding = Math.max(0, bytes - JSON.stringify(fresh).length - 30);
  return JSON.stringify({
    ...fresh,
    // Where engines put their raw copies, which make real webhooks as large as this.
    payload: { ...(fresh.payload as object), _data: { copy: 'x'.repeat(padding) } },
  });
}

function post(agent: Agent, url: URL, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      [signatureHeader]: sign(body, 'local-signing-secret'),
      [signatureAlgorithmHeader]: 'sha512',
    };
    const sending = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sending.once('error', reject);
    sending.end(body);
  });
}
