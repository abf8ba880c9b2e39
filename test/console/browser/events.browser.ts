import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { contentExamples } from '../../../events/message/content-examples.docs.ts';
import { type LookedAt, lookAtLocalRun, payloadOf, search } from './looked-at.ts';

let looked: LookedAt;
let page: Page;

beforeAll(async () => {
  looked = await lookAtLocalRun();
  page = await looked.open('events');
});

afterAll(async () => {
  await looked?.close();
});

afterEach(() => {
  // Nothing was asked of another host, and nothing was complained of.
  expect(looked.complaints.splice(0)).toEqual([]);
});

const row = (text: string) => page.locator('.list .event-row', { hasText: text });
const detail = () => page.locator('.detail');
const openRow = async (text: string, found: number) => {
  await search(page, text, found);
  await row(text).first().click();
  await detail().locator('.rules li').first().waitFor();
};
const clearFilters = async () => {
  await page.keyboard.press('Escape');
  for (const name of ['Clear filters', 'Resume']) {
    const button = page.getByRole('button', { name });
    if (await button.isVisible()) {
      await button.click();
    }
  }
};

test('an event is seen as it arrives, and counted beside its consumer', async () => {
  await looked.send('message', (body) => {
    payloadOf(body).body = 'Is the green one in stock?';
  });
  await row('Is the green one in stock?').waitFor();
  await row('Is the green one in stock?').locator('.outcome', { hasText: 'done' }).waitFor();
  await page.locator('.source', { hasText: '1 published' }).waitFor();
  await page.locator('.source', { hasText: 'WAHA 1' }).waitFor();
  const consumer = page.locator('.consumers tr', { hasText: 'messages' });
  await consumer.getByRole('img', { name: '1 deliveries in the last minute' }).waitFor();
});

test('an event that is opened shows what happened over time, and why other rules did not match', async () => {
  await openRow('green one', 1);
  const waterfall = page.locator('.waterfall');
  await waterfall.getByText('handled').last().waitFor();
  expect(await waterfall.locator('.step').allInnerTexts()).toEqual([
    ...['received', 'published', 'queued', 'handled'],
  ]);
  expect(await waterfall.locator('.bar').count()).toBe(4);
  await detail().getByText('matches', { exact: true }).first().waitFor();
  const failure = detail().locator('.failure').first();
  expect(await failure.innerText()).toMatch(/detail-type must be \[.*\], the event has "message"/);
  const envelope = detail().getByLabel('Envelope', { exact: true });
  expect(await envelope.innerText()).toContain('"meta"');
  const raw = detail().getByLabel('Raw payload', { exact: true });
  expect(await raw.innerText()).toContain('green one');
  // The time that the sender writes as seconds is ISO-8601 in the data.
  expect(await envelope.locator('.marked', { hasText: 'sentAt' }).innerText()).toMatch(/← added/);
  expect(await raw.locator('.marked', { hasText: /"timestamp"/ }).innerText()).toMatch(
    /only in raw/,
  );
});

test('an event that is sent again is a duplicate, and listed as one', async () => {
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText(/Answered 200 .*duplicate of/).waitFor();
  await page.locator('.occurrences').getByText('duplicate').waitFor();
  await page.getByRole('button', { name: 'Close this message' }).click();
});

test('what is copied is a command with the very body, a test that names the project, and JSON', async () => {
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
  await page.getByRole('button', { name: 'Copy Envelope' }).click();
  await page.getByText('Copied Envelope.').waitFor();
  expect(JSON.parse(await clipboard())).toMatchObject({ meta: { type: 'message' } });
});

