import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fanout, isNote, LocalCommand, type Printed } from '../cli/local/local-command.ts';
import { makeScratchCopy, type ScratchCopy } from '../scratch-copy.ts';

let copy: ScratchCopy;
let run: LocalCommand;
let ready: Printed;
const unset = {
  ...{ AWS_PORT: undefined, FANOUT_URL: undefined },
  ...{ SIGNING_SECRET: undefined, URL_SECRET: undefined },
};
const call = (...args: readonly string[]) => fanout(copy.directory, args, unset);

beforeAll(async () => {
  copy = makeScratchCopy();
  run = new LocalCommand(copy.directory, ['--watch']);
  ready = await run.ready();
  await run.until(isNote('Watching'));
});
afterAll(async () => {
  await run?.stop();
  copy?.remove();
});

const calls = 'lambdas/consumers/calls.ts';

/** The consumer, which logs a word at each invocation. */
const logging = (word: string) =>
  `${readFileSync(calls, 'utf8').replace('export const handler =', 'const inner =')}
export const handler: typeof inner = (...given) => {
  console.log('${word}');
  return inner(...given);
};
`;

/** Saves as most editors do: under another name first, which is then renamed. */
function saveByRename(path: string, content: string): void {
  writeFileSync(copy.inCopy(`${path}~`), content);
  renameSync(copy.inCopy(`${path}~`), copy.inCopy(path));
}

const isLog = (text: string) => (each: Printed) =>
  each.event === 'log' && String(each.text).includes(text);

describe('npm start -- --watch', () => {
  test('uses a handler that was saved by renaming from its next invocation on, without a synth', async () => {
    for (const word of ['saved-once', 'saved-twice']) {
      const before = run.printed.length;
      saveByRename(calls, logging(word));
      await run.until(isNote(`Changed ${calls}, reloading`), before);
      await run.until(isNote(`Reloaded: new code of ${calls}`), before);
      expect((await call('send', 'call.received')).status).toBe(0);
      await run.until(isLog(word), before);
      expect(run.printed.slice(before).some(isNote('Reloaded: the new app'))).toBe(false);
    }
  });

  test("prints only esbuild's error, and the previous code continues to run", async () => {
    const before = run.printed.length;
    saveByRename(calls, `${logging('broken')}\nconst = 1;\n`);
    const { message } = await run.until(isNote('Reload failed'), before);
    expect(message).toMatch(
      /✘ \[ERROR\] Expected identifier but found "="\n\n {4}lambdas\/consumers/,
    );
    expect(message).not.toMatch(/^\s+at /m);
    expect((await call('send', 'call.received')).status).toBe(0);
    await run.until(isLog('saved-twice'), before);
    const broken = run.printed.length;
    saveByRename(calls, logging('mended'));
    await run.until(isNote('Reloaded'), broken);
    expect((await call('send', 'call.received')).status).toBe(0);
    await run.until(isLog('mended'), broken);
  });

  test('synthesizes the app again when a source of it changes, and keeps the handlers that run', async () => {
    const before = run.printed.length;
    const consumers = readFileSync(copy.inCopy('lib/consumers.ts'), 'utf8');
    const row = "  more: { kind: 'queue', summary: 'More', categories: ['calls'] },\n};";
    saveByRename('lib/consumers.ts', consumers.replace(/^};$/m, row));
    await run.until(isNote('Reloaded: the new app runs'), before);
    const { out } = await call('rules', '--for', 'call.received');
    expect(out).toMatch(/^more\s/m);
    expect((await call('send', 'call.received')).status).toBe(0);
    await run.until(isLog('mended'), before);
  });
});

describe('the secrets of a local run', () => {
  test('are random, and found by fanout send for senders that sign and for those that do not', async () => {
    for (const sender of ['waha', 'wawp']) {
      const { out, text, status } = await call('send', 'message', '--as', sender, '--json');
      expect({ status, answer: JSON.parse(out).status }).toEqual({ status: 0, answer: 202 });
      expect(text).toMatch(
        /^Local run: WhatsAppEventFanout-dev at http:\/\/127\.0\.0\.1:\d+ \(process \d+\)\.\n$/,
      );
    }
    const { out } = await call('send', 'message', '--json', '--secret', 'local-signing-secret');
    expect(JSON.parse(out).status).toBe(401);
  });

  test('are found after a rotation, too', async () => {
    await call('secret', 'rotate', 'waha');
    await call('secret', 'retire', 'waha', '--yes');
    expect(JSON.parse((await call('send', 'message', '--json')).out).status).toBe(202);
  });
});

describe('a web page', () => {
  const post = (url: string, headers: Readonly<Record<string, string>>, method = 'POST') =>
    new Promise<number | undefined>((resolve, reject) => {
      request(url, { method, headers }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode));
      })
        .once('error', reject)
        .end();
    });
  const ingress = () => String(Object.values(ready.ingresses as object)[0]);

  test.each<Readonly<Record<string, string>>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:3000' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('cannot post a webhook: %j, and the run prints its origin', async (headers) => {
    const before = run.printed.length;
    expect(await post(`${ingress()}/webhooks?secret=guess`, headers)).toBe(403);
    expect(await run.until(({ event }) => event === 'refused', before)).toMatchObject({
      ...{ method: 'POST', path: '/webhooks' },
      ...('origin' in headers ? { origin: headers.origin } : { site: headers['sec-fetch-site'] }),
    });
  });

  test('reaches neither the AWS endpoint nor the console, also by DNS rebinding', async () => {
    for (const url of [String(ready.awsEndpoint), `${ready.console}api/overview`]) {
      const attempts: Readonly<Record<string, string>>[] = [
        { origin: 'https://evil.example' },
        { origin: 'http://localhost:3000' },
        { 'sec-fetch-site': 'cross-site' },
        { host: `evil.example:${new URL(url).port}` },
      ];
      for (const headers of attempts) {
        expect([url, headers, await post(url, headers)]).toEqual([url, headers, 403]);
      }
    }
  });

  test('is blocked without blocking programs and people', async () => {
    expect(await post(`${ingress()}/webhooks`, {})).toBe(401);
    expect(await post(`${ingress()}/webhooks`, { 'sec-fetch-site': 'none' })).toBe(401);
    expect(await post(`${ingress()}/health`, { 'sec-fetch-site': 'none' }, 'GET')).toBe(200);
  });
});

test('the data of a run is for its owner only', () => {
  for (const name of ['fanout.sqlite', 'run.json']) {
    expect(statSync(join(copy.directory, '.fanout', name)).mode & 0o777).toBe(0o600);
  }
});
