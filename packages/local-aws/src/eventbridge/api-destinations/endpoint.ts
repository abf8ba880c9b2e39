import { validationError } from '../eventbridge-error.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Checks the URL of an API destination or of its authorization. As on AWS it must be HTTPS; on this
 * machine itself, where a developer's server has no certificate, HTTP will do.
 */
export function checkEndpoint(text: string, member: string): void {
  // An asterisk stands for a path parameter's value.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isAllowed =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (!url || !isAllowed || url.username !== '' || url.password !== '')
    throw validationError(
      `Parameter ${member} is not valid. Reason: it must be an HTTPS URL without credentials, or an HTTP URL of this machine.`,
    );
}
