import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { MessagesAnswer } from '../../../console/server/routes/dead-letters.ts';
import { type LookedAt, lookAtLocalRun } from './looked-at.ts';

let looked: LookedAt;
let page: Page;
let key: string;

const queue = 'whatsapp-dev-messages-dead-letters';

beforeAll(async () => {
  looked = await lookAtLocalRun();
  key = (await api<{ readonly key: string }>('admission', {})).key;
});

afterAll(async () => {
  await looked?.close();
});

/** Every test begins with five messages in the queue, and a page of its own. */
beforeEach(async () => {
  await purge({ all: true });
  await add(queue, 5);
  page = await looked.open(`failures/${queue}`);
  await button('Redrive all 5').waitFor();
});

afterEach(async () => {
  await page.context().close();
  await stopJobs();
  expect(looked.complaints.splice(0)).toEqual([]);
});

/** What another page, or another person, asks of the server. */
async function ask(path: string, body?: object): Promise<Response> {
  return fetch(`${looked.console.url}api/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', 'x-console-key': key ?? '' },
    ...(body && { body: JSON.stringify(body) }),
  });
}

const api = async <Answer>(path: string, body?: object) =>
  (await (await ask(path, body)).json()) as Answer;

interface Started {
  readonly id: string;
  readonly state: string;
}

async function untilEnded({ id }: Started): Promise<void> {
  while ((await api<Started>(`job?id=${id}`)).state === 'running') {
    await new Promise((done) => setTimeout(done, 50));
  }
}

async function stopJobs(): Promise<void> {
  for (const { job } of await api<readonly { readonly job?: Started }[]>('end-queues')) {
    if (job) {
      await api('stop-job', { id: job.id });
      await untilEnded(job);
    }
  }
}

const purge = async (selection: object, name = queue) =>
  untilEnded(await api<Started>('purge', { queue: name, confirm: name, ...selection }));

const listed = async () => (await api<MessagesAnswer>(`messages?queue=${queue}`)).messages;

/** Sends messages to a queue. */
async function add(name: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await looked.run.services.sqs.call('SendMessage', {
      QueueUrl: `${looked.run.awsEndpoint}/000000000000/${name}`,
      MessageBody: `{"poison":${index}}`,
    });
  }
}

const pane = () => page.locator('.messages-pane');
const button = (name: string | RegExp) => pane().getByRole('button', { name });
const rows = () => page.getByLabel('Messages', { exact: true }).locator('.message-row');
const box = (index: number) => rows().nth(index).getByRole('checkbox');
const job = () => page.locator('.job', { hasText: 'Redrive' });

async function setRate(text: string): Promise<void> {
  await pane().locator('.options summary').click();
  await pane().getByLabel('Rate').fill(text);
}

/** Holds the answers to some requests of the page until it is let go. */
async function hold(path: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const asked: string[] = [];
  await page.route(`**/console/api/${path}`, async (route) => {
    asked.push(route.request().url());
    await promise;
    await route.continue();
  });
  return { asked, letGo: resolve };
}

test('a purge deletes what was selected when its question was opened, although that leaves the queue meanwhile', async () => {
  const [first] = await listed();
  await box(0).check();
  await button('Purge 1 selected …').click();
  const name = page.getByLabel(/Type .* to confirm/);
  await name.fill(queue.slice(0, -3));
  await purge({ ids: [first?.messageId] });
  // What was selected and is gone never becomes all.
  await button('Redrive 0 selected').waitFor();
  expect(await button('Redrive 0 selected').isDisabled()).toBe(true);
  await name.fill(queue);
  await page.locator('.confirm').getByText('Purge 1 selected').waitFor();
  await name.press('Enter');
  await page
    .getByText(/Purge .*: 0 deleted/)
    .first()
    .waitFor();
  expect(await listed()).toHaveLength(4);
  await button('Redrive all 4').waitFor();
});

test('a selection that left the queue is cleared by hand', async () => {
  const [first] = await listed();
  await box(0).check();
  await purge({ ids: [first?.messageId] });
  await button('Redrive 0 selected').waitFor();
  await button('Clear selection').click();
  await button('Redrive all 4').waitFor();
});

test('a cause and a search stay while messages are opened and closed', async () => {
  const [, second] = await listed();
  await page.getByRole('searchbox', { name: 'Search' }).fill(second?.messageId ?? '');
  await button('Redrive 1 found').waitFor();
  await page.getByLabel('Causes').getByRole('link').click();
  await page.waitForURL(/cause=.*&text=/);
  await button('Redrive 1 found').waitFor();
  const address = page.url();
  await rows().first().getByRole('link').click();
  await page.getByLabel('Dead-letter message').getByText('"poison"').waitFor();
  await button('Redrive 1 found').waitFor();
  await page.keyboard.press('Escape');
  await page.getByLabel('Dead-letter message').waitFor({ state: 'detached' });
  expect(page.url()).toBe(address);
  await button('Redrive 1 found').waitFor();
  expect(await rows().count()).toBe(1);
});

test('what is selected while a job runs stays selected when it has ended', async () => {
  await box(0).check();
  const progress = await hold('job?*');
  await button('Redrive 1 selected').click();
  await job().getByText('running').waitFor();
  await box(1).check();
  const label = (await box(1).getAttribute('aria-label')) ?? '';
  progress.letGo();
  await page
    .getByText(/Redrive .*: 1 went to whatsapp-dev-messages/)
    .first()
    .waitFor();
  await button('Redrive 1 selected').waitFor();
  expect(await page.getByLabel(label, { exact: true }).isChecked()).toBe(true);
});

test('a double click on “Redrive” starts one job', async () => {
  const started = await hold('redrive');
  await button('Redrive all 5').dblclick();
  started.letGo();
  await page
    .getByText(/Redrive .*: \d+ went to whatsapp-dev-messages/)
    .first()
    .waitFor();
  expect(started.asked).toHaveLength(1);
});

test('nothing is purged while a redrive runs, although its question is answered', async () => {
  await setRate('1');
  await button('Purge all 5 …').click();
  const name = page.getByLabel(/Type .* to confirm/);
  await name.fill(queue);
  const last = page.locator('.confirm .danger');
  expect(await last.isEnabled()).toBe(true);
  await button('Redrive all 5').click();
  await job().getByRole('button', { name: 'Stop' }).waitFor();
  expect(await last.isDisabled()).toBe(true);
  // From another page it is refused.
  const { status } = await ask('purge', { queue, confirm: queue, all: true });
  expect(status).toBe(409);
  await job().getByRole('button', { name: 'Stop' }).click();
  await job().getByText('stopped before the end').waitFor();
});

test('a redrive goes on with its progress and its “Stop” when a person leaves and returns, or loads the page again', async () => {
  await setRate('1');
  await button('Redrive all 5').click();
  await job().getByRole('button', { name: 'Stop' }).waitFor();
  await page.keyboard.press('1');
  await page.getByRole('listbox').waitFor();
  await page.goBack();
  await job().getByRole('button', { name: 'Stop' }).waitFor();
  await page.reload();
  await page.getByText('The messages are listed when this has ended.').waitFor();
  await job().getByRole('button', { name: 'Stop' }).click();
  await job().getByText('stopped before the end').waitFor();
  await rows().first().waitFor();
});

test('the result of a job is reported in another view too', async () => {
  const progress = await hold('job?*');
  await button('Redrive all 5').click();
  await job().getByText('running').waitFor();
  await page.keyboard.press('3');
  await job().waitFor({ state: 'detached' });
  progress.letGo();
  await page.getByText(/Redrive .*: \d+ went to whatsapp-dev-messages/).waitFor();
});

test('the result of an undo is reported although there is nothing more to undo', async () => {
  await add(queue, 1);
  await purge({ all: true });
  await page.getByText('6 messages were purged').waitFor();
  const progress = await hold('job?*');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('6 messages were purged').waitFor({ state: 'detached' });
  progress.letGo();
  await page
    .getByText(/Undo the purge of .*: 6 are in the queue again/)
    .first()
    .waitFor();
});

test('a copy is sent once, however often its button is clicked, and whoever sends it too', async () => {
  await rows().first().getByRole('link').click();
  await page.getByRole('button', { name: 'Edit a copy' }).click();
  const sent = await hold('send-copy');
  await page.getByRole('button', { name: 'Send the copy' }).dblclick();
  sent.letGo();
  await page.getByText(/The copy was sent to whatsapp-dev-messages/).waitFor();
  expect(sent.asked).toHaveLength(1);
  const [{ messageId: id } = { messageId: '' }] = await listed();
  const copy = { queue, id, body: '{"poison":"copy"}', remove: true };
  const answers = await Promise.all([ask('send-copy', copy), ask('send-copy', copy)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
});

test('a rate that is not a number is refused, and is not taken for no limit', async () => {
  await setRate('5');
  const rate = pane().getByLabel('Rate');
  await rate.press('End');
  await rate.pressSequentially('-');
  await pane().getByText('The rate is not a number.').waitFor();
  expect(await button('Redrive all 5').isDisabled()).toBe(true);
  expect(await button('Dry run').isDisabled()).toBe(true);
  await rate.fill('');
  await pane().getByText('The rate is not a number.').waitFor({ state: 'detached' });
  expect(await button('Redrive all 5').isEnabled()).toBe(true);
});

test.each([
  [1360, 900],
  [390, 844],
])(
  '“Dry run” stays where it is whatever is selected, in a window of %d×%d',
  async (width, height) => {
    await page.setViewportSize({ width, height });
    const before = await button('Dry run').boundingBox();
    await box(0).check();
    await button('Redrive 1 selected').waitFor();
    expect(await button('Dry run').boundingBox()).toEqual(before);
  },
);

test('the queue that is looked at stays when another one gets more messages, and their numbers follow', async () => {
  const others = 'whatsapp-dev-calls-dead-letters';
  await page.goto(`${looked.console.url}failures`);
  await button('Redrive all 5').waitFor();
  expect(new URL(page.url()).pathname).toBe(`/console/failures/${queue}`);
  await add(others, 7);
  await page.locator('.queues > ul a', { hasText: /^calls\s*7/ }).waitFor();
  await page.locator('.queues [aria-current]', { hasText: 'messages' }).waitFor();
  await button('Redrive all 5').waitFor();
  await add(others, 1);
  await page.locator('.queues > ul a', { hasText: /^calls\s*8/ }).waitFor();
  await purge({ all: true }, others);
});

test('a message in another queue is listed while all of them are empty', async () => {
  const others = 'whatsapp-dev-calls-dead-letters';
  await purge({ all: true });
  await page.getByText('All failure queues are empty.').waitFor();
  await add(others, 1);
  await page.locator('.queues > ul a', { hasText: /^calls\s*1/ }).waitFor();
  await purge({ all: true }, others);
});

test('messages are listed although their number changes faster than the list is read', async () => {
  const list = await hold('messages?*');
  await page.reload();
  const badge = page.locator('.views .chip');
  for (const count of [6, 7, 8]) {
    await add(queue, 1);
    await badge.getByText(String(count)).waitFor();
  }
  list.letGo();
  await button('Redrive all 8').waitFor();
  // The one that was held, and one that has the changes.
  expect(list.asked).toHaveLength(2);
});

test('messages stay listed when they cannot be read again, and the reason is named', async () => {
  await page.route('**/console/api/messages?*', (route) =>
    route.fulfill({ status: 502, json: { error: 'SQS is away.' } }),
  );
  await page.getByRole('button', { name: 'Refresh' }).click();
  await pane().getByText('SQS is away.').waitFor();
  expect(await rows().count()).toBe(5);
  await page.unroute('**/console/api/messages?*');
  await page.getByRole('button', { name: 'Refresh' }).click();
  await pane().getByText('SQS is away.').waitFor({ state: 'detached' });
  looked.complaints.length = 0;
});
