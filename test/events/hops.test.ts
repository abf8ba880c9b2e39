import { expect, test } from '@jest/globals';
import { hopsAfter, maxHops, TooManyHopsError } from '../../events/consume.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { missedCall } from '../../events/missed-call.ts';
import { onlyEvent } from './webhook.ts';

test('what ingest publishes has no hops, and what a consumer publishes because of it has one', () => {
  const { meta } = onlyEvent(exampleWebhook('message', 'waha'));
  expect(meta.hops).toBeUndefined();
  expect(hopsAfter({ meta })).toBe(1);
});

test('a chain of events ends after the allowed hops, with an error that says why', () => {
  let hops = 0;
  const publishNext = () => {
    hops = hopsAfter({ meta: { hops } });
  };
  for (let hop = 0; hop < maxHops; hop++) {
    publishNext();
  }
  expect(hops).toBe(maxHops);
  expect(publishNext).toThrow(TooManyHopsError);
  expect(publishNext).toThrow(
    'The event is the 9th that consumers published because of one another; 8 are allowed. Do two rules feed each other?',
  );
});

test('a missed call is one hop after the event that reports the end of the call', () => {
  const ended = onlyEvent(exampleWebhook('call.rejected', 'waha')) as Parameters<
    typeof missedCall
  >[0];
  expect(missedCall(ended).meta.hops).toBe(1);
  const meta = { ...ended.meta, hops: maxHops };
  expect(() => missedCall({ ...ended, meta })).toThrow(TooManyHopsError);
});
