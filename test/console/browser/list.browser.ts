import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page, type Route } from 'playwright-core';
import { FlowCounter } from '../../../console/server/journal/flow-figures.ts';
import { Journal } from '../../../console/server/journal/journal.ts';
import { type OpenConsole, openConsole } from '../../../console/server/open-console.ts';
import { quietSource } from '../server/quiet-source.ts';
import { findChromium } from './chromium.ts';

let journal: Journal;
const flow = new FlowCounter();
let console: OpenConsole;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
});

beforeEach(async () => {
  await page?.close();
  await console?.close();
  journal = new Journal();
  for (let at = 1; at <= 300; at += 1) {
    publish(`text ${at}`);
  }
  console = await openConsole({ source: { ...quietSource('local'), journal, flow }, port: 0 });
  page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
  await page.goto(`${console.url}events`);
  await row('text 300').waitFor();
});

afterAll(async () => {
  await browser?.close();
  await console?.close();
});

/** Publishes a message; returns the event's id. */
function publish(body: string): string {
  const eventId = `event-${journal.lastSeq + 1}`;
  const text = JSON.stringify({ id: eventId, detail: { meta: {}, data: { body } } });
  const known = { bus: 'bus', source: 'whatsapp', type: 'message', rules: [], at: Date.now() };
  journal.publish({ ...known, eventId, text });
  return eventId;
}

const row = (text: string) =>
  page.locator('.list .event-row', { has: page.getByText(text, { exact: true }) });
const newer = (count: number) => page.getByRole('button', { name: `${count} newer` });
const settledList = () => page.locator('.list[aria-busy="false"]').waitFor();
const search = (text: string) => page.getByRole('searchbox', { name: 'Search' }).fill(text);

/** Holds back the responses to a kind of request. */
async function hold(url: string | RegExp) {
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  let answered = () => {};
  const isAnswered = new Promise<void>((resolve) => {
    answered = resolve;
  });
  await page.route(url, async (route: Route) => {
    const response = await route.fetch();
    answered();
    await isReleased;
    await route.fulfill({ response });
  });
  return { release, isAnswered };
}

test.each(['a click on a row', 'a pause'])(
  '%s while the list loads does not keep the rows of the last filter',
  async (what) => {
    const { release, isAnswered } = await hold('**/api/events?*');
    await search('text 77');
    await isAnswered;
    if (what === 'a pause') {
      await page.getByRole('button', { name: 'Pause' }).click();
    } else {
      await row('text 300').click();
      await page.locator('.detail .close').click();
    }
    release();
    await settledList();
    await row('text 77').waitFor();
    expect(await page.locator('.list .event-row').count()).toBe(1);
    publish('text 77 again');
    await newer(1).click();
    await row('text 77 again').waitFor();
  },
);

test('a list that was left while it was scrolled follows new events when it is shown again', async () => {
  await page.locator('.list').evaluate((list) => list.scrollTo({ top: 2_000 }));
  publish('while it is scrolled');
  await newer(1).waitFor();
  await page.keyboard.press('5');
  await page.getByRole('heading', { name: 'Workbench' }).waitFor();
  await page.keyboard.press('1');
  await row('while it is scrolled').waitFor();
  publish('after that');
  await row('after that').waitFor();
});

test('an event that is published while the list resumes is in it', async () => {
  await page.getByRole('button', { name: 'Pause' }).click();
  publish('while it is paused');
  await newer(1).waitFor();
  const { release, isAnswered } = await hold('**/api/events?*');
  const isAborted = page.waitForEvent('requestfailed', (request) =>
    request.url().includes('/live'),
  );
  await page.getByRole('button', { name: 'Resume' }).click();
  await isAnswered;
  publish('while it resumes');
  await Promise.race([isAborted, row('while it resumes').waitFor()]);
  release();
  await settledList();
  await row('while it resumes').waitFor();
});

test('a change that arrives before the rows that it belongs to is not undone by them', async () => {
  await settledList();
  const { release, isAnswered } = await hold('**/api/events?*head=*');
  await page.getByRole('button', { name: 'Pause' }).click();
  await isAnswered;
  journal.add('event-300', { kind: 'handled', at: Date.now(), target: 'orders' });
  publish('a newer one');
  await newer(1).waitFor();
  const isFinished = page.waitForEvent('requestfinished', (request) =>
    request.url().includes('head='),
  );
  release();
  await isFinished;
  // Rows further down show that the response is in the page.
  await page.locator('.list').evaluate((list) => list.scrollTo({ top: 1_500 }));
  await row('text 250').waitFor();
  await page.locator('.list').evaluate((list) => list.scrollTo({ top: 0 }));
  await row('text 300').waitFor();
  expect(await row('text 300').locator('.outcome').innerText()).toBe('done');
});

