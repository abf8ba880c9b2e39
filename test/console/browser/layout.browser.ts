import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventTypes } from '../../../events/catalog.ts';
import { axeFindings, fontSizes, looks, misplaced, windows } from './layout.ts';
import { type LookedAt, lookAtLocalRun, payloadOf } from './looked-at.ts';

let looked: LookedAt;
let addresses: readonly (readonly [address: string, isThere: string])[] = [];

beforeAll(async () => {
  looked = await lookAtLocalRun();
  for (const type of eventTypes) {
    await looked.send(type);
  }
  await looked.send('message', (body) => {
    Object.assign(payloadOf(body), {
      body: `A long text, and a long word: ${'abcdefghij'.repeat(40)}. `.repeat(5),
      notifyName: 'A name that is much longer than most names are',
    });
  });
  for (let index = 0; index < 12; index += 1) {
    await looked.run.services.sqs.call('SendMessage', {
      QueueUrl: `${looked.run.awsEndpoint}/000000000000/whatsapp-dev-messages`,
      MessageBody: `{"poison":${index}}`,
    });
  }
  const page = await looked.open('events?text=long');
  await page.locator('.list .event-row').first().click();
  await page.locator('.detail .rules li').first().waitFor();
  const event = new URL(page.url()).pathname.replace('/console/', '');
  await page.goto(`${looked.console.url}failures`);
  await page.locator('.message-row a').nth(11).click();
  await page.locator('.detail .json').waitFor();
  const message = new URL(page.url()).pathname.replace('/console/', '');
  await page.context().close();
  const chat = encodeURIComponent('12025550142@c.us');
  addresses = [
    ['events', '.list .event-row'],
    [event, '.detail .rules li'],
    ['failures', '.message-row'],
    [message, '.detail .json'],
    ['state/chats', '.chat-list .row'],
    [`state/chats/${chat}?session=default`, '.bubble'],
    ['state/calls', '.cards td'],
    ['state/labels', '.state-view .panel'],
    ['state/sessions', '.cards td'],
    ['try', '.three h3'],
    ['workbench', '.tried .row'],
  ];
}, 180_000);

afterAll(async () => {
  await looked?.close();
});

describe('every address', () => {
  test.each(looks)(
    'on $name, $colorScheme: axe finds nothing, nothing is cut, nothing overlaps, nothing scrolls sideways',
    async (look) => {
      const page = await looked.open('events', look);
      const found: unknown[] = [];
      for (const [address, isThere] of addresses) {
        await page.goto(`${looked.console.url}${address}`);
        await page.locator(isThere).first().waitFor();
        await page.locator('.health.bad').waitFor();
        const faults = [...((await axeFindings(page)) as unknown[]), ...(await misplaced(page))];
        if (faults.length > 0) {
          found.push([address, faults]);
        }
      }
      expect(found).toEqual([]);
      await page.context().close();
    },
    120_000,
  );

  test('has its texts in at most six sizes', async () => {
    const page = await looked.open('events');
    const sizes = new Set<number>();
    for (const [address, isThere] of addresses) {
      await page.goto(`${looked.console.url}${address}`);
      await page.locator(isThere).first().waitFor();
      for (const size of await fontSizes(page)) {
        sizes.add(size);
      }
    }
    expect([...sizes].length).toBeLessThanOrEqual(6);
    await page.context().close();
  });
});

/** Windows that are neither: a small phone, a desktop at 200 %, a phone that lies, a tablet, a wide desktop. */
const otherWindows = [
  [320, 568],
  [720, 450],
  [844, 390],
  [820, 1_180],
  [905, 700],
  [1_280, 720],
  [1_920, 1_080],
] as const;

