import { AsyncLocalStorage } from 'node:async_hooks';
import { hash } from 'node:crypto';
import { traceIdOf } from '../../events/traceparent.ts';
import { environment } from './environment.ts';

/** What every line has that is logged while one webhook, or one event of it, is worked on. */
export interface Correlation {
  /** The same from the HTTP request to the last consumer. */
  readonly requestId: string;
  /** Id of the event. */
  readonly id?: string | undefined;
  /** W3C trace id. */
  readonly traceId?: string | undefined;
}

const storage = new AsyncLocalStorage<{
  readonly known: Correlation;
  readonly isSampled: boolean;
}>();

/** Does the work so that all that it logs can be found together. */
export function correlate<T>(
  origin: {
    readonly requestId: string;
    readonly id?: string | undefined;
    readonly traceparent?: string | undefined;
  },
  work: () => T,
): T {
  const requestId = idOrNothing(origin.requestId) ?? 'unknown';
  const traceId = traceIdOf(origin.traceparent);
  const known = { requestId, id: idOrNothing(origin.id), traceId };
  return storage.run({ known, isSampled: isSampled(requestId) }, work);
}

/** Whatever somebody has put into a queue, what is logged as an id looks like one. */
const idOrNothing = (id: unknown) =>
  typeof id === 'string' && /^[\w.:-]{1,128}$/.test(id) ? id : undefined;

/** What belongs into each line now. */
export function correlation(): Partial<Correlation> {
  return storage.getStore()?.known ?? {};
}

/** Whether this webhook is one of those of which everything is logged. */
export const isSampledNow = (): boolean => storage.getStore()?.isSampled ?? false;

/**
 * A webhook's own id decides, so that a sampled one is sampled in every function that it comes to.
 *
 * @param percent the setting `debugSamplePercent`
 */
export function isSampled(requestId: string, percent = environment.debugSamplePercent): boolean {
  if (!(percent > 0)) return false;
  const place = Number.parseInt(hash('sha256', requestId).slice(0, 8), 16) / 2 ** 32;
  return place * 100 < percent;
}
