import type { Clock } from '../../clock.ts';
import { type Delivery, DeliveryError, Postponement } from '../delivery/delivery.ts';
import type { ApiDestination, Arns, Connection, Resources } from '../resources.ts';
import { authorizationOf, buildRequest, type HttpResponse, sendRequest } from './api-request.ts';

/**
 * Calls API destinations with the authorization of their connections (User Guide, "API destinations
 * as targets").
 */
export class ApiCaller {
  readonly #resources: Resources;
  readonly #arns: Arns;
  readonly #clock: Clock;
  readonly #rates: RateLimit;
  readonly #timeoutMs: number | undefined;

  /** @param timeoutMs of real time for each request. @default 5000 */
  constructor(resources: Resources, arns: Arns, clock: Clock, timeoutMs?: number) {
    this.#resources = resources;
    this.#arns = arns;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#rates = new RateLimit(clock);
  }

  /** Rejects with {@link DeliveryError} or, above the rate limit, {@link Postponement}. */
  async call({ event, route, row = 0 }: Delivery, input: string): Promise<void> {
    const { destination, connection } = this.#find(route.target.Arn);
    const wait = this.#rates.reserve(destination.id, destination.ratePerSecond, row);
    if (wait > 0) {
      throw new Postponement(wait);
    }
    const request = buildRequest({
      destination,
      invocation: connection.invocation,
      target: route.target,
      eventText: event.text,
      input,
      authorization: authorizationOf(connection),
    });
    checkStatus(await sendRequest(request, this.#timeoutMs), this.#clock.now());
  }

  #find(arn: string): { destination: ApiDestination; connection: Connection } {
    const [name = '', id] = this.#arns.idIn(arn, 'api-destination')?.split('/') ?? [];
    const destination = this.#resources.apiDestinations.get('', name);
    if (destination?.id !== id || !destination) {
      throw new DeliveryError('NO_RESOURCE', `ApiDestination ${name} does not exist.`, 'never');
    }
    const connection = this.#resources.connections.get('', destination.connection);
    if (!connection) {
      throw new DeliveryError(
        'NO_RESOURCE',
        `Connection ${destination.connection} does not exist.`,
        'never',
      );
    }
    return { destination, connection };
  }
}

/** User Guide, "API destination error codes": these and 5xx are retried, others are not. */
const retried = new Set([401, 407, 409, 429]);

/** Throws unless the status is a success. */
function checkStatus({ status, retryAfter }: HttpResponse, now: number): void {
  if (status >= 200 && status < 300) {
    return;
  }
  const message = `The API destination answered with status ${status}.`;
  const code = status === 429 ? 'THROTTLING' : 'ERROR_FROM_TARGET';
  const wait = readRetryAfter(retryAfter, now);
  // A negative value means that the endpoint wants no retry (the same page).
  const isRetried = (retried.has(status) || status >= 500) && wait >= 0;
  throw new DeliveryError(code, message, isRetried ? 'with-backoff' : 'never', Math.max(0, wait));
}

/** Seconds or a date, in milliseconds from now. */
function readRetryAfter(text: string | undefined, now: number): number {
  if (text === undefined) {
    return 0;
  }
  if (/^-?\d{1,9}$/.test(text.trim())) {
    return Number(text) * 1000;
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}

/** Keeps calls to each API destination within its rate, with a burst of one second's worth. */
class RateLimit {
  readonly #clock: Clock;
  /** Calls that may still be made at `filledAt`; negative: calls already scheduled for later. */
  readonly #buckets = new Map<string, { remaining: number; filledAt: number }>();
  /** Calls that are scheduled for later, by their numbers. */
  readonly #reserved = new Set<number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Reserves a call. Returns 0 when it may be made now, else the milliseconds until its reserved
   * time. A call keeps its reservation, so that it asks only twice, however many calls wait.
   */
  reserve(destination: string, ratePerSecond: number, call: number): number {
    if (this.#reserved.delete(call)) {
      return 0;
    }
    const now = this.#clock.now();
    const bucket = this.#buckets.get(destination) ?? { remaining: ratePerSecond, filledAt: now };
    this.#buckets.set(destination, bucket);
    const gained = ((now - bucket.filledAt) * ratePerSecond) / 1000;
    bucket.remaining = Math.min(ratePerSecond, bucket.remaining + gained) - 1;
    bucket.filledAt = now;
    if (bucket.remaining >= 0) {
      return 0;
    }
    this.#reserved.add(call);
    return Math.ceil((-bucket.remaining * 1000) / ratePerSecond);
  }
}