test('an attempt that fails is shown as it happens, with its error and where it was thrown', async () => {
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const step = { target: 'whatsapp-dev-messages', by: 'messages', attempt: 2 };
  const { journal } = looked.source;
  journal.add(id, { ...step, kind: 'given', at: Date.now() });
  const attempt = page.locator('.waterfall .step', { hasText: 'attempt 2' });
  await attempt.waitFor();
  const error = 'TypeError: Cannot read properties of undefined';
  const stack = `${error}\n    at price (orders.ts:7:11)`;
  journal.add(id, { ...step, kind: 'failed', at: Date.now(), error, stack });
  await page.locator('.waterfall .error').getByText(error).first().waitFor();
  await page.locator('.waterfall .stack summary').click();
  await page.getByLabel('the stack', { exact: true }).getByText('orders.ts:7:11').waitFor();
  await detail().locator('header').getByText('retrying').waitFor();
  journal.add(id, { ...step, kind: 'handled', at: Date.now(), attempt: 3 });
  await detail().locator('header').getByText('done').waitFor();
});

test('each id of an event leads to the events that have it', async () => {
  await detail().locator('.ids').getByRole('link', { name: '12025550142@c.us' }).click();
  await page.waitForURL(/events\?chat=12025550142%40c.us$/);
  await page.goBack();
  await detail().getByRole('link', { name: 'conversation' }).click();
  await page
    .locator('.bubble', { hasText: 'green one' })
    .getByRole('link', { name: 'events' })
    .click();
  await row('green one').waitFor();
  await row('green one').click();
  const data = detail().locator('.facts:not(.ids)').first();
  await data.getByRole('link', { name: /^[0-9A-F]{16,}$/ }).click();
  await page.waitForURL(/text=[0-9A-F]{16,}$/);
  await page.locator('.filters .figures', { hasText: '1 match of' }).waitFor();
  await page.goBack();
  await data.getByRole('link', { name: '12025550142@c.us' }).first().click();
  await page.locator('.bubble', { hasText: 'green one' }).waitFor();
  await page.goBack();
  await clearFilters();
});

/** The texts and numbers of a value, but not the times and codes that are shown as words. */
function leavesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    return /^\d{4}-\d\d-\d\dT/.test(value) ? [] : [value];
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, each]) => (name === 'kind' ? [] : leavesOf(each)))
    : [];
}

test.each(Object.entries(contentExamples))(
  'a message with the content %s is shown in words with all that it says, not only as JSON',
  async (content, { engine, payload }) => {
    const id = await looked.send('message', (body) => {
      body.payload = payload;
      body.environment = { ...(body.environment as object), engine };
    });
    await openEvent(id);
    const facts = detail().locator('.facts:not(.ids)').first();
    const envelope = JSON.parse(
      await detail().getByLabel('Envelope', { exact: true }).innerText().then(withoutMarks),
    ) as {
      readonly data: { readonly content: string };
    };
    expect(envelope.data.content).toBe(content);
    const shown = (await facts.innerText()).replaceAll(/\s+/g, ' ');
    for (const leaf of leavesOf(envelope.data)) {
      expect(shown).toContain(leaf.replaceAll(/\s+/g, ' ').trim());
    }
    await clearFilters();
  },
);

/** The JSON without what stands beside its lines. */
const withoutMarks = (text: string) => text.replaceAll(/ ← .*$/gm, '');

/** Opens the event with this key. */
async function openEvent(key: string): Promise<void> {
  await search(page, key, 1);
  await page.locator('.list .event-row').first().click();
  await detail().locator('.rules li').first().waitFor();
}

test('a click on a consumer narrows the list to what came to it, and marks it', async () => {
  await looked.send('call.received');
  await row('call.received').waitFor();
  const consumer = page.locator('.consumers tr', { hasText: 'calls' });
  await consumer.getByRole('link', { name: 'calls' }).click();
  await page.getByText('1 match').waitFor();
  expect(await page.locator('.list .event-row').count()).toBe(1);
  expect(await consumer.getAttribute('aria-current')).toBe('true');
  await clearFilters();
});

test('a list that is stopped stands still, says what is newer, and goes on', async () => {
  const first = () => page.locator('.list .event-row').first().innerText();
  // What is shown of an event that is on its way still changes.
  await page.locator('.list .event-row').first().getByText('done').waitFor();
  await page.keyboard.press('p');
  const before = await first();
  await looked.send('presence.update');
  await page.getByText('1 newer').waitFor();
  expect(await first()).toBe(before);
  await page.keyboard.press('p');
  await row('presence.update').waitFor();
});
