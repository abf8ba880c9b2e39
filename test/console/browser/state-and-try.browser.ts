import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type LookedAt, lookAtLocalRun, payloadOf } from './looked-at.ts';

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
  expect(looked.complaints.splice(0)).toEqual([]);
});

const chat = '12025550142@c.us';
const messageId = `false_${chat}_A0000000000000000042`;

test('the state shows a chat with what was said, and what became of it', async () => {
  await looked.send('message', (body) => {
    Object.assign(payloadOf(body), { id: messageId, from: chat, body: 'Two of the green ones.' });
  });
  await looked.send('message.reaction', (body) => {
    Object.assign(payloadOf(body), { from: chat, reaction: { text: '👍', messageId } });
  });
  await looked.send('call.received');
  await looked.send('label.upsert');
  await looked.send('session.status');
  await looked.send('group.v2.join');
  for (const type of ['message', 'message.reaction', 'call.received', 'session.status']) {
    const row = page.locator('.list .event-row', { hasText: type }).first();
    await row.locator('.outcome', { hasText: 'done' }).waitFor();
  }
  await page.keyboard.press('3');
  await page.locator('.chat-list .row').first().click();
  const bubble = page.locator('.bubble', { hasText: 'Two of the green ones.' });
  await bubble.waitFor();
  await bubble.getByText('👍').waitFor();
});

test('calls, labels and sessions are tables that a person can read', async () => {
  await page.getByRole('link', { name: 'Calls' }).click();
  await page.getByLabel('Calls').getByText('received').first().waitFor();
  await page.getByRole('link', { name: 'Labels' }).click();
  await page.getByLabel('Labels').locator('tbody tr').first().waitFor();
  await page.getByRole('link', { name: 'Sessions' }).click();
  await page.getByLabel('Sessions').getByText('WORKING').first().waitFor();
});

test('a kind that is chosen is sent as its sender would, and what does not fit is said at once', async () => {
  await page.keyboard.press('4');
  await page.getByRole('combobox', { name: /^Type/ }).selectOption('message.ack');
  await page.getByRole('combobox', { name: /^Sender/ }).selectOption('wawp');
  const editor = page.getByRole('textbox', { name: 'What the sender posts' });
  await page.getByText('Published as message.ack').waitFor();
  const body = JSON.parse(await editor.inputValue()) as Record<string, unknown>;
  expect(body.event).toBe('message.ack');
  await editor.fill(JSON.stringify({ ...body, payload: { ...payloadOf(body), from: 7 } }));
  await page.getByText('payload.from').and(page.locator('.error-text *')).first().waitFor();
  await editor.fill(JSON.stringify(body));
  await page.getByText('Published as message.ack').waitFor();
  await page.getByRole('button', { name: 'Sign and send' }).click();
  await page.getByText(/Answered 202 .*message\.ack:/).waitFor();
});

test('a pattern that is typed is tried on the last events, and the leaf that fails is marked', async () => {
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Workbench' }).click();
  const editor = page.getByRole('textbox', { name: 'Event pattern' });
  await editor.fill('{"detail-type": ["message"], "detail": {"meta": {"session": ["nobody"]}}}');
  await page.locator('[data-matched]', { hasText: /^0 of [1-9]/ }).waitFor();
  await page.locator('.tried button', { hasText: 'message' }).first().click();
  const failing = page.getByLabel('Pattern', { exact: true }).locator('.fails');
  await failing.first().waitFor();
  expect(await failing.allInnerTexts()).toEqual([expect.stringContaining('"session": ')]);
  await editor.fill('{"detail-type": ["message"]}');
  await page.locator('[data-matched]', { hasText: /^[1-9]\d* of/ }).waitFor();
  await editor.fill('{"detail-type": "message"}');
  await page.getByRole('alert').getByText('Event pattern is not valid').waitFor();
});
