import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The response to a refused request. */
export interface Refused {
  readonly status: 403 | 401 | 415;
  readonly message: string;
}

/** The header in which the page proves that it is authenticated. Other sites' pages cannot send it. */
export const keyHeader = 'x-console-key';

/** Host names of this server for a browser on this machine. A rebound DNS name is not among them. */
const hostNames = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Refuses a request that names another host, or that another site's page made according to the browser.
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
  // A link on another site may lead to the page. Its files and its API are for the page itself only.
  const isVisit =
    headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return isPage && isVisit ? undefined : otherSite;
}

const otherSite: Refused = { status: 403, message: 'The console answers its own page only.' };

/** Whether the request comes from an authenticated page. */
export function isAuthorized(headers: IncomingHttpHeaders, key: string): boolean {
  const given = Buffer.from(String(headers[keyHeader] ?? ''));
  const wanted = Buffer.from(key);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Authenticates pages. */
export interface Admission {
  /** The key that every request of the page must have. */
  readonly key: string;
  /** The token in the URL that admits one page; undefined if none is needed. */
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

/** Compares in a time that does not depend on where the texts differ. */
const isSame = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));
const digest = (text: string) => createHash('sha256').update(text).digest();
