import { catalog } from '../../events/catalog.ts';
import { own, ownText } from '../../events/own.ts';
import { printable } from '../printable.ts';
import type { Finding } from './finding.ts';

/** WAHA's wildcard for all events except `state.change` and `engine.event` (`WAHAEventsWild`). */
const everything = '*';

const loopback = /^(localhost|127\.|\[::1\]|host\.docker\.internal|.*\.local$)/;

/** Findings on the configuration of one webhook of a session. */
export function checkWebhook(
  session: string,
  webhook: WahaWebhook,
  ingress?: string,
): readonly Finding[] {
  const about = `session ${printable(session, 40)}`;
  const url = printable(withoutSecrets(webhook.url), 100);
  const rules: readonly (Finding | false)[] = [
    categories(webhook, 'message') &&
      categories(webhook, 'message.any') && {
        ...{
          level: 'warning',
          about,
          what: `${url} is subscribed to both message and message.any.`,
        },
        why: 'Every inbound message is sent twice. The duplicate costs a webhook, and message.any alone includes every message.',
        todo: 'Subscribe it to message.any, or to message, and not to "*".',
      },
    ...webhook.events
      .filter((event) => !isKnown(event))
      .map(
        (event): Finding => ({
          ...{
            level: 'warning',
            about,
            what: `${url} is subscribed to "${printable(event, 60)}".`,
          },
          why: 'This version does not know that event: it is published as unrecognized.',
          todo: 'Correct the name, or update this project.',
        }),
      ),
    webhook.events.includes('engine.event') && {
      ...{ level: 'note', about, what: `${url} is subscribed to engine.event.` },
      why: 'It duplicates every other event in raw form.',
      todo: 'Unsubscribe it unless one of your consumers needs it, or drop it with the setting filters.',
    },
    // The secret of this endpoint must never go to another one.
    isHere(webhook, ingress) &&
      !webhook.isSigned &&
      !webhook.hasSecret && {
        ...{ level: 'error', about, what: `${url} has neither a signature nor a secret.` },
        why: 'The endpoint answers 401, and WAHA drops the event after its retries.',
        todo: 'Set its hmac.key to the signing secret.',
      },
    isHere(webhook, ingress) &&
      !webhook.isSigned &&
      webhook.hasSecret && {
        ...{ level: 'note', about, what: `${url} is not signed, but has a secret.` },
        why: 'A proxy or log can expose a secret in a URL or header; WAHA can sign instead.',
        todo: 'Set its hmac.key to the signing secret.',
      },
    isHere(webhook, ingress) &&
      webhook.hasOurKey === false && {
        ...{
          level: 'error',
          about,
          what: `${url} is signed with a secret that is not active here.`,
        },
        why: 'The endpoint answers 401, and WAHA drops the event after its retries.',
        todo: 'Set its hmac.key to the signing secret: fanout connect waha does it.',
      },
    isHere(webhook, ingress) &&
      !categories(webhook, 'message') &&
      !categories(webhook, 'message.any') &&
      webhook.events.every(isKnown) && {
        ...{ level: 'warning', about, what: `${url} is subscribed to no messages.` },
        why: 'Neither message nor message.any is among its events, so no consumer receives a message.',
        todo: 'Subscribe it to message: fanout connect waha --events does it.',
      },
    isPlain(webhook.url) && {
      ...{ level: 'error', about, what: `${url} is http, not https.` },
      why: 'Messages are sent unencrypted. If it redirects to https, WAHA follows with GET and treats that as success: every event is lost.',
      todo: 'Change its URL to https://.',
    },
    webhook.retries === undefined && {
      ...{ level: 'note', about, what: `${url} has the default retries.` },
      why: 'An outage of the endpoint of more than 30 seconds loses events.',
      todo: 'Set its retries to {"policy": "exponential", "delaySeconds": 2, "attempts": 15}: about 36 hours.',
    },
  ];
  return rules.filter((rule) => rule !== false);
}

const isHere = ({ url }: WahaWebhook, ingress: string | undefined) =>
  ingress === undefined || sameIngress(url, ingress);

/** What to do about a session that does not work, by its status. */
const statusAdvice: Readonly<Record<string, string>> = {
  STOPPED: 'Start it: POST /api/sessions/<name>/start, or the dashboard.',
  STARTING: 'Wait, and check again.',
  SCAN_QR_CODE:
    'Scan the QR code of its page in the dashboard with WhatsApp, under "Linked devices".',
  FAILED: 'Restart it; if that does not help, log it out and link the device again.',
};

