import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { type LocalRun, startLocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freshWebhook, postWebhook } from '../../ops/send-webhook.ts';
import { assembleProject } from '../end-to-end/assembly.ts';
import { unthrottled } from '../end-to-end/unthrottled.ts';
import { type Chance, chanceOf, integer, oneOf, seed } from './chance.ts';
import { type HostileRequest, hostileRequest, type Target } from './hostile-request.ts';

const requests = Number(process.env.FUZZ_INGRESS_REQUESTS ?? 5_000);

/** Requests at the same time. */
const width = 8;

/** One in so many is no HTTP at all. */
const rawEvery = 10;

const target: Target = { signingSecret: 'signing-secret-of-fuzz', urlSecret: 'url-secret-of-fuzz' };
const genuine = Buffer.from(JSON.stringify(freshWebhook('message', 'waha')));
const agent = new Agent({ keepAlive: true, maxSockets: width });

let run: LocalRun;
let origin: URL;
beforeAll(async () => {
  console.log(`FUZZ_SEED=${seed} repeats this run`);
  run = await startLocalRun({
    assembly: await assembleProject(unthrottled),
    ingressPort: 0,
    awsPort: 0,
    environment: { SIGNING_SECRET: target.signingSecret, URL_SECRET: target.urlSecret },
  });
  origin = new URL([...run.ingresses.values()][0] ?? '');
});
afterAll(async () => {
  agent.destroy();
  await run?.close();
});

/** What ingest answers to the copy of a webhook that is being published right now: 503, again in a second. */
const inProgress = 'in progress';

/** The status of the answer; undefined where Node's client refuses to send such a thing. */
function send(hostile: HostileRequest): Promise<number | typeof inProgress | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<
    number | typeof inProgress | undefined
  >();
  const query = new URLSearchParams(hostile.query).toString();
  try {
    const request = httpRequest(
      {
        agent,
        host: origin.hostname,
        port: origin.port,
        method: hostile.method,
        path: query ? `${hostile.path}?${query}` : hostile.path,
        headers: { ...hostile.headers, 'content-length': hostile.body.length },
      },
      (response) => {
        response.resume();
        const { statusCode, headers } = response;
        const isInProgress = statusCode === 503 && headers['retry-after'] === '1';
        response.once('end', () => resolve(isInProgress ? inProgress : statusCode));
      },
    );
    request.once('error', reject);
    request.end(hostile.body);
  } catch {
    resolve(undefined);
  }
  return promise;
}

/** Writes bytes to the port, ends, and gives the status of what comes back; undefined for nothing. */
async function sendRaw(bytes: Buffer): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const socket = connect(Number(origin.port), origin.hostname);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    if (text.includes('\r\n')) {
      socket.destroy();
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]) || undefined));
  socket.end(bytes);
  return promise;
}

/** What is no HTTP, or HTTP with two meanings. */
function hostileBytes(chance: Chance): Buffer {
  const made = oneOf(chance, [
    () => Buffer.from(Array.from({ length: integer(chance, 500) }, () => integer(chance, 256))),
    () => 'GET / HTTP/9.9\r\n\r\n',
    () => 'POST /webhooks HTTP/1.1\r\n\r\n',
    () =>
      `POST /webhooks HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(integer(chance, 100_000))}\r\n\r\n`,
    () => 'POST /webhooks HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
    () => 'POST /webhooks HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\nx',
    () =>
      'POST /webhooks HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n',
    () => 'POST /webhooks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n',
    () => 'POST /webhooks HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    () => 'POST /webhooks HTTP/1.1\nHost: a\nX-Webhook-Hmac : x\n\n',
    () => '\r\n\r\n\r\n',
    () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  ])();
  return Buffer.from(made as string, 'latin1');
}

describe(`the local HTTP API under attack (seed ${seed})`, () => {
  test(`${requests} hostile requests: no 5xx, no crash, no forgery accepted`, async () => {
    const chance = chanceOf('front door');
    const statuses = new Map<string, number>();
    const wrong: string[] = [];
    let sent = 0;
    const work = async () => {
      while (sent < requests) {
        sent += 1;
        const isRaw = sent % rawEvery === 0;
        const hostile = hostileRequest(chance, target, genuine, 0.05);
        const status = isRaw ? await sendRaw(hostileBytes(chance)) : await send(hostile);
        const attack = isRaw ? 'no HTTP' : hostile.attack;
        statuses.set(String(status), (statuses.get(String(status)) ?? 0) + 1);
        const isTaken =
          status === inProgress || (status !== undefined && status >= 200 && status < 300);
        const isForged = isTaken && (isRaw || !hostile.isAuthentic);
        if (isForged || (typeof status === 'number' && status >= 500)) {
          wrong.push(`${attack}: ${status}`);
        }
      }
    };
    await Promise.all(Array.from({ length: width }, work));
    console.log({ seed, statuses: Object.fromEntries(statuses) });
    expect(wrong).toEqual([]);
    expect(statuses.get('401')).toBeGreaterThan(requests * 0.4);
    expect(statuses.get('202')).toBeGreaterThan(requests * 0.02);
    expect(statuses.get('429')).toBeUndefined();
  }, 900_000);

  test('afterwards an ordinary webhook is accepted as before', async () => {
    const body = JSON.stringify(freshWebhook('message', 'waha'));
    const proof = { kind: 'signature', secret: target.signingSecret } as const;
    expect((await postWebhook(`${origin.origin}/webhooks`, body, proof)).status).toBe(202);
  });
});
