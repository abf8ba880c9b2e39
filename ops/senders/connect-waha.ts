import { catalog } from '../../events/catalog.ts';
import { eventSource } from '../../events/names.ts';
import { isRecord, own, ownText } from '../../events/own.ts';
import type { AwsAccess } from '../aws/connect.ts';
import type { Pipeline } from '../aws/pipeline.ts';
import { sameIngress, withoutSecrets } from '../checks/sender-webhooks.ts';
import { chooseBus, listen } from '../tail/listen.ts';
import { defaultLeaseMs, newTailName } from '../tail/tail-queue.ts';

/**
 * Events that a webhook is subscribed to only on request: duplicates of others (`message.any` of `message`;
 * `group.join` and `group.leave` of `group.v2.*`; `state.change` of `session.status`; `engine.event` of all),
 * very frequent ones (`presence.update`), and those that only WAHA's newest versions know: older versions
 * refuse the whole configuration.
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

/** The events that a webhook is subscribed to by default. */
export const recommendedEvents: readonly string[] = Object.keys(catalog).filter(
  (type) => !notRecommended.has(type),
);

/** Sent whenever a session starts, so that it can be used to check a new webhook. */
const statusEvent = 'session.status';

/** Retries for about 36 hours (WAHA waits 2ⁿ times the delay, plus jitter). */
const retries = { policy: 'exponential', delaySeconds: 2, attempts: 15 } as const;

/** Webhook settings of a WAHA session. */
export interface WahaConnection {
  /** URL of the endpoint. */
  readonly webhookUrl: string;
  /** The key of the HMAC. */
  readonly key: string;
  /** Events. @default - those of the existing webhook, else {@link recommendedEvents} */
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
  /** The session's full configuration. Contains the key. */
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Plans the configuration that adds a webhook to a session, or completes the webhook of an earlier connection.
 * Everything else in the configuration stays unchanged.
 *
 * @param session WAHA's response for the session; undefined for a new session
 */
export function planWahaConnection(session: unknown, connection: WahaConnection): WahaPlan {
  const config = recordOf(own(session, 'config'));
  const webhooks = Array.isArray(config.webhooks) ? config.webhooks : [];
  const at = findOwnWebhook(webhooks, connection);
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

/**
 * The webhook of an earlier connection: that to the same URL, else the one with the same secret and path, whose
 * host was another one then. A second webhook beside it would send each event twice, and its events would make
 * an address that WAHA cannot reach look connected.
 */
function findOwnWebhook(webhooks: readonly unknown[], { webhookUrl, key }: WahaConnection): number {
  const urls = webhooks.map((each) => ownText(each, 'url') ?? '');
  const same = urls.findIndex((url) => URL.canParse(url) && sameIngress(url, webhookUrl));
  if (same >= 0) {
    return same;
  }
  const { pathname } = new URL(webhookUrl);
  return webhooks.findIndex(
    (each, index) =>
      ownText(each, 'hmac', 'key') === key && URL.parse(urls[index] ?? '')?.pathname === pathname,
  );
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  isRecord(value) ? value : {};

/** The chosen events, else the existing ones; always with the status event, which the check needs. */
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

/** An event that has reached the bus. */
export interface FirstEvent {
  readonly type: string;
  readonly id: string;
}

/**
 * Waits for an event of a session on the bus.
 *
 * @param trigger makes the sender post an event; called when the tail is ready
 * @returns the event; undefined when none has arrived in time
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
      // The error is reported below.
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
