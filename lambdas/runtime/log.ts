import { AsyncLocalStorage } from 'node:async_hooks';
import { createHmac, hash } from 'node:crypto';
import type { WhatsAppEvent } from '../../events/envelope.ts';
import { traceIdOf } from '../../events/traceparent.ts';

/** Ids that are in each line that is logged for one webhook or one event of it. */
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

/** Runs `work` with these ids in each line that it logs. */
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

/** A message in a queue may hold anything; only text that looks like an id is logged as one. */
const idOrNothing = (id: unknown) =>
  typeof id === 'string' && /^[\w.:-]{1,128}$/.test(id) ? id : undefined;

/** The ids of the webhook or event in work; none outside of {@link correlate}. */
export function correlation(): Partial<Correlation> {
  return storage.getStore()?.known ?? {};
}

/** Whether the webhook in work is sampled: all its lines are logged. */
const isSampledNow = (): boolean => storage.getStore()?.isSampled ?? false;

/**
 * A webhook's own id decides, so that a sampled one is sampled in every function that it comes to.
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
 * Structured log lines. The functions use Lambda's JSON log format, which puts an object that is
 * logged into the line's `message` beside timestamp, level and request id, and filters by level
 * (Lambda Developer Guide, "Log formats").
 *
 * Only names, ids, counts and times go in: never a message, a phone number, a header or a secret.
 */
export interface LogFields {
  readonly [field: string]: string | number | boolean | readonly string[] | undefined;
}

/** Lambda drops the lines of lower levels itself; this saves the time to make them. */
const isDebugging = /^(DEBUG|TRACE)$/.test(process.env.AWS_LAMBDA_LOG_LEVEL ?? '');

/** Writes log lines with the ids of the webhook in work. */
export const log = {
  /** Written at the level DEBUG, and for webhooks that are sampled. */
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

/** What is logged of an unknown error: its name, never its message, which may quote content. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** Characters of the hash: 72 bits, so that two chats do not look like one. */
const characters = 12;

/**
 * A chat in logs: lines of one chat can be found together, but the logs alone do not reveal
 * its number, since they do not contain the key (docs/decisions/chats-as-keyed-hash.md).
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

/** Matches an event type. A message in a queue may hold anything in its place. */
const plain = /^[\w.:+-]{1,128}$/;

/**
 * Logs an event that a consumer has handled: at the level INFO where it took more than one
 * delivery or is a replay or redrive, else at DEBUG or where its webhook is sampled. The line of its batch says
 * that it was handled anyway.
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
