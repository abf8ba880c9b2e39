import { spawnSync } from 'node:child_process';
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

test('a conversation that is open follows what is written', async () => {
  await looked.send('message', (body) => {
    Object.assign(payloadOf(body), { from: chat, body: 'And one of the blue ones.' });
  });
  await page.locator('.bubble', { hasText: 'And one of the blue ones.' }).waitFor();
});

test('calls, labels and sessions are tables that a person can read', async () => {
  await page.getByRole('link', { name: 'Calls' }).click();
  await page.getByLabel('Calls').getByText('received').first().waitFor();
  await page.getByRole('link', { name: 'Labels' }).click();
  await page.getByLabel('Labels').locator('tbody tr').first().waitFor();
  await page.getByRole('link', { name: 'Sessions' }).click();
  await page.getByLabel('Sessions').getByText('WORKING').first().waitFor();
});

test('a table of the state that is open follows what happens', async () => {
  await looked.send('session.status', (body) => {
    body.session = 'warehouse';
  });
  await page.getByLabel('Sessions').getByText('warehouse').waitFor();
});

/** The text of an editor, which has only what is to be seen in the page. */
async function textOf(label: string): Promise<string> {
  await page.getByRole('button', { name: `Copy ${label}` }).click();
  await page.getByText(`Copied ${label}.`).waitFor();
  return page.evaluate('navigator.clipboard.readText()') as Promise<string>;
}

const posts = 'What the sender posts';

test('a chat is found by a name or a number, and its messages lead to their events', async () => {
  await page.keyboard.press('3');
  const search = page.getByRole('searchbox', { name: 'Name, number or address' });
  await search.fill('no such person');
  await page.getByText('No chat has that in its name or number.').waitFor();
  await search.fill('+1 (202) 555-0142');
  await page.locator('.chat-list .row').first().waitFor();
  // The rows of the search before are replaced, and a row that goes while it is clicked is not opened.
  const found = page.waitForResponse(/chats\?.*search=noor/);
  await search.fill('noor');
  await found;
  await page.locator('.chat-list .row', { hasText: 'Noor' }).click();
  await page.waitForURL(/chats\/.+search=noor/);
  await page.reload();
  expect(await search.inputValue()).toBe('noor');
  const bubble = page.locator('.bubble', { hasText: 'Two of the green ones.' });
  await bubble.getByRole('link', { name: 'events' }).click();
  await page.locator('.list .event-row', { hasText: 'message.reaction' }).waitFor();
  await page.locator('.list .event-row', { hasText: 'Two of the green ones.' }).waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
});

test('a type that is chosen is sent as its sender would, and what does not fit is said at once', async () => {
  await page.keyboard.press('4');
  await page.getByRole('combobox', { name: /^Type/ }).selectOption('message.ack');
  await page.getByRole('combobox', { name: /^Sender/ }).selectOption('wawp');
  await page.waitForURL(/try\?type=message.ack&sender=wawp$/);
  const editor = page.getByRole('textbox', { name: posts });
  await page.getByText('Published as message.ack').waitFor();
  const body = JSON.parse(await textOf(posts)) as Record<string, unknown>;
  expect(body.event).toBe('message.ack');
  await editor.fill(JSON.stringify({ ...body, payload: { ...payloadOf(body), from: 7 } }));
  await page.getByText('payload.from').and(page.locator('.error-text *')).first().waitFor();
  await editor.fill(JSON.stringify(body));
  await page.getByText('Published as message.ack').waitFor();
  await page.getByRole('button', { name: 'Sign and send' }).click();
  await page.getByText(/Answered 202 .*message\.ack:/).waitFor();
});

test('a form has the fields of the schema; what is written in it is in the JSON, and the other way', async () => {
  await page.getByRole('combobox', { name: /^Type/ }).selectOption('message');
  await page.getByText('Published as message', { exact: true }).waitFor();
  const field = page.locator('.payload-form').getByLabel('body', { exact: true });
  await field.fill('Written in the form');
  await page.getByLabel('Data', { exact: true }).getByText('Written in the form').waitFor();
  const body = JSON.parse(await textOf(posts)) as Record<string, unknown>;
  expect(payloadOf(body).body).toBe('Written in the form');
  const editor = page.getByRole('textbox', { name: posts });
  await editor.fill(JSON.stringify({ ...body, payload: { ...payloadOf(body), body: 'In JSON' } }));
  await page.getByLabel('Data', { exact: true }).getByText('In JSON').waitFor();
  expect(await field.inputValue()).toBe('In JSON');
});

test('the editor completes the names and the values that the schema knows', async () => {
  const editor = page.getByRole('textbox', { name: posts });
  const options = page.getByRole('listbox', { name: 'Completions' }).getByRole('option');
  await editor.fill('{"payload": {}}');
  await editor.press('End');
  await editor.press('ArrowLeft');
  await editor.press('ArrowLeft');
  await editor.pressSequentially('"ackN');
  await options.filter({ hasText: 'ackName' }).first().waitFor();
  await editor.press('Escape');
  await editor.fill('{"event": ""}');
  await editor.press('End');
  await editor.press('ArrowLeft');
  await editor.press('ArrowLeft');
  await editor.pressSequentially('poll');
  await options.filter({ hasText: '"poll.vote"' }).first().waitFor();
  await editor.press('Escape');
  await editor.fill('{');
  await page.getByText('Not JSON:').waitFor();
});

