import type { IncomingMessage } from 'node:http';

const localHost = /^(localhost|[a-z0-9.-]+\.localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Whether a request comes from a program on this machine rather than from a page in its browser:
 * the Host is loopback (a rebound DNS name is not), and the browser's headers name no other site.
 */
export function isLocalRequest({ headers }: IncomingMessage): boolean {
  if (!localHost.test(headers.host ?? '')) {
    return false;
  }
  const { origin } = headers;
  return origin === undefined || localHost.test(origin.replace(/^https?:\/\//, ''));
}
