import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type LookedAt, lookAtLocalRun, payloadOf, search } from './looked-at.ts';

/** What somebody may write who wants to run something, to hide something, or to break the page. */
const corpus: Readonly<Record<string, string>> = {
  script: '<script>window.hacked = 1</script>',
  image: '<img src=x onerror="window.hacked = 2">',
  link: '<a href="javascript:window.hacked = 3">click</a>',
  style: '</style><style>* { display: none }</style>',
  template: '{{constructor.constructor("window.hacked = 4")()}} ${window.hacked = 5}',
  override: 'safe \u202egpj.exe\u2066 end',
  invisible: 'a\u200b\u2060\ufeffb\u0000c',
  entity: '&lt;b&gt; &amp; &#60;script&#62;',
  halves: '\ud800 half',
};

let looked: LookedAt;
let page: Page;

beforeAll(async () => {
  looked = await lookAtLocalRun();
  for (const text of Object.values(corpus)) {
    await looked.send('message', (body) => {
      body.session = text.slice(0, 60);
      Object.assign(payloadOf(body), { body: text, [text]: text, notifyName: text });
    });
  }
  await looked.send('message', (body) => {
    const text = JSON.stringify({ ...payloadOf(body), body: 'prototype keys' });
    body.payload = JSON.parse(
      text.replace('{', '{"__proto__":{"hacked":6},"constructor":{"prototype":{"hacked":7}},'),
    );
  });
  await looked.send('message', (body) => {
    payloadOf(body).body = `a megabyte ${'x'.repeat(600_000)}`;
  });
  await looked.send('message', (body) => {
    payloadOf(body).body = `more than the bus takes ${'y'.repeat(1_000_000)}`;
  });
  page = await looked.open('events');
}, 180_000);

afterAll(async () => {
  await looked?.close();
});

const hacked = (at: Page) =>
  at.evaluate('[window.hacked, ({}).hacked, Object.prototype.hacked].map(String)');

describe('hostile text', () => {
  test.each(Object.entries(corpus))(
    'with a %s is shown as text, and does nothing',
    async (_, text) => {
      const part = text.isWellFormed() ? text.slice(0, 8) : 'half';
      const found = Object.values(corpus).filter((each) => each.includes(part)).length;
      await search(page, part, found);
      await page.locator('.list .event-row .content .untrusted').first().waitFor();
      await page.locator('.list .event-row').first().click();
      await page.getByLabel('Raw payload', { exact: true }).waitFor();
      expect(await hacked(page)).toEqual(['undefined', 'undefined', 'undefined']);
      // No element came of it.
      expect(await page.locator('main script, main img, main style').count()).toBe(0);
      expect(await page.locator('a:not([href^="/console/"], [href="#main"])').count()).toBe(0);
      await page.keyboard.press('Escape');
    },
  );

  test('does not turn what stands around it: what overrides direction is named', async () => {
    await search(page, 'gpj', 1);
    const preview = page.locator('.list .event-row .content').first();
    await preview.getByText('[U+202E]gpj.exe[U+2066]').waitFor();
    await page.locator('.list .event-row').first().click();
    const raw = await page.getByLabel('Raw payload', { exact: true }).innerText();
    expect(raw).toContain('\\u202egpj.exe\\u2066');
    expect(raw).not.toContain('\u202e');
    await page.keyboard.press('Escape');
  });

  test('with names of prototypes is shown with them, and changes no object', async () => {
    await search(page, 'prototype keys', 1);
    await page.locator('.list .event-row').first().click();
    expect(await page.getByLabel('Raw payload', { exact: true }).innerText()).toContain(
      '"constructor"',
    );
    expect(await hacked(page)).toEqual(['undefined', 'undefined', 'undefined']);
    await page.keyboard.press('Escape');
  });

  test('of half a megabyte is cut, and shown whole when asked for', async () => {
    await search(page, 'a megabyte', 1);
    await page.locator('.list .event-row').first().click();
    const full = page.getByRole('button', { name: /Show all \d+,\d{3}/ }).first();
    await full.waitFor();
    expect((await page.getByLabel('Envelope', { exact: true }).innerText()).length).toBeLessThan(
      25_000,
    );
    await full.click();
    await full.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
  });

  test('of a megabyte, more than the bus takes, is published without it, and says so', async () => {
    await search(page, 'unrecognized', 1);
    await page.locator('.list .event-row').first().click();
    const envelope = page.getByLabel('Envelope', { exact: true });
    await envelope.getByText('"too-large"').waitFor();
    await page.getByText('cannot be sent again').waitFor();
    await page.keyboard.press('Escape');
  });

  test('made no page ask another host, complain, or open a dialog', () => {
    expect(looked.complaints).toEqual([]);
  });
});
