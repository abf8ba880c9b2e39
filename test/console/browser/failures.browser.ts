import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openConsole } from '../../../console/server/open-console.ts';
import { normalizeWebhook } from '../../../events/normalize.ts';
import { freshWebhook } from '../../../ops/send-webhook.ts';
import { type LookedAt, lookAtLocalRun } from './looked-at.ts';

let looked: LookedAt;
let page: Page;

const queueUrl = (name: string) => `${looked.run.awsEndpoint}/000000000000/whatsapp-dev-${name}`;

/** What no consumer can read goes into its dead-letter queue at once, sent there by the consumer. */
const poison = (text: string) =>
  looked.run.services.sqs.call('SendMessage', {
    QueueUrl: queueUrl('messages'),
    MessageBody: text,
  });

async function depth(name: string): Promise<number> {
  const { sqs } = looked.run.services;
  const input = { QueueUrl: queueUrl(name), AttributeNames: ['All'] };
  const { Attributes } = await sqs.call('GetQueueAttributes', input);
  const counts = Attributes as Record<string, string>;
  return (
    Number(counts.ApproximateNumberOfMessages) +
    Number(counts.ApproximateNumberOfMessagesNotVisible)
  );
}

async function untilDepth(name: string, wanted: number): Promise<void> {
  while ((await depth(name)) !== wanted) {
    await new Promise((done) => setTimeout(done, 50));
  }
}

beforeAll(async () => {
  looked = await lookAtLocalRun();
  for (let index = 0; index < 5; index += 1) {
    await poison(`{"poison":${index}}`);
  }
  await untilDepth('messages-dead-letters', 5);
  page = await looked.open('failures');
});

afterAll(async () => {
  await looked?.close();
});

afterEach(() => {
  expect(looked.complaints.splice(0)).toEqual([]);
});

const rows = () => page.getByLabel('Messages', { exact: true }).locator('.message-row');
const deadLetters = 'whatsapp-dev-messages-dead-letters';

test('what failed is red beside its consumer, and a click leads to its messages', async () => {
  await page.keyboard.press('1');
  const count = page.locator('.consumers tr', { hasText: 'messages' }).locator('.bad');
  expect(await count.innerText()).toBe('5');
  await count.click();
  await page.waitForURL(`**/failures/${deadLetters}`);
  await page.locator('.queues [aria-current]', { hasText: 'messages' }).waitFor();
});

test('queues with something in them come first, and empty ones are folded', async () => {
  expect(await page.locator('.queues > ul a').allInnerTexts()).toEqual([
    expect.stringMatching(/^messages\s+5/),
  ]);
  await page.getByText('14 empty queues').waitFor();
});

test('dead-letter messages are grouped by their cause, and each can be read beside the list', async () => {
  await page.getByLabel('Causes').getByText('permanent NotAWhatsAppEventError').waitFor();
  expect(await page.getByLabel('Causes').locator('b').allInnerTexts()).toEqual(['5']);
  expect(await rows().count()).toBe(5);
  await rows().first().getByRole('link').click();
  const detail = page.getByLabel('Dead-letter message', { exact: true });
  await detail.getByText('"poison"').waitFor();
  expect(await rows().first().isVisible()).toBe(true);
});

test('a search narrows the messages, and what is done is done to those', async () => {
  const search = page.getByRole('searchbox', { name: 'Search' });
  await search.fill('no such thing');
  await page.getByRole('button', { name: 'Redrive 0 found' }).waitFor();
  expect(await rows().count()).toBe(0);
  await search.fill('NotAWhatsApp');
  await page.getByRole('button', { name: 'Redrive 5 found' }).waitFor();
  await search.fill('');
  await page.getByRole('button', { name: 'Redrive all 5' }).waitFor();
});

test('a dry run says what would go where, and moves nothing', async () => {
  await page.locator('.messages-pane').getByRole('button', { name: 'Dry run' }).click();
  await page.getByText('5 would go to whatsapp-dev-messages.').waitFor();
  expect(await depth('messages-dead-letters')).toBe(5);
});

