import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { chromium } from 'playwright-core';
import { freshWebhook } from '../../../cli/fresh-webhook.ts';
import { postWebhook } from '../../../cli/post-webhook.ts';
import { findChromium } from './chromium.ts';

/** From the built app to the first event in the page. */
const mostMs = 5_000;

interface Ready {
  readonly frontDoors: Readonly<Record<string, string>>;
  readonly console: string;
}

test('from a cold npm start to the first event seen in the page: under 5 s after the build', async () => {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox'],
  });
  const page = await browser.newPage();
  const args = ['--disable-warning=ExperimentalWarning', 'bin/fanout.ts', 'local', '--memory'];
  const ports = ['--port', '0', '--aws-port', '0', '--console-port', '0', '--json'];
  const child = spawn(process.execPath, [...args, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((done) => child.once('exit', done));
  try {
    let builtAt = Number.POSITIVE_INFINITY;
    let ready: Ready | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      const told = JSON.parse(line) as { event: string; message?: string } & Ready;
      if (told.event === 'note' && /^The app is built/.test(told.message ?? '')) {
        builtAt = performance.now();
      }
      if (told.event === 'ready') {
        ready = told;
        break;
      }
    }
    const [frontDoor = ''] = Object.values(ready?.frontDoors ?? {});
    const opened = page.goto(`${frontDoor}/console`);
    const body = JSON.stringify(freshWebhook('message', 'waha'));
    const proof = { kind: 'signature', secret: 'local-signing-secret' } as const;
    const [{ status }] = await Promise.all([
      postWebhook(`${frontDoor}/webhooks`, body, proof),
      opened,
    ]);
    expect(status).toBe(202);
    await page.locator('.list-row', { hasText: 'message' }).waitFor();
    const took = performance.now() - builtAt;
    process.stdout.write(`first event seen ${Math.round(took)} ms after the build\n`);
    expect(took).toBeLessThan(mostMs);
  } finally {
    child.kill('SIGTERM');
    await browser.close();
    await exited;
  }
});
