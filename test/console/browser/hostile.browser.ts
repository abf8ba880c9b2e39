import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { tabs } from './console-tabs.ts';
import { type LookedAt, lookAtLocalRun, payloadOf } from './looked-at.ts';

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

const axe = readFileSync(
  fileURLToPath(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url)),
  'utf8',
);

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
  page = await looked.open('live');
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
      await page.getByRole('searchbox').fill(text.isWellFormed() ? text.slice(0, 8) : 'half');
      await page.locator('.list-row .preview .untrusted').first().waitFor();
      await page.locator('.list-row').first().click();
      await page.getByLabel('Raw payload').waitFor();
      expect(await hacked(page)).toEqual(['undefined', 'undefined', 'undefined']);
      // No element came of it.
      expect(await page.locator('main script, main img, main style, main a').count()).toBe(0);
      await page.keyboard.press('Escape');
    },
  );

  test('does not turn what stands around it: what overrides direction is named', async () => {
    await page.getByRole('searchbox').fill('gpj');
    const preview = page.locator('.list-row .preview').first();
    await preview.getByText('[U+202E]gpj.exe[U+2066]').waitFor();
    await page.locator('.list-row').first().click();
    const raw = await page.getByLabel('Raw payload').innerText();
    expect(raw).toContain('\\u202egpj.exe\\u2066');
    expect(raw).not.toContain('\u202e');
    await page.keyboard.press('Escape');
  });

  test('with names of prototypes is shown with them, and changes no object', async () => {
    await page.getByRole('searchbox').fill('prototype keys');
    await page.locator('.list-row').first().click();
    expect(await page.getByLabel('Raw payload').innerText()).toContain('"constructor"');
    expect(await hacked(page)).toEqual(['undefined', 'undefined', 'undefined']);
    await page.keyboard.press('Escape');
  });

  test('of half a megabyte is cut, and shown whole when asked for', async () => {
    await page.getByRole('searchbox').fill('a megabyte');
    await page.locator('.list-row').first().click();
    const full = page.getByRole('button', { name: /Show all \d+,\d{3}/ }).first();
    await full.waitFor();
    expect((await page.locator('.json pre').first().innerText()).length).toBeLessThan(25_000);
    await full.click();
    await full.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
  });

  test('of a megabyte, more than the bus takes, is published without it, and says so', async () => {
    await page.getByRole('searchbox').fill('unrecognized');
    await page.locator('.list-row').first().click();
    const envelope = page.getByLabel('Envelope');
    await envelope.getByText('"too-large"').waitFor();
    await page.getByText('cannot be sent again').waitFor();
    await page.keyboard.press('Escape');
  });

  test('made no page ask another host, complain, or open a dialog', () => {
    expect(looked.complaints).toEqual([]);
  });
});

describe('every view', () => {
  const looks = [
    { name: 'light', width: 1360, height: 900, colorScheme: 'light' },
    { name: 'dark', width: 1360, height: 900, colorScheme: 'dark' },
    { name: 'on a phone', width: 390, height: 844, colorScheme: 'light' },
  ] as const;

  test.each(looks)('$name: axe finds nothing against WCAG 2.2 AA, and it fits', async (look) => {
    const at = await looked.open('live', look);
    for (const tab of tabs) {
      await at.goto(`${looked.console.url}#/${tab}`);
      await at.locator('main h2, .list-row').first().waitFor();
      if (tab === 'live') {
        await at.locator('.list-row').first().click();
        await at.getByLabel('Envelope').waitFor();
      }
      if (tab === 'state') {
        await at.locator('.chats button.row').first().click();
      }
      await at.evaluate(axe);
      const found = await at.evaluate(
        `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
          .then(({ violations }) => violations.map(({ id, nodes }) =>
            [id, nodes.slice(0, 3).map(({ html, failureSummary }) => html + failureSummary)]))`,
      );
      expect([tab, found]).toEqual([tab, []]);
      // Nothing makes the page wider than the window.
      const wider = await at.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect([tab, wider]).toEqual([tab, 0]);
    }
    await at.context().close();
  });
});
