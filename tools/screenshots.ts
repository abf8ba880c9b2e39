import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { exampleConversation } from '../events/conversation.docs.ts';
import { lookAtLocalRun } from '../test/console/browser/looked-at.ts';

/**
 * Takes the pictures of docs/console.md from a local run: `npm run docs:screenshots`. They are kept in
 * the repository, and taken again when the page has changed.
 */
const directory = fileURLToPath(new URL('../docs/images', import.meta.url));
mkdirSync(directory, { recursive: true });

const looked = await lookAtLocalRun();
const address = (path: string) => `${looked.console.url}${path}`;
const QueueUrl = `${looked.run.awsEndpoint}/000000000000/whatsapp-dev-messages`;

const shoot = (page: Page, name: string) =>
  page.screenshot({
    path: `${directory}/console-${name}.jpg`,
    type: 'jpeg',
    quality: 72,
    animations: 'disabled',
  });

try {
  const page = await looked.open('events', { width: 1440, height: 900 });
  for (const { webhook } of exampleConversation({ endsAt: Date.now() })) {
    await looked.send(webhook.event, (body) => Object.assign(body, webhook));
  }
  for (let index = 0; index < 3; index += 1) {
    await looked.run.services.sqs.call('SendMessage', {
      QueueUrl,
      MessageBody: `{"poison":${index}}`,
    });
  }
  await page.locator('.health.bad').waitFor();
  await page.locator('.consumers .bad').waitFor();
  await page
    .getByRole('img', { name: /^[1-9]\d* deliveries in the last minute/ })
    .first()
    .waitFor();
  await shoot(page, 'events');
  await page.locator('.list .event-row', { hasText: 'blue teapot' }).first().click();
  await page.locator('.detail .rules li').first().waitFor();
  await shoot(page, 'event');
  await page.goto(address('failures'));
  await page.locator('.message-row a').first().click();
  await page.locator('.detail .json').waitFor();
  await shoot(page, 'failures');
  await page.goto(address('state'));
  await page.locator('.chat-list .row', { hasText: 'Noor' }).click();
  await page.locator('.bubble').first().waitFor();
  await shoot(page, 'state');
  await page.goto(address('try'));
  await page.getByText('Published as').waitFor();
  await shoot(page, 'try');
  await page.goto(address('workbench'));
  await page.locator('.tried .row').first().waitFor();
  await shoot(page, 'workbench');
  const dark = await looked.open('events', { width: 390, height: 844, colorScheme: 'dark' });
  await dark.locator('.health.bad').waitFor();
  await dark.locator('.list .event-row').first().waitFor();
  await shoot(dark, 'phone');
} finally {
  await looked.close();
}
