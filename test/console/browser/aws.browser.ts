import { type LocalRun, startLocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type OpenConsole, openConsole } from '../../../console/server/open-console.ts';
import { awsSource } from '../../../console/server/source/aws-source.ts';
import { freshWebhook, postWebhook } from '../../../ops/send-webhook.ts';
import { assembleProject } from '../../end-to-end/assembly.ts';
import { secretEnvironment, testSecret } from '../../end-to-end/secrets.ts';
import { findChromium } from './chromium.ts';

// The same code that looks at an AWS account, by the AWS APIs of a local run: nothing of it is told
// what happens in another way.
let run: LocalRun;
let console: OpenConsole;
let browser: Browser;
let page: Page;
let subscribed = '';

const secretText = 'The parcel is at the neighbours, second floor.';

beforeAll(async () => {
  run = await startLocalRun({
    assembly: await assembleProject(),
    ...{ ingressPort: 0, awsPort: 0, environment: secretEnvironment },
  });
  const stack = run.stacks[0]?.name;
  const source = awsSource({ stack, endpoint: run.awsEndpoint, region: run.region });
  console = await openConsole({ source, port: 0 });
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  page = await (await browser.newContext()).newPage();
  page.on('response', (response) => {
    // The stream of update has no end; what it says is in the page.
    if (response.url().includes('/api/') && !response.url().includes('/api/live')) {
      void response.text().then(
        (text) => {
          subscribed += text;
        },
        () => {},
      );
    }
  });
});

afterAll(async () => {
  await browser?.close();
  await run?.close();
});

async function namesOfTail(): Promise<readonly string[]> {
  const { QueueUrls = [] } = await run.services.sqs.call('ListQueues', {
    QueueNamePrefix: 'fanout-tail-',
  });
  const { Rules } = await run.services.eventBridge.call('ListRules', {
    EventBusName: 'whatsapp-dev',
    NamePrefix: 'fanout-tail-',
  });
  return [...(QueueUrls as string[]), ...(Rules as { Name: string }[]).map(({ Name }) => Name)];
}

async function send(): Promise<void> {
  const body = freshWebhook('message', 'waha') as unknown as { payload: Record<string, unknown> };
  body.payload.body = secretText;
  const url = `${[...run.ingresses.values()][0]}/webhooks`;
  const proof = { kind: 'signature', secret: testSecret } as const;
  expect((await postWebhook(url, JSON.stringify(body), proof)).status).toBe(202);
}

test('the link lets its page in, and takes the token out of the address', async () => {
  await page.goto(console.url);
  await page.locator('.health:not(.unknown)').waitFor();
  expect(page.url()).not.toContain('token');
  await page.reload();
  await page.locator('.health:not(.unknown)').waitFor();
  // An address opens in another tab of this browser too.
  const other = await page.context().newPage();
  await other.goto(new URL('/console/failures', console.url).href);
  await other.getByText('All failure queues are empty.').waitFor();
  await other.close();
  const stranger = await browser.newPage();
  await stranger.goto(console.url);
  await stranger.getByText('This link was used before').waitFor();
  await stranger.close();
});

test('events arrive through the bus, with no personal content in the page', async () => {
  while ((await namesOfTail()).length < 2) {
    await new Promise((done) => setTimeout(done, 50));
  }
  await send();
  const row = page.locator('.list .event-row', { hasText: 'message' }).first();
  await row.waitFor();
  await row.click();
  await page.getByLabel('Envelope', { exact: true }).waitFor();
  await page.locator('.waterfall .hop').getByText('whatsapp-dev-messages').waitFor();
  await page.locator('.waterfall').getByText('AWS does not report when it arrives.').waitFor();
  const shown = (await page.locator('body').innerText()) + subscribed;
  expect(shown).toContain('message');
  expect(shown).not.toContain(secretText);
  expect(shown).not.toMatch(/\d{5,}@c\.us/);
});

test('what is personal is shown when it is asked for', async () => {
  await page.getByLabel('Show personal content').check();
  await page
    .getByLabel('Raw payload', { exact: true })
    .getByText(secretText.slice(0, 20))
    .waitFor();
});

test('dead-letter messages and state are those of the stack', async () => {
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Failure queues' }).click();
  await page.getByText('All failure queues are empty.').waitFor();
  await page.locator('.queues summary').click();
  await page.locator('.queues').getByText('undeliverable').waitFor();
  await page.getByRole('link', { name: 'State' }).click();
  await page.locator('.chat-list .row').first().waitFor();
});

test('nothing is left of it in the account', async () => {
  await console.close();
  expect(await namesOfTail()).toEqual([]);
});