test('a pattern that is typed is tried on the last events, and the leaf that fails is marked', async () => {
  await page.locator('h2').first().click();
  await page.getByRole('link', { name: 'Workbench' }).click();
  const editor = page.getByRole('textbox', { name: 'Event pattern' });
  await editor.fill('{"detail-type": ["message"], "detail": {"meta": {"session": ["nobody"]}}}');
  await page.locator('[data-matched]', { hasText: /^0 of the last [1-9]/ }).waitFor();
  await page.locator('.tried button', { hasText: 'message' }).first().click();
  const failing = page.getByLabel('Pattern', { exact: true }).locator('.fails');
  await failing.first().waitFor();
  expect(await failing.allInnerTexts()).toEqual([expect.stringContaining('"session": ')]);
  await editor.fill('{"detail-type": ["message"]}');
  await page.locator('[data-matched]', { hasText: /^[1-9]\d* of/ }).waitFor();
  // What matches comes first; why the others do not is said when it is asked.
  await page.getByLabel('Events that match', { exact: true }).getByRole('link').first().waitFor();
  expect(await page.locator('.failure').count()).toBe(0);
  await editor.fill('{"detail-type": "message"}');
  await page.getByRole('alert').getByText('Event pattern is not valid').waitFor();
});

test('a pattern that is chosen again replaces what was typed, although it was in the editor before', async () => {
  const own = await looked.open('workbench');
  const editor = own.getByRole('textbox', { name: 'Event pattern' });
  const choice = own.getByRole('combobox', { name: 'Begin with the pattern of' });
  await choice.selectOption({ index: 1 });
  await editor.filter({ hasText: 'duplicateOf' }).waitFor();
  const chosen = await editor.innerText();
  await editor.press('End');
  for (const key of ['~', 'Backspace', '~']) {
    await editor.press(key);
  }
  await editor.filter({ hasText: '~' }).waitFor();
  await choice.selectOption({ index: 1 });
  await editor.filter({ hasNotText: '~' }).waitFor();
  expect(await editor.innerText()).toBe(chosen);
  await own.context().close();
});

test('what is typed while the editor is still loading is in it, and the typing goes on', async () => {
  const own = await looked.open('workbench');
  let load = () => {};
  const mayLoad = new Promise<void>((resolve) => {
    load = resolve;
  });
  await own.route('**/editor.js', async (route) => {
    await mayLoad;
    await route.continue();
  });
  await own.reload();
  const field = own.locator('textarea.code');
  await field.fill('{"source": []}');
  await field.press('End');
  await own.keyboard.press('ArrowLeft');
  await own.keyboard.press('ArrowLeft');
  load();
  await field.waitFor({ state: 'detached' });
  await own.keyboard.type('"whatsapp"');
  const editor = own.getByRole('textbox', { name: 'Event pattern' });
  expect(await editor.innerText()).toBe('{"source": ["whatsapp"]}');
  await own.context().close();
});

test('a pattern becomes a consumer: the row of the table, and the commands, which a shell can read', async () => {
  await page.getByRole('textbox', { name: 'Event pattern' }).fill(`{"detail-type": ["it's"]}`);
  await page.getByText('Make a consumer of this').click();
  await page.getByLabel('Name').fill('orders');
  await page.getByRole('button', { name: 'Copy the row' }).click();
  await page.getByText('Copied the row.').waitFor();
  const clipboard = () => page.evaluate('navigator.clipboard.readText()') as Promise<string>;
  expect(await clipboard()).toContain("'orders': {\n  kind: 'queue',");
  await page.getByRole('button', { name: 'Copy the commands' }).click();
  await page.getByText('Copied the commands.').waitFor();
  const arn = 'arn:aws:events:us-east-1:000000000000:rule/whatsapp-dev/orders';
  const queueArn = 'arn:aws:sqs:us-east-1:000000000000:orders';
  // Answers what a query asks for, and writes each word that it is given as a line.
  const aws = `aws() {
    for word; do printf '%s\\n' "$word" >&2; done
    case "$*" in *QueueUrl*) echo http://queue;; *QueueArn*) echo ${queueArn};; *RuleArn*) echo ${arn};; esac
  }
  `;
  const script = `${aws}${await clipboard()}`;
  const { stderr: words } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  expect(words).toContain('{"detail-type":["it\'s"]}');
  expect(words).toContain(`Id=1,Arn=${queueArn}`);
  const attributes = words.split('\n').find((line) => line.startsWith('{"Policy"')) ?? '';
  const { Policy } = JSON.parse(attributes) as { readonly Policy: string };
  expect(JSON.parse(Policy)).toMatchObject({
    Statement: [{ Resource: queueArn, Condition: { ArnEquals: { 'aws:SourceArn': arn } } }],
  });
});

test('of more chats than one answer has, the earlier ones are reached', async () => {
  const numbers = Array.from(
    { length: 55 },
    (_, index) => `120255502${String(index).padStart(2, '0')}`,
  );
  const now = Math.floor(Date.now() / 1_000);
  for (const [index, number] of numbers.entries()) {
    await looked.send('message', (body) => {
      const payload = payloadOf(body);
      const id = String(payload.id).replace(/\d+@c\.us/, `${number}@c.us`);
      const timestamp = now - index;
      Object.assign(payload, { id, timestamp, from: `${number}@c.us`, _data: undefined });
    });
  }
  const chats = page.locator('.chat-list .row');
  const countPages = async () => {
    await page.goto(`${looked.console.url}state`);
    await chats.nth(49).waitFor();
    const newest = await chats.count();
    await page.getByRole('button', { name: 'Earlier chats' }).click();
    await page.getByRole('button', { name: 'Newest chats' }).waitFor();
    await chats.nth(49).waitFor({ state: 'detached' });
    await chats.first().waitFor();
    return newest + (await chats.count());
  };
  while ((await countPages()) < numbers.length) {
    // The consumer of messages has not stored all chats yet.
  }
  await page.getByRole('button', { name: 'Newest chats' }).click();
  await chats.nth(49).waitFor();
  await page.getByRole('button', { name: 'Newest chats' }).waitFor({ state: 'detached' });
});
