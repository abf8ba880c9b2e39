import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is refused. */
export interface Refused {
  readonly status: 403 | 401 | 415;
  readonly message: string;
}

/** The header in which the page proves that it is authenticated. Other sites' pages cannot send it. */
export const keyHeader = 'x-console-key';

/** Names under which a browser on this machine reaches it; a rebound DNS name is none of them. */
const hostNames = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Whether a request may be answered at all: it is meant for this server by one of its own names, and
 * no browser reports another site as its origin.
 */
export function refuseUntrusted(
  headers: IncomingHttpHeaders,
  port: number,
  isPage: boolean,
): Refused | undefined {
  const hosts = hostNames.map((name) => `${name}:${port}`);
  const host = headers.host?.toLowerCase() ?? '';
  if (!hosts.includes(host)) {
    return { status: 403, message: `The console is at http://127.0.0.1:${port} only.` };
  }
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    return otherSite;
  }
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin') {
    return undefined;
  }
  // A person may follow a link to the page; what it loads and requests, only the page itself may.
  const isVisit =
    headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return isPage && isVisit ? undefined : otherSite;
}

const otherSite: Refused = { status: 403, message: 'The console answers its own page only.' };

/** Whether the request comes from a page that is authenticated. */
export function isAuthorized(headers: IncomingHttpHeaders, key: string): boolean {
  const given = Buffer.from(String(headers[keyHeader] ?? ''));
  const wanted = Buffer.from(key);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Which pages are admitted. */
export interface Admission {
  /** What every request of the page must carry. */
  readonly key: string;
  /** The part of the URL that lets one page in; undefined where none is needed. */
  readonly token: string | undefined;
  /** Exchanges the token for the key; undefined when it is wrong, or was used before. */
  admit(token: unknown): string | undefined;
}

/**
 * A program on the same machine can reach a local run anyhow, so the page is admitted without a
 * token. For an AWS account the URL carries a token that works once.
 */
export function createAdmission(needsToken: boolean): Admission {
  const key = randomBytes(32).toString('base64url');
  if (!needsToken) {
    return { key, token: undefined, admit: () => key };
  }
  const token = randomBytes(32).toString('base64url');
  let isUsed = false;
  return {
    key,
    token,
    admit(given) {
      if (isUsed || typeof given !== 'string' || !isSame(given, token)) {
        return undefined;
      }
      isUsed = true;
      return key;
    },
  };
}

/** In time that says nothing of where they differ. */
const isSame = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));
const digest = (text: string) => createHash('sha256').update(text).digest();
