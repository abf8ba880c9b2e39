import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Aws, startAws } from '../../bench/aws.ts';
import { type FunctionProcess, startFunction } from '../../bench/process/function.ts';
import { bundleAll, bundleOf, type SubjectName, subjectNames } from '../../bench/subjects.ts';
import { apiGatewayEvent, eventFactory } from '../../bench/webhook.ts';

const directory = mkdtempSync(join(tmpdir(), 'fanout-test-'));
const processes = new Map<SubjectName, FunctionProcess>();
const next = eventFactory(2_048);
/** A message webhook that no test has sent yet. */
const newMessage = () => next().body;
let aws: Aws;

beforeAll(async () => {
  const bundles = await bundleAll(directory);
  aws = await startAws();
  for (const name of subjectNames) {
    processes.set(name, startFunction(bundleOf(name, bundles), aws.endpoint));
  }
}, 180_000);

afterAll(async () => {
  for (const each of processes.values()) {
    each.stop();
  }
  await aws?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** What a subject answered when it was not a 202, and the AWS calls that it made. */
async function send(name: SubjectName, body: string, signedBody = body) {
  aws.takeRequests();
  const sample = processes.get(name)?.handle([apiGatewayEvent(body, signedBody)]);
  const refused = await sample?.then(({ refused }) => refused?.statusCode);
  return { refused, calls: aws.takeRequests() };
}

const deduplicating = ['ours', 'usual stack', 'powertools'] as const;

describe('every subject does the work that it is measured with', () => {
  test.each(subjectNames)('%s accepts a signed webhook and publishes it once', async (name) => {
    const { refused, calls } = await send(name, newMessage());
    expect(refused).toBeUndefined();
    expect(calls.filter((call) => call.startsWith('PutEvents'))).toEqual(['PutEvents message']);
  });

  test.each(subjectNames)(
    '%s refuses a webhook with one changed byte, and publishes nothing',
    async (name) => {
      const message = newMessage();
      const { refused, calls } = await send(name, message.replace('Málaga', 'Malaga'), message);
      expect(refused).toBe(401);
      expect(calls.filter((call) => call !== 'GetSecretValue')).toEqual([]);
    },
  );

  test.each(deduplicating)(
    '%s writes a record before it publishes, completes it afterwards, and publishes no duplicate',
    async (name) => {
      const message = newMessage();
      const acquire = name === 'ours' ? 'UpdateItem' : 'PutItem';
      expect((await send(name, message)).calls).toEqual([
        acquire,
        'PutEvents message',
        'UpdateItem',
      ]);
      expect((await send(name, message)).calls).toEqual([acquire]);
    },
  );

  test('a subject without deduplication calls nothing but PutEvents', async () => {
    for (const name of ['ours', 'usual stack'] as const) {
      const { calls } = await send(`${name} without deduplication`, newMessage());
      expect(calls).toEqual(['PutEvents message']);
    }
  });

  test.each(['floor', 'floor without deduplication'] as const)(
    '%s makes the calls of ingest',
    async (name) => {
      const ingest = name.replace('floor', 'ours') as SubjectName;
      expect((await send(name, newMessage())).calls).toEqual(
        (await send(ingest, newMessage())).calls,
      );
    },
  );

  test('the usual stack and Powertools validate: a message without a sender is not published', async () => {
    const { payload, ...envelope } = JSON.parse(newMessage());
    const { from: _, ...rest } = payload;
    const wrong = JSON.stringify({ ...envelope, payload: rest });
    expect(await send('usual stack', wrong)).toEqual({ refused: 400, calls: [] });
    await expect(send('powertools', wrong)).rejects.toThrow(/pars/i);
    expect(aws.takeRequests()).not.toContain('PutEvents message');
  });
});
