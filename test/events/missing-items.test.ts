import { describe, expect, test } from '@jest/globals';
import { eventTypes } from '../../events/catalog.ts';
import { exampleBody, exampleWebhook } from '../../events/example-webhook.ts';
import { contentExamples } from '../../events/message/content-examples.docs.ts';
import { onlyEvent } from './webhook.ts';

/** The value with a null before and after the items of each list. */
function withNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    return [null, ...value.map(withNulls), null];
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withNulls(item)]));
  }
  return value;
}

/** Go writes a missing item of a list as null; JavaScript writes one that it cannot serialize so. */
describe('a null in a list says nothing', () => {
  const bodies = [
    ...eventTypes.flatMap((type) =>
      (['waha', 'wawp'] as const).map(
        (sender) => [`${type}, as ${sender} sends it`, exampleWebhook(type, sender)] as const,
      ),
    ),
    ...Object.entries(contentExamples).flatMap(([content, examples]) =>
      [examples]
        .flat()
        .map((example) => [`a message with ${content}`, exampleBody('message', example)] as const),
    ),
  ];

  test.each(bodies)('%s', (_, body) => {
    const changed = { ...body, payload: withNulls(body.payload) };
    const { meta, data } = onlyEvent(changed);
    const plain = onlyEvent(body);
    expect(data).toStrictEqual(plain.data);
    expect(meta.type).toBe(plain.meta.type);
  });
});
