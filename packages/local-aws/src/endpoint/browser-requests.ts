import type { IncomingHttpHeaders } from 'node:http';

const loopback = /^(localhost|[a-z0-9.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Whether the Host is one of this machine's own names; a DNS name that was rebound to it is not. */
export function hasLoopbackHost({ host }: IncomingHttpHeaders): boolean {
  return loopback.test(host ?? '');
}

/** Where a request of a web page comes from. */
export interface BrowserRequest {
  /** The header `Origin`, which a browser sends with every POST; "null" for a sandboxed page. */
  readonly origin: string | undefined;
  /** The header `Sec-Fetch-Site`. */
  readonly site: string | undefined;
}

/**
 * What a browser says of a request that a web page made; undefined for a program's request, and for a URL
 * that a person opened. Any page that somebody looks at can make requests to ports of this machine, and no
 * page can leave these headers out (https://fetch.spec.whatwg.org/#origin-header,
 * https://www.w3.org/TR/fetch-metadata/).
 */
export function browserRequestOf(headers: IncomingHttpHeaders): BrowserRequest | undefined {
  const { origin } = headers;
  const site = headers['sec-fetch-site']?.toString();
  const isPerson = site === undefined || site === 'none' || site === 'same-origin';
  return origin === undefined && isPerson ? undefined : { origin, site };
}
