import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { catalog } from '../../../events/catalog.ts';
import { exampleBody } from '../../../events/example-webhook.ts';
import { contentExamples, referralExample } from '../../../events/message/content-examples.docs.ts';
import { contents } from '../../../events/message/contents.ts';
import { normalize } from '../webhook.ts';

describe('the example in the documents', () => {
  test.each(contents)('of the content `%s` has this content and no unknown fields', (content) => {
    const { events, drift } = normalize(exampleBody('message', contentExamples[content]));
    const data = events[0]?.data;
    expect(data).toMatchObject({ content });
    expect(v.parse(catalog.message.data(), data)).toStrictEqual(data);
    expect(drift).toStrictEqual({ unknownEvents: [], unknownFields: [] });
  });

  test('of an ad has its click id', () => {
    const { events } = normalize(exampleBody('message', referralExample));
    expect(events[0]?.data).toMatchObject({
      referral: { source: 'ad', clickId: 'invented-click' },
    });
  });
});
