import { catalog } from '../../events/catalog.ts';
import { own, ownText } from '../../events/own.ts';
import { printable } from '../printable.ts';
import type { Finding } from './finding.ts';

/** All events except `state.change` and `engine.event` (WAHA, `WAHAEventsWild`). */
const everything = '*';

const loopback = /^(localhost|127\.|\[::1\]|host\.docker\.internal|.*\.local$)/;

/** Findings on the configuration of one webhook of a session. */
export function checkWebhook(session: string, webhook: WahaWebhook): readonly Finding[] {
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
      .filter((event) => event !== everything && !Object.hasOwn(catalog, event))
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
    !webhook.isSigned &&
      !webhook.hasSecret && {
        ...{ level: 'error', about, what: `${url} has neither a signature nor a secret.` },
        why: 'The endpoint answers 401, and WAHA drops the event after its retries.',
        todo: 'Set its hmac.key to the signing secret.',
      },
    !webhook.isSigned &&
      webhook.hasSecret && {
        ...{ level: 'note', about, what: `${url} is not signed, but has a secret.` },
        why: 'A proxy or log can expose a secret in a URL or header; WAHA can sign instead.',
        todo: 'Set its hmac.key to the signing secret.',
      },
    isPlain(webhook.url) && {
      ...{ level: 'error', about, what: `${url} is http, not https.` },
      why: 'Messages are sent unencrypted. If it redirects to https, WAHA follows with GET and treats that as success: every event is lost.',
      todo: 'Change its URL to https://.',
    },
    new URL(webhook.url).pathname.length > 1 &&
      new URL(webhook.url).pathname.endsWith('/') && {
        ...{ level: 'error', about, what: `${url} ends in a slash.` },
        why: 'API Gateway treats that as another path and answers 404.',
        todo: 'Remove the slash.',
      },
    webhook.retries === undefined && {
      ...{ level: 'note', about, what: `${url} has the default retries.` },
      why: 'An outage of the endpoint of more than 30 seconds loses events.',
      todo: 'Set its retries to {"policy": "exponential", "delaySeconds": 2, "attempts": 15}: about 36 hours.',
    },
  ];
  return rules.filter((rule) => rule !== false);
}

/** Findings on all webhooks of a session together. */
export function checkSession(
  { name, webhooks }: WahaSession,
  ingress?: string,
): readonly Finding[] {
  const about = `session ${printable(name, 40)}`;
  const urls = webhooks.map(({ url }) => withoutSecrets(url));
  const twice = urls.filter((url, index) => urls.indexOf(url) !== index);
  const isHere = ingress === undefined || urls.some((url) => sameIngress(url, ingress));
  return [
    ...[...new Set(twice)].map(
      (url): Finding => ({
        ...{ level: 'warning', about, what: `${printable(url, 100)} is configured twice.` },
        why: 'Each event is posted twice. The duplicate is not published, but costs a webhook.',
        todo: 'Remove one of them.',
      }),
    ),
    ...(isHere
      ? []
      : [
          {
            ...{
              level: 'warning' as const,
              about,
              what: 'None of its webhooks points to this endpoint.',
            },
            why: `No event of this session is received, unless the server has a global webhook (WHATSAPP_HOOK_URL), which this check cannot see.`,
            todo: `Add a webhook to ${ingress}.`,
          },
        ]),
  ];
}

const categories = ({ events }: WahaWebhook, event: string) =>
  events.includes(event) || events.includes(everything);

function isPlain(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !loopback.test(hostname);
}

/** A URL without its query, in which secrets are. */
export function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

const sameIngress = (url: string, ingress: string) =>
  withoutSecrets(url).replace(/\/$/, '') === withoutSecrets(ingress).replace(/\/$/, '');

/** The checked fields of a webhook of a WAHA session. */
interface WahaWebhook {
  readonly url: string;
  readonly events: readonly string[];
  /** Whether it has a signing key. The key itself is not stored. */
  readonly isSigned: boolean;
  /** It sends a header that can carry a secret, or a secret in its URL. */
  readonly hasSecret: boolean;
  /** Its retries: number, delay and policy; undefined for the defaults. */
  readonly retries: string | undefined;
}

/** A WAHA session with its webhooks. */
interface WahaSession {
  readonly name: string;
  readonly webhooks: readonly WahaWebhook[];
}

/** Reads the answer of WAHA's `GET /api/sessions`. The input is untrusted; missing fields are skipped. */
export function readWahaSessions(answer: unknown): readonly WahaSession[] {
  return listOf(answer).map((session) => ({
    name: ownText(session, 'name') ?? '?',
    webhooks: listOf(own(session, 'config', 'webhooks')).flatMap(readWebhook),
  }));
}

/** Headers that the endpoint reads a secret from. */
const secretHeader = /^(authorization|x-webhook-secret)$/i;

function readWebhook(webhook: unknown): WahaWebhook[] {
  const url = ownText(webhook, 'url');
  if (url === undefined || !URL.canParse(url)) {
    return [];
  }
  const headers = listOf(own(webhook, 'customHeaders')).map((each) => ownText(each, 'name') ?? '');
  const attempts = own(webhook, 'retries', 'attempts');
  return [
    {
      url,
      events: listOf(own(webhook, 'events')).filter((each) => typeof each === 'string'),
      isSigned: ownText(webhook, 'hmac', 'key') !== undefined,
      hasSecret:
        new URL(url).searchParams.has('secret') || headers.some((h) => secretHeader.test(h)),
      retries: attempts === undefined ? undefined : (ownText(webhook, 'retries', 'policy') ?? ''),
    },
  ];
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