test('in a window of any other size, nothing is cut, squeezed or overlaps either', async () => {
  const page = await looked.open('events');
  const found: unknown[] = [];
  for (const [address, isThere] of addresses) {
    await page.goto(`${looked.console.url}${address}`);
    await page.locator(isThere).first().waitFor();
    await page.locator('.health.bad').waitFor();
    for (const [width, height] of otherWindows) {
      await page.setViewportSize({ width, height });
      await page.locator(isThere).first().waitFor({ state: 'attached' });
      // The page lays itself out anew when it learns of its size, and is drawn in the frame after.
      await page.evaluate(
        'new Promise((done) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(done))))',
      );
      const faults = await misplaced(page);
      if (faults.length > 0) {
        found.push([address, width, faults]);
      }
    }
  }
  expect(found).toEqual([]);
  await page.context().close();
});

test('what is chosen is seen without colours too', async () => {
  const page = await looked.open('events');
  await page.emulateMedia({ forcedColors: 'active' });
  await page.locator('.list .event-row').first().click();
  for (const chosen of ['.views [aria-current]', '.event-row.opened', '[aria-pressed="true"]']) {
    await page.locator(chosen).first().waitFor();
    const style = `getComputedStyle(document.querySelector('${chosen}')).outlineStyle`;
    expect(await page.evaluate(style)).toBe('solid');
  }
  await page.context().close();
});

/** What is opened on demand: how, and what is there then. */
const openings: readonly (readonly [
  what: string,
  address: string,
  open: readonly string[],
  isThere: string,
])[] = [
  ['the filters', 'events', ['.more-filters > summary'], '.more-filters select'],
  ['the filters beside an event', 'EVENT', ['.more-filters > summary'], '.more-filters'],
  ['the rate of a redrive', 'failures', ['.options > summary'], '.options input'],
  ['the question before a purge', 'failures', ['.danger'], '.confirm'],
  ['a copy that is edited', 'MESSAGE', ['text=Edit a copy'], '.editor'],
  ['the empty queues', 'failures', ['.queues summary'], '.queues details a'],
  [
    'a new consumer',
    'workbench',
    ['text=Make a consumer of this'],
    'text=The same with the AWS CLI',
  ],
  [
    'an event that does not match',
    'workbench',
    ['.beside details:last-child > summary', '.tried button'],
    '.failure',
  ],
];

