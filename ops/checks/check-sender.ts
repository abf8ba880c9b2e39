import { printable } from '../printable.ts';
import type { Finding } from './finding.ts';
import { checkSession, checkWebhook, readWahaSessions, withoutSecrets } from './sender-webhooks.ts';

/** The WAHA server to check. */
interface WahaServer {
  readonly url: string;
  readonly apiKey: string | undefined;
  /** Where its webhooks should go. @default - not compared */
  readonly ingress: string | undefined;
}

/**
 * Reads the sessions of a WAHA server (`GET /api/sessions?all=true`), checks their webhooks, and sends a
 * HEAD request to each webhook URL to find redirects. Changes nothing.
 *
 * @throws when the server does not answer with its sessions: names the reason
 */
export async function checkWaha({ url, apiKey, ingress }: WahaServer): Promise<readonly Finding[]> {
  const sessions = readWahaSessions(await readSessions(url, apiKey));
  if (sessions.length === 0) {
    return [{ level: 'note', about: 'sender', what: `${url} has no session yet.` }];
  }
  const findings: Finding[] = [];
  for (const session of sessions) {
    const found = [...checkSession(session, ingress)];
    for (const webhook of session.webhooks) {
      found.push(
        ...checkWebhook(session.name, webhook),
        ...(await classifyAddress(session.name, webhook.url)),
      );
    }
    findings.push(...(found.length > 0 ? found : [well(session.name)]));
  }
  return findings;
}

const well = (name: string): Finding => ({
  level: 'ok',
  about: `session ${printable(name, 40)}`,
  what: 'Its webhooks are configured correctly.',
});

async function readSessions(url: string, apiKey: string | undefined): Promise<unknown> {
  if (!URL.canParse(url)) {
    throw new Error(`"${printable(url)}" is no URL of a WAHA server.`);
  }
  const target = new URL('api/sessions?all=true', url.endsWith('/') ? url : `${url}/`);
  const response = await fetch(target, {
    headers: { accept: 'application/json', ...(apiKey !== undefined && { 'x-api-key': apiKey }) },
    // The key is for that server only.
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
  }).catch((error: Error) => {
    const code = (error.cause as { code?: string } | undefined)?.code ?? error.name;
    throw new Error(`The WAHA server ${target.origin} does not answer (${code}). Check --waha.`);
  });
  if (response.status === 401 || response.status === 403) {
    throw new Error(`The WAHA server refuses the API key. Set WAHA_API_KEY, or give --api-key.`);
  }
  if (!response.ok) {
    throw new Error(`The WAHA server answers ${response.status} for its sessions.`);
  }
  return response.json();
}

/** A redirect is the one mistake that loses events without any error on either side. */
async function classifyAddress(session: string, url: string): Promise<readonly Finding[]> {
  const about = `session ${printable(session, 40)}`;
  const shown = printable(withoutSecrets(url), 100);
  try {
    // Without the query: the secret in it is the sender's.
    const { status } = await fetch(withoutSecrets(url), {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(5_000),
    });
    if (status < 300 || status > 399) {
      return [];
    }
    return [
      {
        ...{ level: 'error', about, what: `${shown} redirects (${status}).` },
        why: 'After 301, 302 and 303 WAHA follows with GET, without the event, and treats the answer as success: every event is lost.',
        todo: 'Give it the URL to which it is redirected.',
      },
    ];
  } catch {
    return [
      {
        ...{ level: 'note', about, what: `${shown} cannot be reached from here.` },
        why: 'That may be intended: only the WAHA server must reach it.',
      },
    ];
  }
}
