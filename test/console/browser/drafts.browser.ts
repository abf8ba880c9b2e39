import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { Journal } from '../../../console/server/journal/journal.ts';
import { type OpenConsole, openConsole } from '../../../console/server/open-console.ts';
import { quietSource } from '../server/quiet-source.ts';
import { findChromium } from './chromium.ts';

const journal = new Journal();
let console: OpenConsole;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  for (const eventId of ['event-a', 'event-b']) {
    const text = JSON.stringify({ id: eventId, detail: { raw: { body: eventId } } });
    const known = { bus: 'bus', source: 'whatsapp', type: 'message', rules: [], at: Date.now() };
    journal.publish({ ...known, eventId, text });
  }
  console = await openConsole({ source: { ...quietSource('local'), journal }, port: 0 });
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
});

beforeEach(async () => {
  await page?.close();
  page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
  await page.goto(`${console.url}try`);
  await content('"event": "message"').waitFor();
});

afterAll(async () => {
  await browser?.close();
  await console?.close();
});

const editor = () => page.getByRole('textbox', { name: 'What the sender posts' });
const content = (text: string) => editor().filter({ hasText: text });
const choose = (type: string) => page.getByRole('combobox', { name: /^Type/ }).selectOption(type);
const send = () => page.getByRole('button', { name: 'Sign and send' });

/** Holds back the next drafts. */
async function holdDrafts(): Promise<() => void> {
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/api/draft?*', async (route) => {
    await isReleased;
    await route.continue();
  });
  return release;
}

/** Edits another event, and returns to the address from before. */
async function editAndGoBack(): Promise<void> {
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await page.locator('.list .event-row').first().click();
  await page.getByRole('button', { name: 'Edit and send' }).click();
  await content('"event-b"').waitFor();
  expect(page.url()).toMatch(/edit=event-b$/);
  for (let steps = 0; steps < 3; steps += 1) {
    await page.goBack();
  }
}

test('nothing can be sent while the draft of the type that was chosen is on its way', async () => {
  const release = await holdDrafts();
  await choose('message.ack');
  await page.waitForURL(/type=message.ack/);
  await send().and(page.locator(':disabled')).waitFor();
  release();
  await content('"event": "message.ack"').waitFor();
  await send().and(page.locator(':enabled')).waitFor();
});

test('what is typed while a draft is on its way is not replaced by it', async () => {
  const release = await holdDrafts();
  await choose('message.ack');
  await page.waitForURL(/type=message.ack/);
  await editor().fill('{"typed": true}');
  release();
  await send().and(page.locator(':enabled')).waitFor();
  expect(await editor().innerText()).toBe('{"typed": true}');
  await page.getByRole('button', { name: 'New example' }).click();
  await content('"event": "message.ack"').waitFor();
});

test('a body that was edited is still there after another view', async () => {
  await editor().fill('{"typed": true}');
  await page.getByRole('link', { name: 'Workbench' }).click();
  await page.getByRole('heading', { name: 'Workbench' }).waitFor();
  const drafts: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/draft')) {
      drafts.push(request.url());
    }
  });
  const isPreviewed = page.waitForResponse('**/api/preview*');
  await page.getByRole('link', { name: 'Try it' }).click();
  await isPreviewed;
  expect(drafts).toEqual([]);
  expect(await editor().innerText()).toBe('{"typed": true}');
});

test('the body is that of the event in the address, also after another event was edited', async () => {
  await page.goto(`${console.url}try?edit=event-a`);
  await content('"event-a"').waitFor();
  await editAndGoBack();
  await page.waitForURL(/edit=event-a$/);
  await content('"event-a"').waitFor();
});

test('an event that is not held is an error, and the body of another one is not shown for it', async () => {
  await page.goto(`${console.url}try?edit=event-c`);
  const isUnknown = () => page.getByText('This event is not held').waitFor();
  await isUnknown();
  await page.getByRole('button', { name: 'Close this message' }).click();
  await editAndGoBack();
  await isUnknown();
  expect(await editor().innerText()).not.toContain('event-b');
  await send().and(page.locator(':disabled')).waitFor();
  await editor().fill('{"typed": true}');
  await send().and(page.locator(':enabled')).waitFor();
});

test('a number that is emptied in the form and typed again is a number', async () => {
  const form = page.locator('.payload-form');
  const field = form.getByLabel('timestamp', { exact: true });
  await field.fill('');
  await field.pressSequentially('1700000000');
  await content('"timestamp": 1700000000').waitFor();
  await form.getByRole('combobox', { name: 'Add a field' }).selectOption('location.latitude');
  await form.getByLabel('location.latitude', { exact: true }).fill('52.5');
  await content('"latitude": 52.5').waitFor();
});
