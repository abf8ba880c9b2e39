import type { Limits } from './quotas.ts';

/** Milliseconds of ingest, of a consumer's batch, and events in a full one (docs/costs.md, assumptions). */
const ingestSeconds = 0.025;
const batchSeconds = 0.03;
const batchSize = 10;

/** WAHA tries again every two seconds, fifteen times, and then gives an event up. */
const retrySeconds = 2;
const retries = 15;

/** Batches of spilled events at once. */
const republishers = 2;

/** What became of the webhooks of a simulated time. */
export interface Outcome {
  readonly sent: number;
  /** Requests that were answered 429 or 503, and were tried again. */
  readonly refused: number;
  /** Webhooks that their sender gave up after sixteen tries: the only ones that are lost. */
  readonly lost: number;
  readonly mostSpilled: number;
  readonly mostUndelivered: number;
  readonly mostQueued: number;
  /** Seconds that the last in line waits at worst, from the bus to the consumer. */
  readonly longestWait: number;
  readonly mostInstances: number;
  /** Handled by the consumer, at the end of the time or after it. */
  readonly handled: number;
}

/**
 * Sends webhooks through the path, second by second: front door, ingest, bus, one queue, its consumer.
 * Deterministic. After the given time nothing more comes, and it runs on until all is handled.
 *
 * @param rateAt webhooks that senders make in a second
 */
export function simulate(
  rateAt: (second: number) => number,
  seconds: number,
  limits: Limits,
): Outcome {
  const waitingToRetry = new Map<number, Map<number, number>>();
  let tokens = limits.frontDoorBurst;
  let instancesAllowed = Math.min(limits.concurrency, limits.concurrencyStep);
  let [pollers, spilled, undelivered, queued, handled] = [limits.pollersAtStart, 0, 0, 0, 0];
  const most = { spilled: 0, undelivered: 0, queued: 0, wait: 0, instances: 0 };
  let [sent, refused, lost] = [0, 0, 0];

  for (let second = 0; second < seconds || pending() > 0.5; second += 1) {
    const arriving = new Map(waitingToRetry.get(second));
    waitingToRetry.delete(second);
    const fresh = second < seconds ? rateAt(second) : 0;
    arriving.set(0, (arriving.get(0) ?? 0) + fresh);
    sent += fresh;

    const wanted = [...arriving.values()].reduce((sum, count) => sum + count, 0);
    tokens = Math.min(limits.frontDoorBurst, tokens) + limits.frontDoorRate;
    // Half of the account's instances are left to consumers.
    const canServe = Math.min(instancesAllowed, limits.concurrency / 2) / ingestSeconds;
    const served = Math.min(wanted, tokens, canServe);
    tokens -= Math.min(wanted, tokens);
    instancesAllowed = Math.min(limits.concurrency, instancesAllowed + limits.concurrencyStep / 10);
    refuse(arriving, wanted === 0 ? 0 : 1 - served / wanted, second);

    const published = Math.min(served, limits.putEvents);
    const republished = Math.min(
      spilled,
      limits.putEvents - published,
      (republishers * batchSize) / batchSeconds,
    );
    spilled += served - published - republished;
    undelivered += published + republished;
    const delivered = Math.min(undelivered, limits.deliveries);
    undelivered -= delivered;
    queued += delivered;
    const workers = Math.min(pollers, limits.concurrency / 2);
    const perSecond = (workers * batchSize) / batchSeconds;
    const done = Math.min(queued, perSecond);
    queued -= done;
    handled += done;
    if (queued > 0) pollers = Math.min(limits.pollersAtMost, pollers + limits.pollersAMinute / 60);

    most.spilled = Math.max(most.spilled, spilled);
    most.undelivered = Math.max(most.undelivered, undelivered);
    most.queued = Math.max(most.queued, queued);
    most.wait = Math.max(most.wait, undelivered / limits.deliveries + queued / perSecond);
    most.instances = Math.max(
      most.instances,
      served * ingestSeconds + (done / batchSize) * batchSeconds,
    );
  }
  return {
    sent,
    refused,
    lost,
    mostSpilled: most.spilled,
    mostUndelivered: most.undelivered,
    mostQueued: most.queued,
    longestWait: most.wait,
    mostInstances: most.instances,
    handled,
  };

  function pending(): number {
    const waiting = [...waitingToRetry.values()].flatMap((tries) => [...tries.values()]);
    return waiting.reduce((sum, count) => sum + count, 0) + spilled + undelivered + queued;
  }

  /** The same share of each is refused, and tried again unless it was the last time. */
  function refuse(arriving: ReadonlyMap<number, number>, share: number, second: number): void {
    if (share <= 0) return;
    const later = waitingToRetry.get(second + retrySeconds) ?? new Map<number, number>();
    waitingToRetry.set(second + retrySeconds, later);
    for (const [tries, count] of arriving) {
      refused += count * share;
      if (tries >= retries) lost += count * share;
      else later.set(tries + 1, (later.get(tries + 1) ?? 0) + count * share);
    }
  }
}
