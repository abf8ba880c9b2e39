/**
 * `npm run bench:normalize`: CPU time from raw body to envelopes on one core, of each event type's example as
 * WAHA sends it, warm. Fails when a typical message takes 40 µs or more.
 */
import { type EventType, eventTypes } from '../events/catalog.ts';
import { exampleWebhook } from '../events/example-webhook.ts';
import { normalizeWebhook } from '../events/normalize.ts';
import { interleave, median } from './statistics.ts';

const maxMessageUs = 40;
const runs = 2_000;
const context = { receivedAt: new Date(), requestId: 'bench' };

async function measure(type: EventType): Promise<number> {
  const body = Buffer.from(JSON.stringify(exampleWebhook(type, 'waha')));
  const before = process.cpuUsage();
  for (let run = 0; run < runs; run += 1) {
    normalizeWebhook(body, context);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}

await interleave(eventTypes, 3, measure);
const us = await interleave(eventTypes, 9, measure);
for (const type of eventTypes) {
  console.log(`${type.padEnd(36)} ${median(us[type]).toFixed(1)} µs`);
}
if (median(us.message) >= maxMessageUs) {
  console.error(`A message took ${median(us.message).toFixed(1)} µs, limit ${maxMessageUs}.`);
  process.exitCode = 1;
}
