import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type LookedAt, lookAtLocalRun, payloadOf } from './looked-at.ts';

let looked: LookedAt;
let page: Page;

const chat = '12025550142@c.us';
const deadLetters = 'whatsapp-dev-messages-dead-letters';

beforeAll(async () => {
  looked = await lookAtLocalRun();
  for (const text of ['Is the green one in stock?', 'And the blue one?']) {
    await looked.send('message', (body) => {
      Object.assign(payloadOf(body), { body: text, from: chat });
    });
  }
  await looked.send('presence.update');
  await looked.run.services.sqs.call('SendMessage', {
    QueueUrl: `${looked.run.awsEndpoint}/000000000000/whatsapp-dev-messages`,
    MessageBody: '{"poison":1}',
  });
  page = await looked.open('events');
  await row('presence.update').waitFor();
});

afterAll(async () => {
  await looked?.close();
});

afterEach(() => {
  expect(looked.complaints.splice(0)).toEqual([]);
});

const row = (text: string) => page.locator('.list .event-row', { hasText: text });
const path = () => decodeURIComponent(page.url().replace(looked.console.url, ''));
const clipboard = () => page.evaluate('navigator.clipboard.readText()') as Promise<string>;

describe('an address', () => {
  test('of an event opens it, in another window too, and Back leads to the list', async () => {
    await row('green one').click();
    await page.locator('.detail .rules li').first().waitFor();
    expect(path()).toMatch(/^events\/[0-9a-f-]{36}$/);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('Copied the link.').waitFor();
    const other = await looked.open((await clipboard()).replace(looked.console.url, ''));
    await other.getByLabel('Raw payload').getByText('Is the green one in stock?').waitFor();
    await other.close();
    await page.goBack();
    await page.locator('.detail').waitFor({ state: 'detached' });
    expect(path()).toBe('events');
    await page.goForward();
    await page.locator('.detail .rules li').first().waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.locator('.detail').waitFor({ state: 'detached' });
  });

  test('has the filters: after a reload the list is the same, and Back ends the last one', async () => {
    await page.getByRole('searchbox', { name: 'Search' }).fill('one');
    await page.getByText('2 match').waitFor();
    await page.locator('.more-filters > summary').click();
    await page.getByLabel('Outcome').selectOption('done');
    await page.getByText('2 match').waitFor();
    expect(path()).toBe('events?outcome=done&text=one');
    await page.reload();
    await page.getByText('2 match').waitFor();
    expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('one');
    await page.goBack();
    await page.waitForURL(/text=one$/);
    expect(path()).toBe('events?text=one');
    // The filters are kept while another view is shown.
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'State' }).click();
    await page.getByRole('link', { name: 'Events' }).click();
    await page.getByText('2 match').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    expect(path()).toBe('events');
  });

  test('of a dead-letter message opens its queue, its cause and the message', async () => {
    await page.locator('.health a', { hasText: 'messages: 1 dead-letter message' }).click();
    expect(path()).toBe(`failures/${deadLetters}`);
    await page.getByLabel('Causes').getByRole('link').click();
    await page.waitForURL(/cause=/);
    await page.getByLabel('Messages', { exact: true }).getByRole('link').click();
    await page.getByLabel('Dead-letter message').getByText('"poison"').waitFor();
    const address = path();
    expect(address).toMatch(
      new RegExp(
        `^failures/${deadLetters}/[0-9a-f-]{36}\\?cause=permanent\\+NotAWhatsAppEventError`,
      ),
    );
    await page.reload();
    await page.getByLabel('Dead-letter message').getByText('"poison"').waitFor();
    await page.goBack();
    await page.getByLabel('Dead-letter message').waitFor({ state: 'detached' });
  });

  test('of a chat, a part of the state, a type to try and a pattern opens them', async () => {
    const chats = await looked.open(`state/chats/${encodeURIComponent(chat)}?session=default`);
    await chats.locator('.bubble', { hasText: 'And the blue one?' }).waitFor();
    await chats.goto(`${looked.console.url}state/sessions`);
    await chats.getByRole('link', { name: 'Sessions', exact: true }).waitFor();
    await chats.goto(`${looked.console.url}try?type=message.ack&sender=wawp`);
    await chats.getByText('Published as message.ack').waitFor();
    const pattern = encodeURIComponent('{"detail-type":["presence.update"]}');
    await chats.goto(`${looked.console.url}workbench?pattern=${pattern}`);
    await chats.locator('[data-matched]', { hasText: /^1 of the last 3/ }).waitFor();
    await chats.close();
  });

  test('of what is not there says so, and leads on', async () => {
    await page.goto(`${looked.console.url}events/00000000-0000-4000-8000-000000000000`);
    await page.getByText('This event is not held').waitFor();
    await page.goto(`${looked.console.url}nowhere/at/all`);
    await page.getByRole('heading', { name: 'Nothing is at this address' }).waitFor();
    await page.locator('main').getByRole('link', { name: 'events' }).click();
    await row('presence.update').waitFor();
    await page.goto(`${looked.console.url}%E0%A4`);
    await row('presence.update').waitFor();
    // That the event is not held was answered 404, which the browser reports as well.
    expect(looked.complaints.splice(0)).toEqual([
      'Failed to load resource: the server responded with a status of 404 (Not Found)',
    ]);
  });

  test('is the page at once: / leads to the events', async () => {
    await page.goto(looked.console.url);
    await row('presence.update').waitFor();
    expect(path()).toBe('events');
  });
});

