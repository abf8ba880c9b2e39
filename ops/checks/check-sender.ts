import { printable } from '../printable.ts';
import { WahaServer } from '../senders/waha-server.ts';
import type { Finding } from './finding.ts';
import { checkSession, checkWebhook, readWahaSessions, withoutSecrets } from './sender-webhooks.ts';

/** The WAHA server to check. */
interface WahaToCheck {
  readonly url: string;
  readonly apiKey: string | undefined;
  /** Where its webhooks should go. @default - not compared */
  readonly ingress: string | undefined;
  /** The secrets that signatures are made with. @default - not compared */
  readonly secrets?: readonly string[] | undefined;
}

/**
 * Reads the sessions of a WAHA server (`GET /api/sessions?all=true`), checks their webhooks, and sends a
 * HEAD request to each webhook URL to find redirects. Changes nothing.
 *
 * @throws when the server does not answer with its sessions: names the reason
 */
export async function checkWaha({
  url,
  apiKey,
  ingress,
  secrets,
}: WahaToCheck): Promise<readonly Finding[]> {
  const sessions = readWahaSessions(await new WahaServer(url, apiKey).sessions(), secrets);
  if (sessions.length === 0) {
    return [{ level: 'note', about: 'sender', what: `${url} has no session yet.` }];
  }
  const findings: Finding[] = [];
  for (const session of sessions) {
    const found = [...checkSession(session, ingress)];
    for (const webhook of session.webhooks) {
      found.push(
        ...checkWebhook(session.name, webhook, ingress),
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
