import { eventSource } from '../../events/names.ts';
import { own, ownText } from '../../events/own.ts';
import type { AwsAccess } from '../aws/connect.ts';
import type { Pipeline } from '../aws/pipeline.ts';
import { printable } from '../printable.ts';
import { WahaServer } from '../senders/waha-server.ts';
import { chooseBus, listen } from '../tail/listen.ts';
import { defaultLeaseMs, newTailName } from '../tail/tail-queue.ts';
import type { Finding } from './finding.ts';
import { checkSession, checkWebhook, readWahaSessions, withoutSecrets } from './sender-webhooks.ts';

/** The WAHA server to check. */
interface WahaToCheck {
  readonly url: string;
  readonly apiKey: string | undefined;
  /** Where its webhooks should go. @default - not compared */
  readonly ingress: string | undefined;
  /** The active signing secrets. @default - not compared */
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
    // Without the query, which may contain the sender's secret.
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

/** Counts of the received events. */
export interface Observed {
  readonly events: number;
  /** Events that another type had already reported. */
  readonly duplicates: number;
  /** Events with the id of an earlier event, but other content. */
  readonly conflicts: number;
  /** Events that the catalog cannot read, by reason. */
  readonly unrecognized: Readonly<Record<string, number>>;
}

/** Receives events from the bus for a while and checks the sender's configuration with them. */
export async function checkTraffic(
  access: AwsAccess,
  pipeline: Pipeline,
  durationMs: number,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  let subscribed: Observed = { events: 0, duplicates: 0, conflicts: 0, unrecognized: {} };
  await listen(access, chooseBus(pipeline), {
    name: newTailName(),
    pattern: JSON.stringify({ source: [eventSource] }),
    leaseMs: defaultLeaseMs,
    signal: AbortSignal.any([signal, AbortSignal.timeout(durationMs)]),
    onEvent(text) {
      subscribed = addTo(subscribed, text);
      return true;
    },
  });
  return checkTrafficFindings(subscribed);
}

/** The counts including one more event. */
export function addTo(subscribed: Observed, text: string): Observed {
  let detail: unknown;
  try {
    detail = own(JSON.parse(text), 'detail');
  } catch {
    return subscribed;
  }
  const meta = own(detail, 'meta');
  const reason = ownText(detail, 'data', 'reason') ?? 'unknown';
  const isRead = ownText(meta, 'type') !== 'unrecognized';
  return {
    events: subscribed.events + 1,
    duplicates: subscribed.duplicates + Number(ownText(meta, 'duplicateOf') !== undefined),
    conflicts: subscribed.conflicts + Number(own(meta, 'conflict') === true),
    unrecognized: isRead
      ? subscribed.unrecognized
      : { ...subscribed.unrecognized, [reason]: (subscribed.unrecognized[reason] ?? 0) + 1 },
  };
}

/** Findings on the sender, from the counts. */
export function checkTrafficFindings({
  events,
  duplicates,
  conflicts,
  unrecognized,
}: Observed): readonly Finding[] {
  const about = 'traffic';
  if (events === 0) {
    return [
      { level: 'note', about, what: 'No event arrived in that time.', todo: 'Listen longer.' },
    ];
  }
  const reasons = Object.entries(unrecognized).map(([why, n]) => `${n} ${printable(why, 40)}`);
  const rules: readonly (Finding | false)[] = [
    duplicates > 0 && {
      ...{
        level: 'warning',
        about,
        what: `${duplicates} of ${events} events were published before as another type.`,
      },
      why: 'The sender is subscribed to both message and message.any; each inbound message costs two webhooks.',
      todo: 'Subscribe it to message.any only.',
    },
    reasons.length > 0 && {
      ...{ level: 'warning', about, what: `Not understood: ${reasons.join(', ')}.` },
      why: 'They are published as unrecognized; no other consumer receives them.',
      todo: 'fanout tail --category unrecognized --json, or update this project.',
    },
    conflicts > 0 && {
      ...{
        level: 'note',
        about,
        what: `${conflicts} of ${events} events had the id of another one.`,
      },
      why: 'They are published, marked with meta.conflict.',
    },
  ];
  const wrong = rules.filter((rule) => rule !== false);
  return wrong.length > 0
    ? wrong
    : [{ level: 'ok', about, what: `${events} events, all understood.` }];
}