describe('what is opened on demand', () => {
  test.each(windows)('on $name: axe finds nothing, nothing is cut or overlaps', async (window) => {
    const page = await looked.open('events', window);
    const found: unknown[] = [];
    const [, [event = ''] = [], , [message = ''] = []] = addresses;
    for (const [what, address, open, isThere] of openings) {
      await page.goto(
        looked.console.url + address.replace('EVENT', event).replace('MESSAGE', message),
      );
      for (const each of open) {
        await page.locator(each).first().dispatchEvent('click');
      }
      await page.locator(isThere).first().waitFor({ state: 'attached' });
      const faults = [...((await axeFindings(page)) as unknown[]), ...(await misplaced(page))];
      if (faults.length > 0) {
        found.push([what, faults]);
      }
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect([...found, ...((await axeFindings(page)) as unknown[])]).toEqual([]);
    await page.context().close();
  });
});

test('a fault would be found: what is cut, squeezed, uneven, overlaps, or is wider than the window', async () => {
  const page = await looked.open('events');
  await page.locator('.list .event-row').first().waitFor();
  await page.evaluate(`(() => {
    const add = (text, style) => {
      const button = document.createElement('button');
      button.textContent = text;
      button.style.cssText = style;
      document.querySelector('.filters').append(button);
    };
    add('wide', 'position: absolute; left: 0; top: 300px; width: 3000px; max-width: none');
    add('over', 'position: absolute; left: 20px; top: 300px');
    add('a long text in a short button', 'width: 30px; overflow: hidden; white-space: nowrap');
    add('lower', 'position: relative; top: 8px');
    add('one letter in a line', 'width: 30px; overflow-wrap: anywhere; white-space: normal');
    add('hardly a letter', 'width: 30px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap');
    const title = document.createElement('h3');
    title.append('Published as ', document.createElement('b'));
    title.style.display = 'flex';
    document.querySelector('.filters').append(title);
  })()`);
  const faults = (await misplaced(page)).join('\n');
  expect(faults).toMatch(/cut: button. wide/);
  expect(faults).toMatch(/overlap: button. wide \/ button. over/);
  expect(faults).toMatch(/text is cut: button. a long text/);
  expect(faults).toMatch(/not in line: .* button. lower/);
  expect(faults).toMatch(/squeezed: button. one letter in a line/);
  expect(faults).toMatch(/squeezed: button. hardly a letter/);
  expect(faults).toMatch(/words run together: h3. Published as/);
  await page.context().close();
});

describe('the events', () => {
  test.each(windows)('come first on $name: many are in the window', async (window) => {
    const page = await looked.open('events', window);
    await page.locator('.list .event-row').first().waitFor();
    const shown = await page.evaluate(
      `[...document.querySelectorAll('.list .event-row')].filter((row) => {
         const { top, bottom } = row.getBoundingClientRect();
         return top >= 0 && bottom <= document.querySelector('.list').getBoundingClientRect().bottom;
       }).length`,
    );
    expect(shown).toBeGreaterThanOrEqual(window.width === 390 ? 8 : 15);
    await page.context().close();
  });

  test('have one row for each consumer beside them, which can be folded, and stays folded', async () => {
    const page = await looked.open('events');
    const names = page.locator('.consumers th[scope="row"]');
    await names.first().waitFor();
    const titles = await names.allInnerTexts();
    expect(titles).toContain('messages');
    expect(new Set(titles).size).toBe(titles.length);
    await page.locator('.pipeline summary').click();
    await names.first().waitFor({ state: 'hidden' });
    // The page stores it at the toggle event, which comes after the list is hidden.
    while (!(await page.evaluate("Object.values(localStorage).includes('folded')"))) {
      await names.count();
    }
    await page.reload();
    await page.locator('.pipeline summary').waitFor();
    expect(await names.first().isVisible()).toBe(false);
    await page.context().close();
  });

  test('do not move what stands around them while they come', async () => {
    const page = await looked.open('events');
    const places = () =>
      page.evaluate(
        `['.views', '.health', '.filters', '.list'].map((name) =>
           JSON.stringify(document.querySelector(name).getBoundingClientRect()))`,
      );
    await page.locator('.health.bad').waitFor();
    const before = await places();
    await looked.send('presence.update');
    await looked.send('message');
    await page.locator('.list .event-row', { hasText: 'presence.update' }).first().waitFor();
    for (const key of ['1', '3', '1']) {
      await page.keyboard.press(key);
      await page.locator('.views [aria-current]').waitFor();
    }
    await page.locator('.list .event-row').first().waitFor();
    expect(await places()).toEqual(before);
    await page.context().close();
  });
});

describe('on a phone', () => {
  test('an operator on call reaches the health, the dead letters and their redrive by two taps', async () => {
    const page = await looked.open('events', { width: 390, height: 844 });
    await page.locator('.health', { hasText: '12 dead-letter messages' }).waitFor();
    await page.locator('.views').getByRole('link', { name: 'Failure queues' }).click();
    const redrive = page.getByRole('button', { name: 'Redrive all 12' });
    await redrive.waitFor();
    const box = await redrive.boundingBox();
    expect((box?.y ?? 1_000) + (box?.height ?? 0)).toBeLessThan(844);
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText('12 would go to whatsapp-dev-messages.').waitFor();
    await page.context().close();
  });

  test('the views are at the bottom, where a thumb is', async () => {
    const page = await looked.open('events', { width: 390, height: 844 });
    const box = await page.locator('.views').boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBe(844);
    for (const link of await page.locator('.views a').all()) {
      expect((await link.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    }
    await page.context().close();
  });
});
