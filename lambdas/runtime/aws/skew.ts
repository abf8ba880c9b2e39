import type { HttpResponse } from './response-reader.ts';

/** AWS takes signatures that are at most this much older or newer than its own clock. */
const toleratedMs = 5 * 60_000;

/** Codes with which services refuse a signature for its time, among other reasons (@smithy/core, retry). */
const refusals = /AccessDenied|AuthFailure|Signature|RequestExpired|InTheFuture|TooSkewed/;

/**
 * Milliseconds by which the clock of this machine is behind AWS's, when that is why a request was
 * refused; undefined when it is not.
 */
export function skewOf({ headers, body }: HttpResponse, now: number): number | undefined {
  if (!refusals.test(headers.get('x-amzn-errortype') ?? body.toString('latin1', 0, 1_024)))
    return undefined;
  const skew = Date.parse(headers.get('date') ?? '') - now;
  return Math.abs(skew) >= toleratedMs ? skew : undefined;
}