function statusFinding({ name, status }: WahaSession): readonly Finding[] {
  if (status === undefined || status === 'WORKING') {
    return [];
  }
  const shown = printable(status, 40);
  return [
    {
      level: 'warning',
      about: `session ${printable(name, 40)}`,
      what: `It does not work: its status is ${shown}.`,
      why: 'It receives no messages, so that WAHA posts none.',
      todo: statusAdvice[status] ?? 'Check it in the dashboard.',
    },
  ];
}

/** Findings on all webhooks of a session together. */
export function checkSession(session: WahaSession, ingress?: string): readonly Finding[] {
  const { name, webhooks } = session;
  const about = `session ${printable(name, 40)}`;
  const urls = webhooks.map(({ url }) => withoutSecrets(url));
  const twice = urls.filter((url, index) => urls.indexOf(url) !== index);
  const isConnected = ingress === undefined || urls.some((url) => sameIngress(url, ingress));
  return [
    ...statusFinding(session),
    ...[...new Set(twice)].map(
      (url): Finding => ({
        ...{ level: 'warning', about, what: `${printable(url, 100)} is configured twice.` },
        why: 'Each event is posted twice. The duplicate is not published, but costs a webhook.',
        todo: 'Remove one of them.',
      }),
    ),
    ...(isConnected
      ? []
      : [
          {
            ...{
              level: 'warning' as const,
              about,
              what:
                webhooks.length === 0
                  ? 'It has no webhook.'
                  : 'None of its webhooks points to this endpoint.',
            },
            why: `No event of this session is received, unless the server has a global webhook (WHATSAPP_HOOK_URL), which this check cannot see.`,
            todo: `Add a webhook to ${ingress}: fanout connect waha does it.`,
          },
        ]),
  ];
}

const isKnown = (event: string) => event === everything || Object.hasOwn(catalog, event);

const categories = ({ events }: WahaWebhook, event: string) =>
  events.includes(event) || events.includes(everything);

function isPlain(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !loopback.test(hostname);
}

/** A URL without its query, which may contain a secret. */
export function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** Whether two URLs name the same endpoint, regardless of secrets in them. */
export const sameIngress = (url: string, ingress: string) =>
  withoutSecrets(url).replace(/\/$/, '') === withoutSecrets(ingress).replace(/\/$/, '');

/** The checked fields of a webhook of a WAHA session. */
interface WahaWebhook {
  readonly url: string;
  readonly events: readonly string[];
  /** Whether it has a signing key. The key itself is not kept. */
  readonly isSigned: boolean;
  /**
   * Whether the key is one of the active secrets; undefined if there is no key or it is not compared.
   */
  readonly hasOurKey: boolean | undefined;
  /** Whether it sends a header that can contain a secret, or a secret in its URL. */
  readonly hasSecret: boolean;
  /** Number of attempts, delay and policy of its retries; undefined for the defaults. */
  readonly retries: string | undefined;
}

/** A WAHA session with its webhooks. */
interface WahaSession {
  readonly name: string;
  /** `WORKING`, or another status of WAHA. */
  readonly status: string | undefined;
  readonly webhooks: readonly WahaWebhook[];
}

/**
 * Reads the answer of WAHA's `GET /api/sessions`. The input is untrusted; missing fields are skipped.
 *
 * @param secrets the active secrets that sign; undefined where they are not known
 */
export function readWahaSessions(
  answer: unknown,
  secrets?: readonly string[],
): readonly WahaSession[] {
  return listOf(answer).map((session) => ({
    name: ownText(session, 'name') ?? '?',
    status: ownText(session, 'status'),
    webhooks: listOf(own(session, 'config', 'webhooks')).flatMap((webhook) =>
      readWebhook(webhook, secrets),
    ),
  }));
}

/** Headers that the endpoint reads a secret from. */
const secretHeader = /^(authorization|x-webhook-secret)$/i;

function readWebhook(webhook: unknown, secrets: readonly string[] | undefined): WahaWebhook[] {
  const url = ownText(webhook, 'url');
  if (url === undefined || !URL.canParse(url)) {
    return [];
  }
  const headers = listOf(own(webhook, 'customHeaders')).map((each) => ownText(each, 'name') ?? '');
  const attempts = own(webhook, 'retries', 'attempts');
  const key = ownText(webhook, 'hmac', 'key');
  return [
    {
      url,
      events: listOf(own(webhook, 'events')).filter((each) => typeof each === 'string'),
      isSigned: key !== undefined,
      hasOurKey: key === undefined ? undefined : secrets?.includes(key),
      hasSecret:
        new URL(url).searchParams.has('secret') || headers.some((h) => secretHeader.test(h)),
      retries: attempts === undefined ? undefined : (ownText(webhook, 'retries', 'policy') ?? ''),
    },
  ];
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
