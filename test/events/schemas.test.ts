import { expect, test } from '@jest/globals';
import { eventTypes } from '../../events/catalog.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { schemaOf } from '../../events/schemas.ts';
import { context } from './webhook.ts';

test.each(eventTypes)(
  'the exported schema of %s accepts the events that ingest publishes',
  async (type) => {
    const body = Buffer.from(JSON.stringify(exampleWebhook(type, 'waha')));
    const [event] = normalizeWebhook(body, context).events;
    const result = await schemaOf(type)['~standard'].validate(event);
    expect(result.issues).toBeUndefined();
  },
);
