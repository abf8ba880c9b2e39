import { eventSource } from '../../events/names.ts';
import { own, ownText } from '../../events/own.ts';
import type { AwsAccess } from '../aws/connect.ts';
import type { Pipeline } from '../aws/pipeline.ts';
import { printable } from '../printable.ts';
import { chooseBus, listen } from '../tail/listen.ts';
import { defaultLeaseMs, newTailName } from '../tail/tail-queue.ts';
import type { Finding } from './finding.ts';

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

/** Receives events from the bus for a while, and checks the sender's configuration by them. */
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

/** Counts one more event. */
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
      why: 'They pass, marked with meta.conflict.',
    },
  ];
  const wrong = rules.filter((rule) => rule !== false);
  return wrong.length > 0
    ? wrong
    : [{ level: 'ok', about, what: `${events} events, all understood.` }];
}
