import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { eventTypes } from '../events/catalog.ts';
import { lookAtLocalRun, payloadOf } from '../test/console/browser/looked-at.ts';

/**
 * Takes the screenshots of docs/console.md from a local run: `npm run docs:screenshots`. They are committed,
 * and taken again when the page has changed.
 */
const directory = fileURLToPath(new URL('../docs/images', import.meta.url));
mkdirSync(directory, { recursive: true });

const looked = await lookAtLocalRun();
const QueueUrl = `${looked.run.awsEndpoint}/000000000000/whatsapp-dev-messages`;
for (const type of eventTypes) {
  await looked.send(type);
}
for (let index = 0; index < 3; index += 1) {
  await looked.run.services.sqs.call('SendMessage', {
    QueueUrl,
    MessageBody: `{"poison":${index}}`,
  });
}
await looked.send('message', (body) => {
  payloadOf(body).body = 'Do you open at nine?';
});

const shoot = (page: Page, name: string) =>
  page.screenshot({
    path: `${directory}/console-${name}.jpg`,
    type: 'jpeg',
    quality: 72,
    animations: 'disabled',
  });

const page = await looked.open('live', { width: 1280, height: 1000 });
await page.locator('[data-station="end whatsapp-dev-messages-dead-letters"].stuck').waitFor();
await shoot(page, 'flow');
await page.getByRole('searchbox').fill('open at nine');
await page.locator('.list-row').first().click();
await page.locator('.detail .rules li').first().waitFor();
await page.locator('.split').evaluate((element) => element.scrollIntoView());
await shoot(page, 'event');
await page.keyboard.press('Escape');
await page.getByRole('link', { name: 'Failure queues' }).click();
await page.getByLabel('Messages').waitFor();
await shoot(page, 'dead-letters');
await page.getByRole('link', { name: 'State' }).click();
await page.locator('.chats button.row').first().click();
await page.locator('.bubble').first().waitFor();
await shoot(page, 'state');
await page.getByRole('link', { name: 'Try it' }).click();
await page.getByText('Published as').waitFor();
await shoot(page, 'try');
await page.getByRole('link', { name: 'Workbench' }).click();
await page.locator('.tried button').nth(1).click();
await page.locator('.pattern').waitFor();
await shoot(page, 'workbench');
const dark = await looked.open('live', { width: 390, height: 844, colorScheme: 'dark' });
await dark.locator('[data-station="bus"]').waitFor();
await shoot(dark, 'phone');
await looked.close();
