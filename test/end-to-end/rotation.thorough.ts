import type { LocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { secretCommand } from '../../cli/secret.ts';
import { freshWebhook, postWebhook } from '../../ops/send-webhook.ts';
import { runCommand } from '../cli/run-command.ts';
import { testSecret } from './secrets.ts';
import { startProject, webhookUrlOf } from './start-project.ts';
import { unthrottled } from './unthrottled.ts';

const webhooks = 5_000;

/** Webhooks on their way at the same time, as a busy sender has them. */
const width = 8;

/** With the old secret, before anybody rotates. */
const before = 1_500;

const first = testSecret;

let run: LocalRun;
beforeAll(async () => {
  run = await startProject({ context: unthrottled });
}, 120_000);
afterAll(async () => {
  await run?.close();
});

const secret = async (...words: string[]) => {
  const { lines } = await runCommand(
    secretCommand(),
    ...words,
    '--json',
    '--endpoint',
    run.awsEndpoint,
  );
  return JSON.parse(lines.at(-1) ?? '{}') as { secret: string; id: string };
};

/** Posts one webhook and gives its status. */
async function post(key: string): Promise<number> {
  const url = webhookUrlOf(run);
  const body = JSON.stringify(freshWebhook('message', 'waha'));
  return (await postWebhook(url, body, { kind: 'signature', secret: key })).status;
}

test(`of ${webhooks} webhooks, signed with the old secret and then with the new, none is refused`, async () => {
  const statuses = new Map<string, number>();
  let sent = 0;
  // What the sender signs with: changed as soon as the command has shown the new one.
  let key = first;
  const rotation = Promise.withResolvers<void>();
  const work = async () => {
    while (sent < webhooks) {
      sent += 1;
      if (sent === before) {
        void secret('rotate', 'waha')
          .then((made) => {
            key = made.secret;
            rotation.resolve();
          })
          .catch(rotation.reject);
      }
      // The last ones wait for the new secret, so that it is used for as many as the old one.
      if (sent > webhooks / 2 && key === first) {
        await rotation.promise;
      }
      const name = `${key === first ? 'old' : 'new'} ${await post(key)}`;
      statuses.set(name, (statuses.get(name) ?? 0) + 1);
    }
  };
  // A forgery at any moment makes ingest read its secrets; that must not keep it from reading the new one.
  const forger = setInterval(() => void post('forged').catch(() => {}), 200);
  await Promise.all(Array.from({ length: width }, work));
  clearInterval(forger);

  expect([...statuses.keys()].sort()).toEqual(['new 202', 'old 202']);
  expect([...statuses.values()].reduce((a, b) => a + b)).toBe(webhooks);
  expect(statuses.get('new 202')).toBeGreaterThan(webhooks / 4);

  // The old one is still taken, until it is retired; instances forget it within five minutes.
  expect(await post(first)).toBe(202);
  expect(await secret('retire', 'waha', '--yes')).toMatchObject({ id: 'first' });
  expect(await post(key)).toBe(202);
}, 900_000);
