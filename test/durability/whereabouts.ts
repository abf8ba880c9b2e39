import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { LocalRun } from '@event-fanout/local-aws';

/** Where events ended: by id, the names of the queues, or `handled`. */
export interface Whereabouts {
  readonly places: ReadonlyMap<string, readonly string[]>;
  /** Dead letters that do not say why they are dead. */
  readonly causeless: readonly string[];
}

/** Waits until functions have read what their queues hold, and nothing is under way. */
export async function drain({ services }: LocalRun, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  const read = services.lambda
    .listEventSourceMappings()
    .map(({ settings }) => settings.eventSourceArn);
  while (performance.now() < deadline) {
    const isEmpty = read.every((arn) => services.sqs.peek(arn, 1).length === 0);
    if (isEmpty && services.eventBridge.pending() === 0 && services.lambda.pendingEvents() === 0) {
      return true;
    }
    await setTimeout(50);
  }
  return false;
}

/** Looks into every queue and into the file of what was handled. */
export async function findEvents(
  { services, accountId, region }: LocalRun,
  witness: string,
): Promise<Whereabouts> {
  const places = new Map<string, string[]>();
  const causeless: string[] = [];
  const note = (id: string, place: string) => places.set(id, [...(places.get(id) ?? []), place]);
  if (existsSync(witness)) {
    for (const id of readFileSync(witness, 'utf8').trim().split('\n')) {
      note(id, 'handled');
    }
  }
  const { QueueUrls } = await services.sqs.call('ListQueues', {});
  for (const url of QueueUrls as string[]) {
    const name = url.split('/').at(-1) ?? url;
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
    for (const message of services.sqs.peek(arn, 1_000_000)) {
      const { id } = JSON.parse(message.body).detail.meta as { id: string };
      note(id, name);
      if (!/-(dead-letters|undeliverable|spill)$/.test(name)) {
        continue;
      }
      const attributes = Object.keys(message.messageAttributes ?? {});
      const hasCause = attributes.includes('ERROR_CODE') || attributes.includes('fanout.reason');
      if (!hasCause && message.receiveCount < 5) {
        causeless.push(`${id} in ${name}`);
      }
    }
  }
  return { places, causeless };
}
