import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { bundlingOf } from '../../lib/bundling.ts';
import { freshWebhook } from '../../ops/send-webhook.ts';
import { assembleProject } from '../end-to-end/assembly.ts';
import { type Answer, type Tapped, TappedPipeline } from '../end-to-end/bus-tap.ts';
import { unthrottled } from '../end-to-end/unthrottled.ts';
import type { Kills } from './chaotic-ingest.ts';

const pairs = 50;
/** Each ends a process of ingest. */
const killedPairsOfACall = 20;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** What the deduplication table does with a request, instead of answering it. */
type TableFault = (request: IncomingMessage, response: ServerResponse) => boolean;

let pipeline: TappedPipeline;
let directory: string;
let tableFault: TableFault = () => false;
beforeAll(async () => {
  const bundling = bundlingOf();
  directory = mkdtempSync(join(tmpdir(), 'fanout-chaotic-ingest-'));
  await build({
    entryPoints: [fileURLToPath(new URL('./chaotic-ingest.ts', import.meta.url))],
    outfile: join(directory, 'index.mjs'),
    ...{ bundle: true, format: 'esm', platform: 'node', mainFields: bundling.mainFields ?? [] },
    external: bundling.externalModules ?? [],
  });
  pipeline = await TappedPipeline.start(await assembleProject(unthrottled), {
    fault: (request, response) =>
      String(request.headers['x-amz-target']).endsWith('.UpdateItem') &&
      tableFault(request, response),
  });
  pipeline.run.services.lambda.updateCode('whatsapp-dev-ingest', directory);
});
afterAll(async () => {
  await pipeline?.close();
  rmSync(directory, { recursive: true, force: true });
});

let sessions = 0;
/** A message of a session of its own, as both types. */
function newPair() {
  const webhook = { ...freshWebhook('message', 'waha'), session: `pair-${++sessions}` };
  return [webhook, { ...webhook, event: 'message.any' }] as const;
}

/** Posts as WAHA does: again, two seconds apart or as Retry-After says, but until the answer is 2xx. */
async function send(webhook: object): Promise<Answer> {
  for (;;) {
    const answer = await pipeline.post(webhook).catch(() => undefined);
    if (answer && answer.status < 300) {
      return answer;
    }
    await pause(Math.max(2_000, Number(answer?.retryAfter ?? 0) * 1_000));
  }
}

/** Posts two webhooks with a gap between them, and so many pairs at once. */
async function sendPairs(
  all: readonly (readonly [object, object])[],
  gapMs: number,
  atOnce: number,
): Promise<void> {
  const waiting = [...all];
  const worker = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const first = send(next[0]);
      await pause(gapMs);
      await Promise.all([first, send(next[1])]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await pipeline.settle();
}

const eventsOf = ({ session }: { readonly session: string }) =>
  pipeline.events.filter(({ meta }) => meta.session === session);
const isPlain = ({ meta }: Tapped) => !meta.duplicateOf;
const typesOf = (events: readonly Tapped[]) => new Set(events.map(({ meta }) => meta.type));

/** What must hold of a pair, whatever happened: nothing is lost, and of two types one is marked. */
function faultsOf([webhook]: ReturnType<typeof newPair>): readonly string[] {
  const events = eventsOf(webhook);
  const plain = events.filter(isPlain);
  return [
    ...(typesOf(events).size < 2 || plain.length === 0 ? ['lost'] : []),
    ...(typesOf(plain).size > 1 ? ['unmarked pair'] : []),
    ...(new Set(events.map(({ meta }) => meta.id)).size > 1 ? ['two ids'] : []),
  ];
}

const gaps = [0, 2, 5, 10, 30];

describe('pairs of one fact', () => {
  test.each(gaps)(
    'as two types, %d ms apart: exactly one is not marked as a duplicate',
    async (gapMs) => {
      const all = Array.from({ length: pairs }, newPair);
      await sendPairs(all, gapMs, 10);
      expect(all.flatMap(faultsOf)).toEqual([]);
      for (const [webhook] of all) {
        expect(eventsOf(webhook)).toHaveLength(2);
      }
    },
  );

  test.each(gaps)('as a retry, %d ms later: exactly one is published', async (gapMs) => {
    const all = Array.from({ length: pairs }, () => {
      const [webhook] = newPair();
      return [webhook, webhook] as const;
    });
    await sendPairs(all, gapMs, 10);
    for (const [webhook] of all) {
      expect(eventsOf(webhook)).toHaveLength(1);
    }
  });
});

test('while ingest is killed before and after each call of AWS, no pair is lost or unmarked', async () => {
  const kills: Kills = (['acquire', 'publish', 'complete'] as const).flatMap((call) =>
    (['before', 'after'] as const).map((when) => ({ call, when })),
  );
  writeFileSync(join(directory, 'kills.json'), JSON.stringify(kills));
  const all = Array.from({ length: kills.length * killedPairsOfACall }, newPair);
  await sendPairs(all, 5, all.length);
  rmSync(join(directory, 'kills.json'));
  // Each fact is hit at one step: by its key where a call of DynamoDB is, else by its id.
  const killed = readFileSync(join(directory, 'killed.log'), 'utf8').trim().split('\n');
  expect(killed.length).toBeGreaterThan(all.length / 2);
  expect(all.flatMap(faultsOf)).toEqual([]);
});

describe('while the deduplication table', () => {
  const answer = (response: ServerResponse) => {
    response.writeHead(500, { 'content-type': 'application/x-amz-json-1.0' });
    response.end('{"__type":"InternalServerError"}');
  };
  const faults: readonly (readonly [string, TableFault])[] = [
    [
      'fails',
      (request, response) => {
        request.resume();
        answer(response);
        return true;
      },
    ],
    [
      'does not answer',
      (request) => {
        request.resume();
        return true;
      },
    ],
    [
      'answers only after the write, too late',
      (request, response) => {
        const { end } = response;
        response.end = ((...parts: Parameters<typeof end>) => {
          setTimeout(() => end.apply(response, parts), 5_000).unref();
          return response;
        }) as never;
        request.on('error', () => {});
        return false;
      },
    ],
  ];

  test.each(faults)('%s, events are published, either once or marked', async (_name, fault) => {
    const all = Array.from({ length: 6 }, newPair);
    tableFault = fault;
    await sendPairs(all, 0, all.length);
    tableFault = () => false;
    for (const [webhook] of all) {
      const events = eventsOf(webhook);
      expect(typesOf(events)).toEqual(new Set(['message', 'message.any']));
      const unmarked = events.filter((event) => isPlain(event) && !event.meta.deduplication);
      expect(unmarked).toEqual([]);
      expect(new Set(events.map(({ meta }) => meta.id)).size).toBe(1);
    }
  });
});
