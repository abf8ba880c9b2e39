import { catalog } from '../../events/catalog.ts';
import { eventSource } from '../../events/names.ts';
import { isRecord, own, ownText } from '../../events/own.ts';
import type { AwsAccess } from '../aws/connect.ts';
import type { Pipeline } from '../aws/pipeline.ts';
import { sameIngress, withoutSecrets } from '../checks/sender-webhooks.ts';
import { chooseBus, listen } from '../tail/listen.ts';
import { defaultLeaseMs, newTailName } from '../tail/tail-queue.ts';

/**
 * Events that a webhook is not subscribed to unless it is asked for: copies of others (`message.any` of
 * `message`; `group.join` and `group.leave` of `group.v2.*`; `state.change` of `session.status`;
 * `engine.event` of all), those that come in great number (`presence.update`), and what only WAHA's newest
 * versions know: another one refuses the whole configuration for it.
 */
const notRecommended: ReadonlySet<string> = new Set([
  'engine.event',
  'group.join',
  'group.leave',
  'group.v2.participants.join-request',
  'message.any',
  'message.waiting',
  'presence.update',
  'state.change',
]);

/** What a webhook is subscribed to unless somebody chooses. */
export const recommendedEvents: readonly string[] = Object.keys(catalog).filter(
  (type) => !notRecommended.has(type),
);

/** Comes whenever a session starts: by it a new webhook is checked. */
const statusEvent = 'session.status';

/** Tried again for about 36 hours (WAHA waits 2ⁿ times the delay, and a little more). */
const retries = { policy: 'exponential', delaySeconds: 2, attempts: 15 } as const;

/** How a session of WAHA shall post its events. */
export interface WahaConnection {
  /** Where to. */
  readonly webhookUrl: string;
  /** The key of the HMAC. */
  readonly key: string;
  /** Which events. @default - those of the webhook that is there, else {@link recommendedEvents} */
  readonly events?: readonly string[] | undefined;
}

/** One setting before and after, without a secret. */
export interface WahaChange {
  readonly setting: string;
  readonly before: string;
  readonly after: string;
}

/** What a connection changes in a session. */
export interface WahaPlan {
  /** The session's status; undefined where there is no such session yet. */
  readonly status: string | undefined;
  readonly changes: readonly WahaChange[];
  /** Settings of the session that stay as they are, by name. */
  readonly kept: readonly string[];
  /** The session's full configuration. It holds the key. */
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Plans how a session gets a webhook, or how the one that it has to the same URL is completed. Everything
 * else in its configuration stays.
 *
 * @param session WAHA's answer for the session; undefined for a session that is to be made
 */
export function planWahaConnection(session: unknown, connection: WahaConnection): WahaPlan {
  const config = recordOf(own(session, 'config'));
  const webhooks = Array.isArray(config.webhooks) ? config.webhooks : [];
  const at = webhooks.findIndex((each) => {
    const url = ownText(each, 'url') ?? '';
    return URL.canParse(url) && sameIngress(url, connection.webhookUrl);
  });
  const webhook = at < 0 ? undefined : recordOf(webhooks[at]);
  const wanted = {
    ...webhook,
    url: connection.webhookUrl,
    events: eventsFor(webhook?.events, connection.events),
    hmac: { ...recordOf(webhook?.hmac), key: connection.key },
    retries: ownText(webhook, 'retries', 'policy') === undefined ? retries : webhook?.retries,
  };
  const others = webhooks.filter((_, index) => index !== at);
  return {
    status: session === undefined ? undefined : (ownText(session, 'status') ?? 'UNKNOWN'),
    changes: changesBetween(webhook, wanted),
    kept: [
      ...Object.keys(config).filter((name) => name !== 'webhooks' && config[name] !== null),
      ...(others.length > 0
        ? [`${others.length} other webhook${others.length > 1 ? 's' : ''}`]
        : []),
    ],
    config: { ...config, webhooks: at < 0 ? [...webhooks, wanted] : webhooks.with(at, wanted) },
  };
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  isRecord(value) ? value : {};

/** Those that are asked for, else those that are there; always those of the status, by which it is checked. */
function eventsFor(present: unknown, chosen: readonly string[] | undefined): readonly string[] {
  const there = Array.isArray(present) ? present.filter((each) => typeof each === 'string') : [];
  const events = chosen ?? (there.length > 0 ? there : recommendedEvents);
  return events.includes('*') || events.includes(statusEvent) ? events : [...events, statusEvent];
}

function changesBetween(
  before: Readonly<Record<string, unknown>> | undefined,
  after: {
    readonly url: string;
    readonly events: readonly string[];
    readonly hmac: { readonly key: string };
    readonly retries: unknown;
  },
): readonly WahaChange[] {
  const none = 'none';
  const list = (events: unknown) =>
    Array.isArray(events) && events.length > 0 ? events.map(String).join(', ') : none;
  const key = ownText(before, 'hmac', 'key');
  const url = ownText(before, 'url');
  const rows: readonly WahaChange[] = [
    {
      setting: 'url',
      before: url === undefined ? none : withoutSecrets(url),
      after: withoutSecrets(after.url),
    },
    {
      setting: 'hmac.key',
      before: key === undefined ? none : key === after.hmac.key ? 'this secret' : 'another secret',
      after: 'this secret',
    },
    { setting: 'events', before: list(before?.events), after: list(after.events) },
    {
      setting: 'retries',
      before: describeRetries(before?.retries),
      after: describeRetries(after.retries),
    },
  ];
  return rows.filter((row) => row.before !== row.after);
}

function describeRetries(value: unknown): string {
  const policy = ownText(value, 'policy');
  return policy === undefined
    ? 'default (constant, 30 seconds in all)'
    : `${policy}, ${own(value, 'delaySeconds')} s, ${own(value, 'attempts')} attempts`;
}

/** An event that has come through the whole pipeline onto the bus. */
export interface FirstEvent {
  readonly type: string;
  readonly id: string;
}

/**
 * Waits for an event of a session on the bus.
 *
 * @param trigger makes the sender post one; called when the bus is listened to
 * @returns the event; undefined when none has come in time
 */
export async function awaitFirstEvent(
  access: AwsAccess,
  pipeline: Pipeline,
  {
    session,
    trigger,
    timeoutMs,
    signal,
  }: {
    readonly session: string;
    readonly trigger: () => Promise<unknown>;
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<FirstEvent | undefined> {
  let first: FirstEvent | undefined;
  let triggered: Promise<unknown> = Promise.resolve();
  const ended = new AbortController();
  const listening = listen(access, chooseBus(pipeline), {
    name: newTailName(),
    pattern: JSON.stringify({
      source: [eventSource],
      detail: { meta: { session: [session] } },
    }),
    leaseMs: defaultLeaseMs,
    signal: AbortSignal.any([signal, ended.signal]),
    onReady() {
      triggered = trigger().then(
        () => setTimeout(() => ended.abort(), timeoutMs).unref(),
        (error) => {
          ended.abort();
          throw error;
        },
      );
      // Reported below.
      triggered.catch(() => {});
    },
    onEvent(text) {
      const meta = own(JSON.parse(text), 'detail', 'meta');
      first = { type: ownText(meta, 'type') ?? '?', id: ownText(meta, 'id') ?? '?' };
      return false;
    },
  });
  await listening;
  await triggered;
  return first;
}
