import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type LookedAt, lookAtLocalRun, payloadOf } from './looked-at.ts';

let looked: LookedAt;
let page: Page;

beforeAll(async () => {
  looked = await lookAtLocalRun();
  page = await looked.open('live');
});

afterAll(async () => {
  await looked?.close();
});

afterEach(() => {
  // Nothing was asked of another host, and nothing was complained of.
  expect(looked.complaints.splice(0)).toEqual([]);
});

const row = (text: string) => page.locator('.list-row', { hasText: text });
const openRow = async (text: string) => {
  await page.getByRole('searchbox').fill(text);
  await row(text).first().click();
  await page.locator('.detail .rules li').first().waitFor();
};
const clearFilters = async () => {
  await page.keyboard.press('Escape');
  const clear = page.getByRole('button', { name: 'Clear filters' });
  if (await clear.isVisible()) {
    await clear.click();
  }
  const goOn = page.getByRole('button', { name: 'Resume' });
  if (await goOn.isVisible()) {
    await goOn.click();
  }
};

test('an event is seen as it arrives, and counted at each station of its way', async () => {
  await looked.send('message', (body) => {
    payloadOf(body).body = 'Is the green one in stock?';
  });
  await row('Is the green one in stock?').waitFor();
  await row('Is the green one in stock?').locator('.outcome', { hasText: 'done' }).waitFor();
  for (const node of ['bus', 'ingest']) {
    await page.locator(`[data-station="${node}"] b`, { hasText: /^[1-9]/ }).waitFor();
  }
  const consumer = page.locator('[data-station^="consumer"]', { hasText: 'messages' });
  await consumer.locator('b', { hasText: '1' }).waitFor();
});

test('an event that is opened shows its timeline, and why other rules did not match', async () => {
  await openRow('green one');
  const timeline = page.locator('.timeline');
  for (const step of ['received', 'published', 'put into', 'received by the function', 'handled']) {
    await timeline.getByText(step).first().waitFor();
  }
  const detail = page.locator('.detail');
  await detail.getByText('matches', { exact: true }).first().waitFor();
  const failure = detail.locator('.failure').first();
  expect(await failure.innerText()).toMatch(/detail-type must be \[.*\], the event has "message"/);
  expect(await detail.getByLabel('Envelope').innerText()).toContain('"meta"');
  expect(await detail.getByLabel('Raw payload').innerText()).toContain('green one');
  // The time that the sender writes as seconds is ISO-8601 in the data.
  const differences = await detail.getByLabel('Differences').innerText();
  expect(differences).toContain('sentAt');
});

test('an event that is sent again is a duplicate, and listed as one', async () => {
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText(/Answered 200 .*duplicate of/).waitFor();
  await page.locator('.occurrences').getByText('duplicate').waitFor();
  await page.getByRole('button', { name: 'Close' }).first().click();
});

test('what is copied is a command with the very body, and a test that names the project', async () => {
  const clipboard = () => page.evaluate('navigator.clipboard.readText()') as Promise<string>;
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByText('Copied as curl.').waitFor();
  const [print = '', curl = ''] = (await clipboard()).split(' |');
  const body = execFileSync('sh', ['-c', print], { encoding: 'utf8' });
  expect(JSON.parse(body)).toMatchObject({ event: 'message', payload: { fromMe: false } });
  expect(curl).toContain('x-webhook-hmac');
  await page.getByRole('button', { name: 'Copy as test case' }).click();
  await page.getByText('Copied as a test case.').waitFor();
  expect(await clipboard()).toContain(
    "import { normalizeWebhook } from '../../events/normalize.ts';",
  );
  await clearFilters();
});

test('a click on a station narrows the list to what came through it', async () => {
  await looked.send('call.received');
  await row('call.received').waitFor();
  await page.locator('[data-station^="queue"]', { hasText: 'calls' }).first().click();
  await page.getByText('1 match').waitFor();
  expect(await page.locator('.list-row').count()).toBe(1);
  await clearFilters();
});

test('a list that is stopped stands still, says what is newer, and goes on', async () => {
  const first = () => page.locator('.list-row').first().innerText();
  // What is shown of an event that is on its way still changes.
  await page.locator('.list-row').first().getByText('done').waitFor();
  await page.keyboard.press('p');
  const before = await first();
  await looked.send('presence.update');
  await page.getByText('1 newer').waitFor();
  expect(await first()).toBe(before);
  await page.keyboard.press('p');
  await row('presence.update').waitFor();
});

test('everything about an event can be reached by keys alone', async () => {
  await page.keyboard.press('1');
  await page.getByRole('listbox').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('.detail h2:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.detail').waitFor({ state: 'detached' });
  await page.keyboard.press('3');
  await page.getByRole('heading', { name: 'State' }).waitFor();
  await page.keyboard.press('1');
  await page.getByRole('listbox').waitFor();
});