describe('the health', () => {
  test('is in the title and beside its view, and leads to the cause', async () => {
    const wanted = /^messages: 1 dead-letter message, NotAWhatsAppEventError · Events/;
    while (!wanted.test(await page.title())) {
      await new Promise((done) => setTimeout(done, 50));
    }
    await page.getByRole('link', { name: /^Failure queues\s+1\s+messages$/ }).waitFor();
    await page.locator('.consumers .bad', { hasText: '1' }).click();
    expect(path()).toBe(`failures/${deadLetters}`);
    await page.locator('.queues [aria-current]', { hasText: 'messages' }).waitFor();
  });
});

describe('keys alone', () => {
  test('go through the events, open them, and keep the focus in the list', async () => {
    await page.keyboard.press('1');
    await page.getByRole('listbox').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('.detail .rules li').first().waitFor();
    const first = path();
    await page.keyboard.press('j');
    await page.waitForURL((url) => !decodeURIComponent(url.href).endsWith(first));
    await page.keyboard.press('Escape');
    await page.locator('.detail').waitFor({ state: 'detached' });
    await page.locator('.list:focus').waitFor();
  });

  test('go to each view, and to the search of it', async () => {
    for (const [key, name] of [
      'Events',
      'Failure queues',
      'State',
      'Try it',
      'Workbench',
    ].entries()) {
      await page.keyboard.press(String(key + 1));
      await page.locator('.views [aria-current]', { hasText: name }).waitFor();
    }
    for (const key of ['1', '2', '3']) {
      await page.keyboard.press(key);
      await page.locator('main input[type="search"]').first().waitFor();
      await page.keyboard.press('/');
      await page.locator('main input[type="search"]:focus').waitFor();
      await page.evaluate('document.activeElement.blur()');
    }
  });

  test('go through the rows of the other views', async () => {
    await page.keyboard.press('3');
    await page.locator('.chat-list .row').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('.bubble').first().waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.conversation').waitFor({ state: 'detached' });
  });

  test('are listed by “?”, and begin with a link past the navigation', async () => {
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('next and previous row').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.goto(`${looked.console.url}events`);
    await row('presence.update').waitFor();
    await page.keyboard.press('Tab');
    await page.locator('.skip:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('main:focus').waitFor();
  });
});

describe('many tabs', () => {
  /** The browser of these tests takes every tab for one that is to be seen. */
  const putInBackground = (tab: Page, isHidden: boolean) =>
    tab.evaluate(
      `Object.defineProperty(document, 'hidden', { get: () => ${isHidden}, configurable: true });
       document.dispatchEvent(new Event('visibilitychange'));`,
    );

  test('can be open at once, more than a browser has connections; each says in its title what is wrong', async () => {
    const first = await looked.open('events');
    await putInBackground(first, true);
    for (let count = 0; count < 8; count += 1) {
      const tab = await first.context().newPage();
      await tab.goto(`${looked.console.url}failures`);
      await tab.locator('.health.bad').waitFor();
      await tab.locator('.message-row').first().waitFor();
      await putInBackground(tab, true);
    }
    await looked.run.services.sqs.call('SendMessage', {
      QueueUrl: `${looked.run.awsEndpoint}/000000000000/${deadLetters}`,
      MessageBody: '{"poison":2}',
    });
    for (const tab of first.context().pages()) {
      while (!(await tab.title()).startsWith('messages: 2 dead-letter messages')) {
        await new Promise((done) => setTimeout(done, 50));
      }
    }
    await first.context().close();
  });

  test('that were in the background follow again, and what was stopped stays where it was', async () => {
    const tab = await looked.open('events');
    await tab.getByRole('button', { name: 'Pause' }).click();
    const newest = await tab.locator('.list .event-row').first().innerText();
    await putInBackground(tab, true);
    await looked.send('call.received');
    await tab.getByRole('button', { name: /newer$/ }).waitFor();
    await putInBackground(tab, false);
    await looked.send('call.received');
    await tab.getByRole('button', { name: '2 newer' }).waitFor();
    expect(await tab.locator('.list .event-row').first().innerText()).toBe(newest);
    await tab.getByRole('button', { name: '2 newer' }).click();
    await tab.locator('.list .event-row', { hasText: 'call.received' }).nth(1).waitFor();
    await tab.context().close();
  });
});

describe('one clock', () => {
  test('shows all times in the zone of the browser, or in UTC, and the choice is kept', async () => {
    const context = await looked.browser.newContext({ timezoneId: 'America/New_York' });
    const there = await context.newPage();
    await there.goto(`${looked.console.url}events`);
    const shown = there.locator('.list .event-row time').first();
    await shown.waitFor();
    const at = new Date((await shown.getAttribute('datetime')) ?? '');
    const timeIn = (timeZone: string) => at.toLocaleTimeString('en-GB', { timeZone });
    expect(await shown.innerText()).toBe(timeIn('America/New_York'));
    expect(await shown.getAttribute('title')).toContain('America/New_York');
    await there.getByRole('button', { name: /Times in America\/New_York/ }).click();
    await there.getByRole('button', { name: /Times in UTC/ }).waitFor();
    expect((await shown.innerText()).endsWith(timeIn('UTC'))).toBe(true);
    await there.goto(`${looked.console.url}failures`);
    await there.getByRole('button', { name: /Times in UTC/ }).waitFor();
    const sent = there.locator('.message-row time').first();
    const sentAt = new Date((await sent.getAttribute('datetime')) ?? '');
    const text = sentAt.toLocaleTimeString('en-GB', { timeZone: 'UTC' });
    expect((await sent.innerText()).endsWith(text)).toBe(true);
    await context.close();
  });

  test('names the day of what was on another day, and cuts neither', async () => {
    const at = Date.now() - 86_400_000;
    const eventId = '01234567-89ab-cdef-0123-456789abcdef';
    const meta = { id: 'message:1', type: 'label.upsert', receivedAt: new Date(at).toISOString() };
    looked.source.journal.publish({
      ...{ eventId, bus: 'bus', source: 'whatsapp', type: 'label.upsert', rules: [], at },
      text: JSON.stringify({ id: eventId, detail: { meta, data: {} } }),
    });
    const tab = await looked.open('events?type=label.upsert');
    const cell = tab.locator('.list .event-row .time').first();
    await cell.waitFor();
    expect(await cell.innerText()).toMatch(/^\d{1,2} [A-Z][a-z]+ \d\d:\d\d$/);
    for (const width of [1440, 1024, 390]) {
      await tab.setViewportSize({ width, height: 844 });
      expect(
        await tab.evaluate(
          `(() => {
            const { scrollWidth, clientWidth } = document.querySelector('.list .event-row .time');
            return scrollWidth - clientWidth;
          })()`,
        ),
      ).toBe(0);
    }
    await tab.context().close();
  });
});

describe('the colours', () => {
  test('are light or dark by hand, and stay so', async () => {
    const dark = await looked.open('events', { colorScheme: 'dark' });
    const background = () =>
      dark.evaluate('getComputedStyle(document.body).backgroundColor') as Promise<string>;
    const before = await background();
    await dark.getByRole('button', { name: 'Colours: system. Change' }).click();
    await dark.getByRole('button', { name: 'Colours: light. Change' }).waitFor();
    const light = await background();
    expect(light).not.toBe(before);
    await dark.reload();
    await dark.getByRole('button', { name: 'Colours: light. Change' }).waitFor();
    expect(await background()).toBe(light);
    await dark.context().close();
  });
});

/** Types into the field of a view in the moment in which it comes into the page, before the page has done anything else. */
async function typeAtOnce(key: string, field: string, text: string): Promise<void> {
  await page.evaluate(`new MutationObserver((_, observer) => {
    const field = document.querySelector(${JSON.stringify(field)});
    if (field) {
      observer.disconnect();
      field.value = ${JSON.stringify(text)};
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
  }).observe(document.body, { childList: true, subtree: true })`);
  await page.keyboard.press(key);
}

/** Types on in the moment in which the address follows what was typed. */
async function typeOn(field: string, text: string): Promise<void> {
  await page.evaluate(`{
    const { replaceState } = history;
    history.replaceState = (...all) => {
      history.replaceState = replaceState;
      history.replaceState(...all);
      const field = document.querySelector(${JSON.stringify(field)});
      field.value += ${JSON.stringify(text)};
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    };
  }`);
}

describe('a text field whose content is in the address', () => {
  const fields = [
    ['1', 'the events', '.filters .search input', /events\?text=green/],
    ['2', 'the dead-letter messages', '.messages-head .search input', /\?text=green/],
    ['3', 'the chats', '.chat-list input', /chats\?search=green/],
  ] as const;

  test.each(fields)(
    '%s: of %s keeps what is typed into it at once, and meanwhile',
    async (key, _, field, address) => {
      await page.goto(`${looked.console.url}try`);
      await page.getByText('Published as').first().waitFor();
      await typeAtOnce(key, field, 'green');
      await page.waitForURL(address);
      await typeOn(field, 'er');
      await page.locator(field).press('End');
      await page.locator(field).pressSequentially(' ');
      await page.waitForURL(/green(\+|%20)er$/);
      expect(await page.locator(field).inputValue()).toBe('green er');
    },
  );

  test.each(fields)(
    '%s: of %s does not hold back who leaves it',
    async (key, _, field, address) => {
      await page.goto(`${looked.console.url}try`);
      await page.getByText('Published as').first().waitFor();
      await page.keyboard.press(key);
      await page.locator(field).pressSequentially('green');
      await page.waitForURL(address);
      await page.goBack();
      await page.waitForURL(/console\/try$/);
      await page.getByText('Published as').first().waitFor();
      expect(path()).toBe('try');
    },
  );

  test('keeps what is typed while events arrive, and is applied by Enter', async () => {
    await page.goto(`${looked.console.url}events`);
    await page.locator('.more-filters > summary').click();
    const type = page.getByRole('combobox', { name: 'Type' });
    await type.pressSequentially('presence.up');
    await looked.send('message', (body) => {
      Object.assign(payloadOf(body), { body: 'Or a red one?', from: chat });
    });
    await row('Or a red one?').waitFor();
    await type.pressSequentially('date');
    await type.press('Enter');
    await page.waitForURL(/events\?type=presence.update$/);
    await page.getByText('1 match').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.locator('.more-filters > summary').click();
    expect(await type.inputValue()).toBe('');
  });
});

test('the draft of the type that was chosen last is shown, whichever arrives last', async () => {
  let arrived = () => {};
  const last = new Promise<void>((done) => {
    arrived = done;
  });
  await page.route(/draft\?type=message.ack/, async (route) => {
    await last;
    await route.continue();
  });
  await page.goto(`${looked.console.url}try`);
  await page.getByText('Published as message', { exact: true }).waitFor();
  const type = page.getByRole('combobox', { name: /^Type/ });
  const asked = page.waitForRequest(/draft\?type=message.ack/);
  await type.selectOption('message.ack');
  const late = await asked;
  const isOver = Promise.race([
    page.waitForEvent('requestfinished', (request) => request === late),
    page.waitForEvent('requestfailed', (request) => request === late),
  ]);
  await type.selectOption('call.received');
  await page.getByText('Published as call.received').waitFor();
  arrived();
  await isOver;
  // What the page does with an answer, it has done after a frame.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
  await page.getByRole('button', { name: 'Copy What the sender posts' }).click();
  await page.getByText('Copied What the sender posts.').waitFor();
  expect(JSON.parse(await clipboard()).event).toBe('call.received');
  await page.unroute(/draft\?type=message.ack/);
});
