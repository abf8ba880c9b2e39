import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRun, startLocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Arrival, Arrivals } from '../../cli/local/arrivals.ts';
import { freshWebhook, postWebhook } from '../../ops/send-webhook.ts';
import { assembleProject } from './assembly.ts';
import { secretEnvironment, testSecret } from './secrets.ts';

const arrivals = new Arrivals();
let folder = '';
let run: LocalRun;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fanout-filters-'));
  cpSync(await assembleProject(), folder, { recursive: true });
  // What `-c filters=…` synthesizes differs in this one value (test/lib/filters-setting.thorough.ts).
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.template.json'))) {
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text.replace('"FILTERS": "none"', '"FILTERS": "presence:drop,engine:drop"'),
    );
  }
  run = await startLocalRun({
    assembly: folder,
    ingressPort: 0,
    awsPort: 0,
    environment: secretEnvironment,
    observer: arrivals.observer,
  });
});

afterAll(async () => {
  await run?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('in a running pipeline filtered events are answered 200 and reach no queue, and all others do', async () => {
  const url = `${[...run.ingresses.values()][0]}/webhooks`;
  const send = (type: 'presence.update' | 'engine.event' | 'message') =>
    postWebhook(url, JSON.stringify(freshWebhook(type, 'waha')), {
      kind: 'signature',
      secret: testSecret,
    });
  const remaining: string[] = [];
  for (const type of ['presence.update', 'engine.event'] as const) {
    const { status, body } = await send(type);
    expect([status, body]).toEqual([200, { id: expect.any(String), type, filtered: 'drop' }]);
    remaining.push((body as { id: string }).id);
  }
  const { status, body } = await send('message');
  expect(status).toBe(202);
  const { functions } = await arrivals.of((body as { id: string }).id, isHandled, 60_000);
  expect([...functions.keys()]).toEqual(['whatsapp-dev-messages']);
  for (const id of remaining) {
    expect((await arrivals.of(id, () => true, 0)).queues).toEqual(new Map());
  }
});

const isHandled = ({ functions }: Arrival) => functions.size > 0;
