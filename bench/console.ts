/** `npm run bench:console`: the console in Chromium, of a local run with 100,000 events held. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Command } from 'commander';
import type { Page } from 'playwright-core';
import { parseCount } from '../cli/terminal/options.ts';
import { lookAtLocalRun } from '../test/console/browser/looked-at.ts';
import { median } from './statistics.ts';

/** Events that the console holds, and those that come in while the page follows, 500 a second. */
const [held, followed] = [100_000, 5_000];

const { times } = new Command('npm run bench:console --')
  .description(
    'The page in Chromium (CHROMIUM=/path) with 100,000 events of 3 KB held; prints one JSON object. A minute.',
  )
  .option('--times <n>', 'how often each is measured; the median is printed', parseCount, 9)
  .parse()
  .opts();
console.log(JSON.stringify(await measureConsole(times), undefined, 2));

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
        await setTimeout(5);
      }
    }
    const serverMbFor100k = Math.round((memory() - memoryBefore) / 2 ** 20);
    const page = await looked.browser.newPage({ viewport: { width: 1440, height: 900 } });
    const rows = page.locator('.list-row');
    const detail = page.locator('.detail');
    const open = async () => {
      await page.goto(looked.console.url);
      await rows.first().waitFor();
    };
    await open();
    const firstRowMs = await medianMs(times, async () => {
      await page.goto('about:blank');
      return timed(open);
    });
    const eventSeenMs = await medianMs(times, (index) =>
      timed(async () => {
        publish(`seen ${index}`);
        await rows.getByText(`seen ${index}`, { exact: true }).waitFor();
      }),
    );
    const filterMs = await medianMs(times, async (index) => {
      const text = `number ${held - 1_000 - index * 7}`;
      // Measured in the page, in each frame: a locator looks at intervals that grow to half a second.
      const ms = await page.evaluate<number>(`new Promise((resolve) => {
        const start = performance.now();
        const isFound = () =>
          document.querySelector('.filters .figures').textContent.includes('1 match') &&
          document.querySelector('.list').textContent.includes('message ${text}');
        const look = () =>
          isFound() ? resolve(performance.now() - start) : requestAnimationFrame(look);
        const field = document.querySelector('#search');
        field.value = '${text}';
        field.dispatchEvent(new Event('input', { bubbles: true }));
        look();
      })`);
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.getByText(/100,000 events/).waitFor();
      return ms;
    });
    const openEventMs = await medianMs(times, async (index) => {
      const ms = await timed(async () => {
        await rows.nth(index + 1).click();
        await detail.locator('.rules li').first().waitFor();
      });
      await detail.getByRole('button', { name: 'Close', exact: true }).click();
      await detail.waitFor({ state: 'detached' });
      return ms;
    });
    const whileFollowing = await follow(page, publish);
    return { firstRowMs, eventSeenMs, filterMs, openEventMs, ...whileFollowing, serverMbFor100k };
  } finally {
    await looked.close();
  }
}

/** What the page needs while it follows: its heap, and of one second how much it works. */
async function follow(page: Page, publish: () => void) {
  const resume = page.getByRole('button', { name: 'Resume' });
  if (await resume.isVisible()) {
    await resume.click();
  }
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const metric = async (wanted: string) => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === wanted)?.value ?? 0;
  };
  const [busyBefore, start] = [await metric('TaskDuration'), performance.now()];
  for (let sent = 0; sent < followed; ) {
    await setTimeout(20);
    const due = Math.min((performance.now() - start) / 2, followed);
    for (; sent < due; sent += 1) {
      publish();
    }
  }
  const seconds = (performance.now() - start) / 1_000;
  const busy = (await metric('TaskDuration')) - busyBefore;
  await session.send('HeapProfiler.collectGarbage');
  const heap = await metric('JSHeapUsedSize');
  return {
    busyAt500PerSecondPercent: Math.round((busy / seconds) * 100),
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
async function medianMs(times: number, measure: (index: number) => Promise<number>) {
  const found: number[] = [];
  while (found.length < times) {
    found.push(await measure(found.length));
  }
  return Math.round(median(found));
}
