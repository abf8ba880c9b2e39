/** `npm run bench:console`: the console in Chromium, of a local run with 100,000 events held. */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { lookAtLocalRun } from '../test/console/browser/looked-at.ts';
import { quantile } from './statistics.ts';

const help = `npm run bench:console -- [options]
The page in Chromium (CHROMIUM=/path) with 100,000 events of 3 KB held; prints one JSON object. A minute.

  --times 9    how often each is measured; the median is printed
  --help       this text`;

/** Events that the console holds. */
const held = 100_000;

/** Events per second that come in while the page follows. */
const followedRate = 500;
const followedSeconds = 10;

const { values } = parseArgs({ options: { times: { type: 'string' }, help: { type: 'boolean' } } });
if (values.help) {
  console.log(help);
} else {
  const figures = await measureConsole(Number(values.times ?? 9));
  console.log(JSON.stringify(figures, undefined, 2));
}

async function measureConsole(times: number) {
  const looked = await lookAtLocalRun();
  let count = 0;
  const publish = (body = `message number ${count + 1}`) => {
    count += 1;
    const eventId = randomUUID();
    const meta = {
      id: `message:${count}`,
      ...{ type: 'message', category: 'messages', session: `shop ${count % 5}` },
      ...{ receivedAt: new Date().toISOString(), chat: `${count % 400}@c.us` },
    };
    const data = { content: 'text', body, filler: String(count % 97).repeat(1_300) };
    const detail = JSON.stringify({ meta, data, raw: {} });
    const text = `{"version":"0","id":"${eventId}","detail-type":"message","source":"whatsapp","detail":${detail}}`;
    const known = { eventId, bus: 'bus', source: 'whatsapp', rules: [], at: Date.now() };
    looked.source.journal.publish({ ...known, type: 'message', text });
  };
  try {
    const memoryBefore = memory();
    for (let index = 0; index < held; index += 1) {
      publish();
      if (index % 500 === 0) {
        // Texts are packed meanwhile, as between webhooks.
        await new Promise((done) => setTimeout(done, 5));
      }
    }
    const heldMb = (memory() - memoryBefore) / 2 ** 20;
    const context = await looked.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(looked.console.url);
    await page.locator('.list-row').first().waitFor();
    const firstRow = await repeat(times, async () => {
      await page.goto('about:blank');
      return timed(async () => {
        await page.goto(looked.console.url);
        await page.locator('.list-row').first().waitFor();
      });
    });
    const seen = await repeat(times, (index) => {
      const body = `seen ${index}`;
      return timed(async () => {
        publish(body);
        await page.locator('.list-row').getByText(body, { exact: true }).waitFor();
      });
    });
    const filtered = await repeat(times, async (index) => {
      const text = `number ${held - 1_000 - index * 7} `.trim();
      const ms = await searchTime(page, text, `message ${text}`);
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.getByText(/100,000 events/).waitFor();
      return ms;
    });
    const opened = await repeat(times, async (index) => {
      const ms = await timed(async () => {
        await page
          .locator('.list-row')
          .nth(index + 1)
          .click();
        await page.locator('.detail .rules li').first().waitFor();
      });
      await page.locator('.detail').getByRole('button', { name: 'Close', exact: true }).click();
      await page.locator('.detail').waitFor({ state: 'detached' });
      return ms;
    });
    return {
      firstRowMs: firstRow,
      eventSeenMs: seen,
      filterMs: filtered,
      openEventMs: opened,
      ...(await follow(page, publish)),
      serverMbFor100k: Math.round(heldMb),
    };
  } finally {
    await looked.close();
  }
}

/**
 * Milliseconds from a text in the search field until the list shows what was found. Measured in the page: a
 * locator looks only at intervals that grow to half a second.
 */
function searchTime(page: Page, text: string, found: string): Promise<number> {
  return page.evaluate(`new Promise((resolve) => {
    const start = performance.now();
    const isShown = () =>
      document.querySelector('.filters .figures').textContent.includes('1 match') &&
      [...document.querySelectorAll('.list-row')].some((row) => row.textContent.includes(${JSON.stringify(found)}));
    new MutationObserver((_, observer) => {
      if (isShown()) {
        observer.disconnect();
        resolve(performance.now() - start);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    const field = document.querySelector('#search');
    field.value = ${JSON.stringify(text)};
    field.dispatchEvent(new Event('input', { bubbles: true }));
  })`);
}

/** What the page needs while it follows: its heap, and of one second how much it works. */
async function follow(page: Page, publish: () => void) {
  const resume = page.getByRole('button', { name: 'Resume' });
  if (await resume.isVisible()) {
    await resume.click();
  }
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const metrics = async () => {
    const { metrics: all } = await session.send('Performance.getMetrics');
    return (name: string) => all.find((each) => each.name === name)?.value ?? 0;
  };
  const before = await metrics();
  const start = performance.now();
  for (let sent = 0; sent < followedRate * followedSeconds; ) {
    await new Promise((done) => setTimeout(done, 20));
    const due = ((performance.now() - start) / 1_000) * followedRate;
    for (; sent < Math.min(due, followedRate * followedSeconds); sent += 1) {
      publish();
    }
  }
  const seconds = (performance.now() - start) / 1_000;
  const after = await metrics();
  await session.send('HeapProfiler.collectGarbage');
  const heap = (await metrics())('JSHeapUsedSize');
  return {
    busyAt500PerSecondPercent: Math.round(
      ((after('TaskDuration') - before('TaskDuration')) / seconds) * 100,
    ),
    pageHeapMb: Math.round((heap / 2 ** 20) * 10) / 10,
  };
}

/** Bytes that this process needs, without what can be collected. */
function memory(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The median, in whole milliseconds. */
async function repeat(times: number, measure: (index: number) => Promise<number>): Promise<number> {
  const found: number[] = [];
  for (let index = 0; index < times; index += 1) {
    found.push(await measure(index));
  }
  return Math.round(quantile(found, 0.5));
}