/** What a consumer demands of an event: it takes those that its own account put on the bus. */
const ofThisBus = () => ({ source: 'whatsapp', account: looked.run.accountId });

test('an edited copy goes to where the message came from, and the message is gone', async () => {
  const body = Buffer.from(JSON.stringify(freshWebhook('message', 'waha')));
  const request = { receivedAt: new Date(), requestId: 'edited' };
  const [detail] = normalizeWebhook(body, request).events;
  await page.getByRole('button', { name: 'Edit a copy' }).click();
  await page
    .getByRole('textbox', { name: 'The copy' })
    .fill(JSON.stringify({ ...ofThisBus(), 'detail-type': 'message', detail }));
  await page.getByRole('button', { name: 'Send the copy' }).click();
  await page
    .getByText(/The copy was sent to whatsapp-dev-messages, and the message is deleted/)
    .waitFor();
  await untilDepth('messages-dead-letters', 4);
  await untilDepth('messages', 0);
});

test('the messages that are there follow what happens to them', async () => {
  await page.getByRole('button', { name: 'Redrive all 4' }).waitFor();
  expect(await rows().count()).toBe(4);
});

test('selected messages alone are redriven, and come back when their consumer still cannot', async () => {
  const label = (await rows().first().getByRole('checkbox').getAttribute('aria-label')) ?? '';
  await rows().first().getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Redrive 1 selected' }).click();
  await page.getByText(/Redrive .*: 1 went to whatsapp-dev-messages/).waitFor();
  await untilDepth('messages-dead-letters', 4);
  // It comes back as a new message.
  await page.getByLabel(label, { exact: true }).waitFor({ state: 'detached' });
  await rows().nth(3).waitFor();
});

test('all are selected at once', async () => {
  await page.getByRole('button', { name: 'Redrive all 4' }).waitFor();
  await page.getByLabel(/^Select all/).check();
  await page.getByRole('button', { name: 'Redrive 4 selected' }).waitFor();
  await page.getByLabel(/^Select all/).uncheck();
  await page.getByRole('button', { name: 'Redrive all 4' }).waitFor();
});

test('the event of a message is one click away, and says that it failed, and not that it was handled', async () => {
  await looked.run.services.eventBridge.call('PutEvents', {
    Entries: [
      {
        ...{ Source: 'whatsapp', EventBusName: 'whatsapp-dev', DetailType: 'message' },
        // Without a category it is no event that a consumer can read.
        Detail: JSON.stringify({ meta: { type: 'message', id: 'no-category' }, data: {} }),
      },
    ],
  });
  await untilDepth('messages-dead-letters', 5);
  await rows().getByRole('link', { name: 'message', exact: true }).click();
  await page.getByRole('link', { name: 'The event, and what happened to it' }).click();
  const waterfall = page.locator('.waterfall');
  await waterfall.getByText('failed for good (permanent)').waitFor();
  await waterfall.getByText('NotAWhatsAppEventError').waitFor();
  expect(await waterfall.locator('.step').allInnerTexts()).toEqual([
    ...['received', 'published', 'queued', 'attempt 1'],
  ]);
  await waterfall.getByRole('link', { name: 'to its dead-letter queue' }).click();
  await page.getByRole('button', { name: 'Redrive all 5' }).waitFor();
});

test('nothing is purged before the name of its queue is typed', async () => {
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.locator('.messages-pane .danger').click();
  const last = page.locator('.confirm .danger');
  expect(await last.isDisabled()).toBe(true);
  await page.getByLabel(/Type .* to confirm/).fill(deadLetters);
  await last.click();
  await page.getByText(/Purge .*: 5 deleted/).waitFor();
  await untilDepth('messages-dead-letters', 0);
  await page.getByText('All failure queues are empty.').waitFor();
});

