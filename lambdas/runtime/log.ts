import { AsyncLocalStorage } from 'node:async_hooks';
import { createHmac, hash } from 'node:crypto';
import type { WhatsAppEvent } from '../../events/envelope.ts';
import { traceIdOf } from '../../events/traceparent.ts';

/** Ids in each log line of one webhook or one of its events. */
export interface Correlation {
  /** Id of the request, the same in all functions that handle the webhook or its events. */
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

/** Runs `work` and adds these ids to each line that it logs. */
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

/** A message in a queue may contain anything. Only text that looks like an id is logged. */
const idOrNothing = (id: unknown) =>
  typeof id === 'string' && /^[\w.:-]{1,128}$/.test(id) ? id : undefined;

/** The ids of the current webhook or event; none outside of {@link correlate}. */
export function correlation(): Partial<Correlation> {
  return storage.getStore()?.known ?? {};
}

/** Whether the current webhook is sampled. Then all its lines are logged. */
const isSampledNow = (): boolean => storage.getStore()?.isSampled ?? false;

/**
 * Whether a webhook is sampled. Its request id decides, so that it is sampled in every function or in none.
 *
 * @param percent the setting `debugSamplePercent`
 */
export function isSampled(
  requestId: string,
  percent = Number(process.env.DEBUG_SAMPLE_PERCENT ?? 0),
): boolean {
  if (!(percent > 0)) {
    return false;
  }
  const place = Number.parseInt(hash('sha256', requestId).slice(0, 8), 16) / 2 ** 32;
  return place * 100 < percent;
}

/**
 * Fields of a structured log line. The functions use Lambda's JSON log format, which writes a logged object
 * as the line's `message`, with timestamp, level and request id, and filters by level (Lambda Developer
 * Guide, "Log formats").
 *
 * Only names, ids, counts and times are logged: never a message, a phone number, a header or a secret.
 */
export interface LogFields {
  readonly [field: string]: string | number | boolean | readonly string[] | undefined;
}

/** Whether lines at DEBUG are written. Lambda would drop them anyway; this saves the time to format them. */
const isDebugging = /^(DEBUG|TRACE)$/.test(process.env.AWS_LAMBDA_LOG_LEVEL ?? '');

/** Writes log lines with the ids of the current webhook. */
export const log = {
  /** Written at the level DEBUG, or at INFO for sampled webhooks. */
  debug(message: string, fields: LogFields) {
    if (isSampledNow()) {
      console.info({ message, sampled: true, ...correlation(), ...fields });
    } else if (isDebugging) {
      console.debug({ message, ...correlation(), ...fields });
    }
  },
  info: (message: string, fields: LogFields) =>
    console.info({ message, ...correlation(), ...fields }),
  warn: (message: string, fields: LogFields) =>
    console.warn({ message, ...correlation(), ...fields }),
  error: (message: string, fields: LogFields) =>
    console.error({ message, ...correlation(), ...fields }),
};

/** The name of an unknown error, for logs. Its message is not logged, since it may contain content. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** Characters of the hash: 72 bits, so that the hashes of two chats do not collide. */
const characters = 12;

/**
 * Hashes a chat's address for logs. Lines of one chat can be found together, but the logs do not reveal its
 * number, since they do not contain the key (docs/decisions/chats-as-keyed-hash.md).
 */
export function hashChat(
  chat: string | undefined,
  key = process.env.CHAT_HASH_KEY,
): string | undefined {
  if (!chat || !key) {
    return undefined;
  }
  return createHmac('sha256', key).update(chat).digest('base64url').slice(0, characters);
}

/** Matches an event type. A message in a queue may contain anything in its place. */
const plain = /^[\w.:+-]{1,128}$/;

/**
 * Logs an event that a consumer has handled: at INFO if it needed more than one delivery or is replayed or
 * redriven, else at DEBUG or if its webhook is sampled. The line of its batch is logged in any case.
 */
export function logHandled(
  event: WhatsAppEvent,
  { receiveCount }: { readonly receiveCount: number },
): void {
  const { type, session, replay } = event.meta;
  const isUnusual = receiveCount > 1 || replay !== undefined;
  log[isUnusual ? 'info' : 'debug']('handled', {
    consumer: process.env.CONSUMER,
    type: typeof type === 'string' && plain.test(type) ? type : undefined,
    session: typeof session === 'string' ? session : undefined,
    receiveCount,
  });
}
