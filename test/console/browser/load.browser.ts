import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { FlowCounter } from '../../../console/server/journal/flow-figures.ts';
import { Journal } from '../../../console/server/journal/journal.ts';
import { type OpenConsole, openConsole } from '../../../console/server/open-console.ts';
import { observeLocalRun } from '../../../console/server/source/local-feed.ts';
import { quietSource } from '../server/quiet-source.ts';
import { findChromium } from './chromium.ts';

/** What the console promises to hold. */
const held = 100_000;
/** More than a page receives at once. */
const burst = 2_000;

const journal = new Journal();
const flow = new FlowCounter();
const observer = observeLocalRun(journal, flow);
let console: OpenConsole;
let browser: Browser;
let page: Page;
let count = 0;

/** Reports an event of 2 KB as a local run does. */
function publish(): void {
  count += 1;
  const eventId = randomUUID();
  const meta = {
    id: `message:${count}`,
    ...{ type: 'message', category: 'messages', session: `shop ${count % 5}` },
    ...{ receivedAt: new Date().toISOString(), chat: `${count % 400}@c.us` },
  };
  const data = { body: `message number ${count}`, filler: String(count % 97).repeat(900) };
  const detail = JSON.stringify({ meta, data, raw: {} });
  const text = `{"version":"0","id":"${eventId}","detail-type":"message","source":"whatsapp","detail":${detail}}`;
  const about = { eventId, bus: 'bus' };
  const target = { rule: 'rule', targetId: 'one', targetArn: 'arn:aws:sqs:r:1:queue', attempt: 1 };
  observer.queued?.(target.targetArn, text);
  observer.routed?.({
    ...{ kind: 'published', ...about, source: 'whatsapp', detailType: 'message', rules: ['rule'] },
  });
  observer.routed?.({ kind: 'delivered', ...about, ...target, ms: 1 });
}

beforeAll(async () => {
  for (let index = 0; index < held + 5_000; index += 1) {
    publish();
  }
  const source = { ...quietSource('local'), journal, flow };
  console = await openConsole({ source, port: 0 });
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  page = await browser.newPage();
  await page.goto(`${console.url}events`);
  await page.locator('.list .event-row').first().waitFor();
});

afterAll(async () => {
  await browser?.close();
  await console?.close();
});

test('100,000 events are held, and each can be reached', async () => {
  await page.getByText('100,000 events').waitFor();
  await page.getByRole('listbox').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page
    .locator('.list .event-row')
    .getByText('message number 5001', { exact: true })
    .waitFor();
  expect(await page.locator('.list-row').count()).toBeLessThan(100);
  await page.keyboard.press('Home');
  await page.keyboard.press('p');
});

test('a search goes through all of them', async () => {
  await page.getByRole('searchbox', { name: 'Search' }).fill('number 77777');
  await page.getByText('1 match').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
});

test('of more events than it can show the page shows a sample and says so, until it is paused', async () => {
  for (let index = 0; index < burst; index += 1) {
    publish();
  }
  const sample = page.locator('[data-sampled]');
  await sample.waitFor();
  expect(await sample.innerText()).toMatch(new RegExp(`sampled: \\d+ of ${burst} shown`));
  // All of it is there, also what the sample left out.
  await page.keyboard.press('p');
  await sample.waitFor({ state: 'detached' });
  await page
    .locator('.list .event-row')
    .getByText(`message number ${count}`, { exact: true })
    .waitFor();
  expect(journal.lastSeq).toBe(count);
});

test('what is held takes little memory: texts are packed', () => {
  expect(journal.size).toBe(held);
});

test('the page does not grow while a person works with it all day', async () => {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  /** Megabytes that the page's script needs, without what can be collected. */
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 2 ** 20;
  };
  const work = async (times: number) => {
    for (let index = 0; index < times; index += 1) {
      await page.getByRole('searchbox', { name: 'Search' }).fill(`number 8${index % 10}00`);
      await page.locator('.filters .figures', { hasText: 'match of' }).waitFor();
      await page.locator('.list[aria-busy="false"] .event-row').first().click();
      await page.locator('.detail .close').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.locator('.filters .figures', { hasText: /\d events$/ }).waitFor();
      await page.keyboard.press('5');
      await page.getByRole('heading', { name: 'Workbench' }).waitFor();
      await page.keyboard.press('1');
      await page.locator('.list .event-row').first().waitFor();
    }
  };
  await work(5);
  const before = await heap();
  await work(20);
  expect((await heap()) - before).toBeLessThan(2);
});
