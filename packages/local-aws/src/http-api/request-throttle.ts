import type { Clock } from '../clock.ts';
import type { StageSettings, Throttle } from './http-api-plan.ts';

/** The quota of an account in most Regions, which holds where a stage sets none. */
const accountRate = 10_000;
const accountBurst = 5_000;

/**
 * Throttles requests with token buckets, as a stage does
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html): each
 * route has a bucket of its own, with the route's settings or else the stage's default.
 */
export class RequestThrottle {
  readonly #stage: StageSettings;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(stage: StageSettings, clock: Clock) {
    this.#stage = stage;
    this.#clock = clock;
  }

  /** Takes a token for this route; false when the request must be throttled. */
  admit(routeKey: string): boolean {
    let bucket = this.#buckets.get(routeKey);
    if (!bucket) {
      bucket = new TokenBucket({ ...this.#stage.throttle, ...this.#routeThrottle(routeKey) });
      this.#buckets.set(routeKey, bucket);
    }
    return bucket.take(this.#clock.now());
  }

  #routeThrottle(routeKey: string): Throttle | undefined {
    const settings = this.#stage.routeSettings;
    return settings && Object.hasOwn(settings, routeKey) ? settings[routeKey] : undefined;
  }
}

/** Holds up to `burstLimit` tokens and gets `rateLimit` new ones each second. */
class TokenBucket {
  readonly #rate: number;
  readonly #capacity: number;
  #tokens: number;
  #filledAt: number | undefined;

  constructor({ rateLimit = accountRate, burstLimit = accountBurst }: Throttle) {
    this.#rate = rateLimit;
    this.#capacity = burstLimit;
    this.#tokens = burstLimit;
  }

  take(now: number): boolean {
    const passed = Math.max(0, now - (this.#filledAt ?? now));
    this.#filledAt = now;
    this.#tokens = Math.min(this.#capacity, this.#tokens + (passed * this.#rate) / 1000);
    if (this.#tokens < 1) {
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}
