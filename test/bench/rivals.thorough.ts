import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundleFunctions } from '../../bench/functions/bundle-functions.ts';
import { ownFunctions } from '../../bench/functions/own-functions.ts';
import { rivalFunctions } from '../../bench/functions/rival-functions.ts';
import { type IngestName, ingestSubjects } from '../../bench/ingest/subjects.ts';
import { type FunctionProcess, startFunction } from '../../bench/process/start-function.ts';
import { type Stub, startStub } from '../../bench/process/start-stub.ts';
import { signingSecret } from '../../bench/webhooks/signing-secret.ts';
import { webhookOfSize } from '../../bench/webhooks/webhook-of-size.ts';
import { webhookRequest } from '../../bench/webhooks/webhook-request.ts';

const directory = mkdtempSync(join(tmpdir(), 'fanout-test-'));
const subjects = ingestSubjects();
const names = Object.keys(subjects) as IngestName[];
const processes = new Map<IngestName, FunctionProcess>();
let stub: Stub;

beforeAll(async () => {
  const { ingest } = ownFunctions;
  const code = bundleFunctions({ ...rivalFunctions, ingest }, directory);
  stub = await startStub();
  for (const name of names) {
    const { environment, code: part } = subjects[name];
    const props = { directory: code[part].directory, endpoint: stub.endpoint, environment };
    processes.set(name, await startFunction(props));
  }
}, 180_000);

afterAll(() => {
  for (const each of processes.values()) each.stop();
  stub?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const request = (body: string, signed = body) =>
  webhookRequest(body, createHmac('sha512', signingSecret).update(signed).digest('hex'), 'test');

const message = webhookOfSize(2_048);
const invoke = (name: IngestName, event: unknown) => processes.get(name)?.invoke(event);

describe('everything that is compared does the work that it is measured with', () => {
  test.each(names)('%s takes a signed webhook and sends it on once', async (name) => {
    await stub.takeCounts();
    expect(await invoke(name, request(message))).toMatchObject({ statusCode: 202 });
    const counts = await stub.takeCounts();
    expect(counts).toMatchObject(name === 'floor' ? { floor: 1 } : { 'event message': 1 });
  });

  test.each(names)(
    '%s refuses a webhook with one changed byte, and sends nothing on',
    async (name) => {
      await stub.takeCounts();
      const forged = request(message.replace('Málaga', 'Malaga'), message);
      expect(await invoke(name, forged)).toMatchObject({ statusCode: 401 });
      const { PutEvents = 0, floor = 0 } = await stub.takeCounts();
      expect(PutEvents + floor).toBe(0);
    },
  );

  test('with its ledger, ingest reads and writes once; without, neither', async () => {
    await stub.takeCounts();
    await invoke('ours', request(message));
    expect(await stub.takeCounts()).toMatchObject({ GetItem: 1, PutItem: 1, PutEvents: 1 });
    await invoke('ours, no ledger', request(message));
    expect(await stub.takeCounts()).toEqual({ PutEvents: 1, 'event message': 1 });
  });

  test('Powertools keeps and finishes a record for each webhook', async () => {
    await stub.takeCounts();
    await invoke('powertools', request(message));
    expect(await stub.takeCounts()).toMatchObject({ PutItem: 1, UpdateItem: 1, PutEvents: 1 });
  });

  test('the usual stack and Powertools validate: a message without a sender is refused', async () => {
    const { payload, ...envelope } = JSON.parse(message);
    const { from: _, ...rest } = payload;
    const wrong = request(JSON.stringify({ ...envelope, payload: rest }));
    expect(await invoke('usual stack', wrong)).toMatchObject({ statusCode: 400 });
    await expect(invoke('powertools', wrong)).rejects.toThrow(/pars/i);
  });

  test('the ingest function is the same whatever number of consumers hears it', () => {
    expect(subjects['ours, 20 consumers'].environment).toEqual(
      subjects['ours, 1 consumer'].environment,
    );
  });
});