test('a purge can be undone, also after a reload: the messages are in their queue again, with their cause', async () => {
  await page.goto(`${looked.console.url}failures`);
  await page.getByText(/5 messages were purged/).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText(/Undo the purge of .*: 5 are in the queue again/).waitFor();
  await untilDepth('messages-dead-letters', 5);
  await page.getByRole('button', { name: 'Redrive all 5' }).waitFor();
  await page.getByLabel('Causes').getByText('permanent NotAWhatsAppEventError').waitFor();
  expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
});

test('one message is purged, and comes back too', async () => {
  await rows().first().getByRole('link').click();
  await page.getByRole('button', { name: 'Purge this message …' }).click();
  await page.getByLabel(/Type .* to confirm/).fill(deadLetters);
  await page.locator('.confirm .danger').click();
  await untilDepth('messages-dead-letters', 4);
  await page.getByText(/1 message was purged/).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await untilDepth('messages-dead-letters', 5);
});

test('a queue of a thousand messages says how many are listed, and everywhere in the same way how many there are', async () => {
  for (let sent = 0; sent < 1_200; sent += 10) {
    await looked.run.services.sqs.call('SendMessageBatch', {
      QueueUrl: queueUrl('messages-dead-letters'),
      Entries: Array.from({ length: 10 }, (_, index) => ({
        ...{ Id: String(index), MessageBody: `{"poison":${sent + index}}` },
      })),
    });
  }
  await page.getByRole('button', { name: 'Redrive all 1,205' }).waitFor();
  await page.getByText('The oldest 500 of about 1,205 messages are listed.').waitFor();
  await page.locator('.messages-pane').getByRole('button', { name: 'Dry run' }).click();
  await page.getByText('1,205 would go to whatsapp-dev-messages.').waitFor();
  await page.locator('.views').getByText('1,205').waitFor();
  const texts = await page
    .locator('.views, .health, .queues, .messages-pane > :not(ul)')
    .allInnerTexts();
  expect(texts.join('\n')).not.toMatch(/\d{4}/);
});

test('a redrive that a restart of the console has ended says so, and the messages stay', async () => {
  await page.locator('.messages-pane .options summary').click();
  await page.locator('.messages-pane').getByLabel('Rate').fill('1');
  await page.locator('.messages-pane').getByRole('button', { name: 'Redrive all 1,205' }).click();
  await page.locator('.messages-pane').getByRole('button', { name: 'Stop' }).waitFor();
  const port = Number(new URL(looked.console.url).port);
  await looked.console.close();
  const again = await openConsole({ source: looked.source, port });
  await page.locator('.job .chip', { hasText: 'failed' }).waitFor();
  await page.locator('.job', { hasText: 'This job is not known any more.' }).waitFor();
  await page.getByRole('button', { name: /^Redrive all 1,\d+$/ }).waitFor();
  looked.complaints.length = 0;
  await again.close();
});

test('a copy that is being edited stays when the console restarts, although its message cannot be read again', async () => {
  const port = Number(new URL(looked.console.url).port);
  const again = await openConsole({ source: looked.source, port });
  await rows().first().getByRole('link').click();
  await page.getByRole('button', { name: 'Edit a copy' }).click();
  const copy = page.getByRole('textbox', { name: 'The copy' });
  await copy.fill('{"half":"written');
  await again.close();
  await page.getByText('The local run has stopped').waitFor();
  await page.route('**/console/api/message?*', (route) =>
    route.fulfill({ status: 502, json: { error: 'SQS is away.' } }),
  );
  const last = await openConsole({ source: looked.source, port });
  await page.getByLabel('Dead-letter message').getByText('SQS is away.').waitFor();
  expect(await copy.innerText()).toBe('{"half":"written');
  expect(await page.getByRole('button', { name: 'Send the copy' }).isEnabled()).toBe(true);
  looked.complaints.length = 0;
  await last.close();
});
