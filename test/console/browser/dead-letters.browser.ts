import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
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
  page = await looked.open('messages');
});

afterAll(async () => {
  await looked?.close();
});

afterEach(() => {
  expect(looked.complaints.splice(0)).toEqual([]);
});

const rows = () => page.getByLabel('Messages', { exact: true }).locator('tbody tr');

test('what failed is red in the flow, below the queue that it belongs to', async () => {
  await page.keyboard.press('1');
  const end = page.locator('[data-station="end whatsapp-dev-messages-dead-letters"].stuck');
  await end.waitFor();
  expect(await end.innerText()).toMatch(/5 waiting[\s\S]*stuck/);
  await page.keyboard.press('2');
});

test('dead-letter messages are grouped by their cause, and each can be read', async () => {
  await page
    .locator('.groups button', { hasText: 'permanent' })
    .locator('b', { hasText: '5' })
    .waitFor();
  expect(await rows().count()).toBe(5);
  await rows().first().getByRole('button').click();
  await page.getByLabel('Dead-letter message', { exact: true }).getByText('"poison"').waitFor();
});

test('a dry run says what would go where, and moves nothing', async () => {
  await page.getByRole('button', { name: 'Dry run: all 5' }).click();
  await page.getByText('5 would go to whatsapp-dev-messages.').waitFor();
  expect(await depth('messages-dead-letters')).toBe(5);
});

test('an edited copy goes to where the message came from, and the message is gone', async () => {
  const body = Buffer.from(JSON.stringify(freshWebhook('message', 'waha')));
  const request = { receivedAt: new Date(), requestId: 'edited' };
  const [detail] = normalizeWebhook(body, request).events;
  await page.getByRole('button', { name: 'Edit a copy' }).click();
  await page
    .getByRole('textbox', { name: 'The copy' })
    .fill(JSON.stringify({ 'detail-type': 'message', detail }));
  await page.getByRole('button', { name: 'Send the copy' }).click();
  await page
    .getByText(/The copy was sent to whatsapp-dev-messages, and the message is deleted/)
    .waitFor();
  await untilDepth('messages-dead-letters', 4);
  await untilDepth('messages', 0);
});

test('selected messages alone are redriven, and come back when their consumer still cannot', async () => {
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.locator('.groups b', { hasText: '4' }).waitFor();
  await rows().first().getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Redrive 1 selected' }).click();
  await page.locator('.job').getByText('1 went to whatsapp-dev-messages').waitFor();
  await untilDepth('messages-dead-letters', 4);
});

test('nothing is purged before the name of its queue is typed', async () => {
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByRole('button', { name: /Purge all/ }).click();
  const last = page.getByRole('button', { name: 'Delete permanently' });
  expect(await last.isDisabled()).toBe(true);
  await page.getByLabel(/Type .* to confirm/).fill('whatsapp-dev-messages-dead-letters');
  await last.click();
  await page
    .locator('.job')
    .getByText(/\d deleted/)
    .waitFor();
  await untilDepth('messages-dead-letters', 0);
});
