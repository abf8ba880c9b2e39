import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { FlowCounter } from '../../../console/server/journal/flow-figures.ts';
import { Journal } from '../../../console/server/journal/journal.ts';
import { type OpenConsole, openConsole } from '../../../console/server/open-console.ts';
import { observeLocalRun } from '../../../console/server/source/local-feed.ts';
import { quietSource } from '../server/quiet-source.ts';
import { findChromium } from './chromium.ts';

const journal = new Journal();
const flow = new FlowCounter();
const observer = observeLocalRun(journal, flow);
let console: OpenConsole;
let browser: Browser;
let page: Page;

/** A console of a pipeline that cannot be read: its source has no AWS. */
const open = (port: number) =>
  openConsole({ source: { ...quietSource('local'), journal, flow }, port });

beforeAll(async () => {
  console = await open(0);
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  page = await browser.newPage();
  await page.goto(`${console.url}events`);
});

afterAll(async () => {
  await browser?.close();
  await console?.close();
});

const banner = () => page.getByRole('alert');

test('no event yet: the page says how to send one, and leads to where it can be done', async () => {
  await page.getByText('No event yet.').waitFor();
  await page.locator('.empty').getByText('npx fanout send message').waitFor();
  expect(await page.locator('.empty a').getAttribute('href')).toBe('/console/try');
});

test('a pipeline that cannot be read is named with the reason, and read again by itself', async () => {
  await banner().getByText('The pipeline cannot be read: There is no AWS here.').waitFor();
  await page.locator('.health', { hasText: 'Reading the pipeline' }).waitFor();
});

test('events are shown all the same, as far as they are known', async () => {
  const eventId = '01234567-89ab-cdef-0123-456789abcdef';
  observer.routed?.({
    ...{ kind: 'published', eventId, bus: 'bus', source: 'whatsapp' },
    ...{ detailType: 'message', rules: [] },
  });
  await page.locator('.list .event-row', { hasText: 'message' }).waitFor();
});

test('an event is opened all the same: what is not known of it is named', async () => {
  await page.locator('.list .event-row').first().click();
  await page.getByText('Which rules match is not known').waitFor();
  await page.locator('.waterfall').getByText('published').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.detail').waitFor({ state: 'detached' });
  await page.keyboard.press('p');
});

test('a server that is gone is named with what to do; nothing looks enabled, and all is back with it', async () => {
  const port = Number(new URL(console.url).port);
  await console.close();
  await banner().getByText('The local run has stopped').waitFor();
  await banner().getByText('npm start').waitFor();
  await page.getByText(/Trying again in \d s/).waitFor();
  // The title follows the page a moment later.
  while (!(await page.title()).startsWith('Not connected')) {
    await banner().waitFor();
  }
  for (const control of await page.locator('main :is(button, input, select, textarea)').all()) {
    expect(await control.isDisabled()).toBe(true);
  }
  console = await open(port);
  await banner().getByText('The local run has stopped').waitFor({ state: 'detached' });
  expect(await page.getByRole('button', { name: 'Pause' }).isEnabled()).toBe(true);
  await page.locator('.list .event-row', { hasText: 'message' }).waitFor();
});

/** Stops the server, does something with the page, and starts the server again. */
async function withoutServer(act: () => Promise<void>): Promise<void> {
  const port = Number(new URL(console.url).port);
  await console.close();
  await banner().getByText('The local run has stopped').waitFor();
  await act();
  console = await open(port);
  await banner().getByText('The local run has stopped').waitFor({ state: 'detached' });
}

test('keys that were meant for a field go nowhere while the server is gone; then the field has the focus again', async () => {
  const search = page.getByRole('searchbox', { name: 'Search' });
  await search.fill('message');
  await page.waitForURL(/text=message$/);
  await withoutServer(async () => {
    await search.and(page.locator(':disabled')).waitFor();
    await page.keyboard.type('p 15');
  });
  await search.and(page.locator(':focus')).waitFor();
  expect(page.url()).toMatch(/events\?text=message$/);
  await page.getByRole('button', { name: 'Pause' }).waitFor();
});

test('a view that was opened while the server was gone is read when it is back', async () => {
  const known = { eventId: 'event', bus: 'bus', source: 'whatsapp', type: 'message', rules: [] };
  journal.publish({ ...known, at: Date.now(), text: '{"source":"whatsapp"}' });
  await page.goto(`${console.url}events`);
  await page.locator('.list .event-row').first().waitFor();
  await withoutServer(async () => {
    await page.getByRole('link', { name: 'Workbench' }).click();
    await page.getByRole('heading', { name: 'Workbench' }).waitFor();
  });
  await page.locator('[data-matched]', { hasText: 'of the last 1 event' }).waitFor();
  await withoutServer(async () => {
    await page.getByRole('link', { name: 'Try it' }).click();
    await page.getByRole('heading', { name: 'Try it' }).waitFor();
  });
  const send = page.getByRole('button', { name: 'Sign and send' });
  await send.and(page.locator(':enabled')).waitFor();
});

test('a tab of an AWS account continues when another tab was opened by the new link', async () => {
  const openAws = (port: number) => openConsole({ source: quietSource('aws'), port });
  let aws = await openAws(0);
  const port = Number(new URL(aws.url).port);
  const context = await browser.newContext();
  const old = await context.newPage();
  await old.goto(aws.url);
  await old.getByText('No event yet.').waitFor();
  await aws.close();
  const gone = old.locator('.health', { hasText: 'Not connected' });
  await gone.waitFor();
  aws = await openAws(port);
  const opened = await context.newPage();
  await opened.goto(aws.url);
  await opened.getByText('No event yet.').waitFor();
  await gone.waitFor({ state: 'detached' });
  await context.close();
  await aws.close();
});
