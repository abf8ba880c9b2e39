import { type LocalRun, startLocalRun } from '@event-fanout/local-aws';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type OpenConsole, openConsole } from '../../../console/server/open-console.ts';
import type { ConsoleSource } from '../../../console/server/source/console-source.ts';
import { localSource } from '../../../console/server/source/local-source.ts';
import type { EventType } from '../../../events/catalog.ts';
import { freshWebhook, postWebhook } from '../../../ops/send-webhook.ts';
import { assembleProject } from '../../end-to-end/assembly.ts';
import { secretEnvironment, testSecret } from '../../end-to-end/secrets.ts';
import { findChromium } from './chromium.ts';

/** A local run of this project, its console, and a browser that looks at it. */
export interface LookedAt {
  readonly run: LocalRun;
  readonly source: ConsoleSource;
  readonly console: OpenConsole;
  readonly browser: Browser;
  /** Opens a page at an address below `/console/`. What the page asks of other hosts, and what it complains of, is kept. */
  open(address: string, options?: PageOptions): Promise<Page>;
  /** Everything that any page has asked of another host, or has complained of. */
  readonly complaints: string[];
  /** Plays the sender; `change` edits the body. */
  send(type: EventType, change?: (body: Record<string, unknown>) => void): Promise<string>;
  close(): Promise<void>;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** Starts all of it, with nothing kept. */
export async function lookAtLocalRun(): Promise<LookedAt> {
  const local = localSource();
  const run = await startLocalRun({
    assembly: await assembleProject(),
    ...{ ingressPort: 0, awsPort: 0, environment: secretEnvironment },
    observer: local.observer,
  });
  const source = local.attach(run);
  const console = await openConsole({ source, port: 0 });
  const browser = await chromium.launch({
    executablePath: findChromium(),
    // As root, as in a container, Chromium has no sandbox to give.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const complaints: string[] = [];
  const contexts: BrowserContext[] = [];
  return {
    ...{ run, source, console, browser, complaints },
    async open(address, { width = 1360, height = 900, colorScheme = 'light' } = {}) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme });
      contexts.push(context);
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      page.on('request', (request) => {
        if (!request.url().startsWith(new URL(console.url).origin)) {
          complaints.push(request.url());
        }
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') {
          complaints.push(message.text());
        }
      });
      page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await page.goto(`${console.url}${address}`);
      await page.locator('.health:not(.unknown)').waitFor();
      return page;
    },
    async send(type, change = () => {}) {
      const body = freshWebhook(type, 'waha') as unknown as Record<string, unknown>;
      change(body);
      const url = `${[...run.ingresses.values()][0]}/webhooks`;
      const proof = { kind: 'signature', secret: testSecret } as const;
      const { status, body: answer } = await postWebhook(url, JSON.stringify(body), proof);
      if (status !== 202) {
        throw new Error(`The endpoint answered ${status}.`);
      }
      return (answer as { id: string }).id;
    },
    async close() {
      for (const context of contexts) {
        await context.close();
      }
      await browser.close();
      await console.close();
      await run.close();
    },
  };
}

/** Searches the events; resolves when the list shows what was found. */
export async function search(page: Page, text: string, found: number): Promise<void> {
  const clear = page.getByRole('button', { name: 'Clear filters' });
  if (await clear.isVisible()) {
    await clear.click();
    await clear.waitFor({ state: 'detached' });
  }
  await page.locator('.filters .figures', { hasText: /\d events$/ }).waitFor();
  await page.locator('.list[aria-busy="false"]').waitFor();
  await page.getByRole('searchbox', { name: 'Search' }).fill(text);
  await page.locator('.filters .figures', { hasText: `${found} match of` }).waitFor();
  await page.locator('.list[aria-busy="false"]').waitFor();
}

/** The payload of a body, to be changed. */
export const payloadOf = (body: Record<string, unknown>) => body.payload as Record<string, unknown>;