test('an event that comes to match the filter is added in its place, once, and counted', async () => {
  await page.goto(`${console.url}events?outcome=done`);
  await page.getByText('No event that is held matches these filters.').waitFor();
  journal.add('event-200', { kind: 'handled', at: Date.now(), target: 'orders' });
  await row('text 200').waitFor();
  journal.add('event-250', { kind: 'handled', at: Date.now(), target: 'orders' });
  journal.add('event-150', { kind: 'handled', at: Date.now(), target: 'orders' });
  await page.locator('.figures', { hasText: '3 match of 300' }).waitFor();
  const texts = page.locator('.list .event-row .content');
  expect(await texts.allInnerTexts()).toEqual(['text 250', 'text 200', 'text 150']);
});

test('a click opens the event that was pressed, although the list has moved meanwhile', async () => {
  await row('text 300').hover();
  await page.mouse.down();
  publish('one more');
  await row('one more').waitFor();
  await page.mouse.up();
  await page.waitForURL(/events\/event-300/);
  await page.locator('.list-row[aria-selected="true"]', { hasText: 'text 300' }).waitFor();
});

test('rows whose request has failed once are requested again', async () => {
  let isFirst = true;
  await page.route('**/api/events?*offset=200*', async (route) => {
    const json = { error: 'It failed once.' };
    await (isFirst ? route.fulfill({ status: 502, json }) : route.continue());
    isFirst = false;
  });
  await page.locator('.list').evaluate((list) => list.scrollTo({ top: list.scrollHeight }));
  await page.getByText('It failed once.').waitFor();
  publish('a newer one');
  await row('text 1').waitFor();
});

test('a list that is paused stays as it is when the stream of updates was interrupted', async () => {
  await page.getByRole('button', { name: 'Pause' }).click();
  const { lastSeq: head, changes } = journal;
  let isFirst = true;
  let reloads = 0;
  await page.route('**/api/events?*', async (route) => {
    reloads += route.request().url().includes('head=') ? 0 : 1;
    await route.continue();
  });
  await page.route('**/api/live?*', async (route) => {
    if (!isFirst) {
      return route.continue();
    }
    isFirst = false;
    const update = {
      ...{ now: Date.now(), head, changes, held: head, events: [], fresh: 0, changed: [] },
      ...{ flow: flow.figures, failures: {}, queues: {} },
    };
    // The stream ends after one update, and the next event is published before the page connects again.
    publish('text while away');
    await route.fulfill({ body: `${JSON.stringify(update)}\n` });
  });
  await search('text');
  await newer(1).waitFor();
  expect(await row('text while away').count()).toBe(0);
  expect(reloads).toBe(1);
});

test('a list that is paused is replaced when the server was started again: its events are others', async () => {
  await page.getByRole('button', { name: 'Pause' }).click();
  const port = Number(new URL(console.url).port);
  await console.close();
  journal = new Journal();
  for (let at = 1; at <= 400; at += 1) {
    publish(`after the restart ${at}`);
  }
  console = await openConsole({ source: { ...quietSource('local'), journal, flow }, port });
  await row('after the restart 400').waitFor();
  await page.getByRole('button', { name: 'Resume' }).waitFor();
});

test('the filters stay open when the last one is emptied, and the field keeps the focus', async () => {
  await page.locator('.more-filters summary').click();
  const chat = page.getByRole('searchbox', { name: 'Chat' });
  await chat.fill('1202');
  await page.waitForURL(/chat=1202/);
  await page.getByText('Filters (1)').waitFor();
  await chat.fill('');
  await page.waitForURL(/events$/);
  await page.getByText('Filters', { exact: true }).waitFor();
  expect(await chat.isVisible()).toBe(true);
  await chat.and(page.locator(':focus')).waitFor();
});

test('the state is read again when a function has handled a message, however late', async () => {
  const isRead = () => page.waitForRequest('**/api/chats*');
  const isOpened = isRead();
  await page.keyboard.press('3');
  await isOpened;
  const isReadAfterEvent = isRead();
  flow.countPublished();
  const id = publish('an event');
  await isReadAfterEvent;
  const isReadAfterHandling = isRead();
  flow.count('handled', 'messages');
  journal.add(id, { kind: 'handled', at: Date.now(), target: 'messages' });
  await isReadAfterHandling;
});
