import { type EventType, eventTypes } from '../../events/catalog.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { interleave } from '../statistics/interleaved.ts';
import type { Summary } from '../statistics/summary.ts';

/** CPU microseconds from raw body to envelopes, and the body's bytes, by kind. */
export type NormalizationResult = Readonly<
  Record<EventType, { readonly bytes: number; readonly us: Summary }>
>;

/** Measures normalization and validation of each kind's example as WAHA sends it, after warm-up. */
export async function measureNormalization({
  rounds,
  runs,
}: {
  readonly rounds: number;
  readonly runs: number;
}): Promise<NormalizationResult> {
  const bodies = new Map(
    eventTypes.map((type) => [type, Buffer.from(JSON.stringify(exampleWebhook(type, 'waha')))]),
  );
  const context = { receivedAt: new Date(), requestId: 'bench' };
  const measure = async (type: EventType) => {
    const body = bodies.get(type) as Buffer;
    const before = process.cpuUsage();
    for (let run = 0; run < runs; run += 1) normalizeWebhook(body, context);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / runs;
  };
  await interleave(eventTypes, Math.ceil(rounds / 3), measure);
  const measured = await interleave(eventTypes, rounds, measure);
  return Object.fromEntries(
    eventTypes.map((type) => [type, { bytes: bodies.get(type)?.length ?? 0, us: measured[type] }]),
  ) as NormalizationResult;
}
