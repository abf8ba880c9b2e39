import { expect, test } from '@jest/globals';
import { eventTypes } from '../../events/catalog.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { personalShapes } from '../../lib/log-group.ts';

/** Every address in the examples of the catalog, found by its sign and not by our shapes. */
const addresses = [
  ...new Set(
    eventTypes
      .flatMap((type) => [exampleWebhook(type, 'waha'), exampleWebhook(type, 'wawp')])
      .flatMap((webhook) => JSON.stringify(webhook).match(/[\d:-]{6,}@[a-z.]+/g) ?? []),
  ),
];
const shapes = Object.values(personalShapes).map((shape) => new RegExp(shape));

test('every address in the examples would be masked', () => {
  expect(addresses.length).toBeGreaterThan(5);
  expect(addresses.filter((address) => !shapes.some((shape) => shape.test(address)))).toEqual([]);
});

test('CloudWatch accepts the expressions: at most ten, of 200 characters, without groups', () => {
  const entries = Object.entries(personalShapes);
  expect(entries.length).toBeLessThanOrEqual(10);
  for (const [name, shape] of entries) {
    expect(name).toMatch(/^[\w-]{1,128}$/);
    expect(shape).toMatch(/^[\w#=@/;, \-^$?[\]{}|\\*+.]{1,200}$/);
    expect(shape).not.toMatch(/[()]/);
  }
});
