import { own, ownText } from '../../events/own.ts';

/** A webhook of a WAHA session, as far as it is looked at. */
export interface WahaWebhook {
  readonly url: string;
  readonly events: readonly string[];
  /** It has a key to sign with. The key itself is not kept. */
  readonly isSigned: boolean;
  /** It sends a header that can carry a secret, or a secret in its URL. */
  readonly hasSecret: boolean;
  /** How often it tries, at which distance and with which growth; undefined for the defaults. */
  readonly retries: string | undefined;
}

/** A WAHA session with its webhooks. */
export interface WahaSession {
  readonly name: string;
  readonly webhooks: readonly WahaWebhook[];
}

/** Reads the answer of WAHA's `GET /api/sessions`. Of foreign make: what is not there is left out. */
export function readWahaSessions(answer: unknown): readonly WahaSession[] {
  return listOf(answer).map((session) => ({
    name: ownText(session, 'name') ?? '?',
    webhooks: listOf(own(session, 'config', 'webhooks')).flatMap(readWebhook),
  }));
}

/** Headers that the front door takes a secret from. */
const secretHeader = /^(authorization|x-webhook-secret)$/i;

function readWebhook(webhook: unknown): WahaWebhook[] {
  const url = ownText(webhook, 'url');
  if (url === undefined || !URL.canParse(url)) return [];
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
