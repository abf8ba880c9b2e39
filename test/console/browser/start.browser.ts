import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { chromium } from 'playwright-core';
import { freshWebhook, postWebhook } from '../../../ops/send-webhook.ts';
import { secretEnvironment, testSecret } from '../../end-to-end/secrets.ts';
import { findChromium } from './chromium.ts';

interface Ready {
  readonly ingresses: Readonly<Record<string, string>>;
  readonly console: string;
}

test('a cold npm start leads to the first event seen in the page', async () => {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox'],
  });
  const page = await browser.newPage();
  const args = ['--disable-warning=ExperimentalWarning', 'bin/fanout.ts', 'local', '--memory'];
  const ports = ['--port', '0', '--aws-port', '0', '--console-port', '0', '--json'];
  const child = spawn(process.execPath, [...args, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...secretEnvironment },
  });
  const exited = new Promise((done) => child.once('exit', done));
  try {
    let ready: Ready | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      const reported = JSON.parse(line) as { event: string } & Ready;
      if (reported.event === 'ready') {
        ready = reported;
        break;
      }
    }
    const [ingress = ''] = Object.values(ready?.ingresses ?? {});
    const opened = page.goto(`${ingress}/console`);
    const body = JSON.stringify(freshWebhook('message', 'waha'));
    const proof = { kind: 'signature', secret: testSecret } as const;
    const [{ status }] = await Promise.all([
      postWebhook(`${ingress}/webhooks`, body, proof),
      opened,
    ]);
    expect(status).toBe(202);
    await page.locator('.list .event-row', { hasText: 'message' }).waitFor();
  } finally {
    child.kill('SIGTERM');
    await browser.close();
    await exited;
  }
});
