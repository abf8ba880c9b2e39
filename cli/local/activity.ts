import { styleText } from 'node:util';
import type {
  LocalObserver,
  LogLine,
  Observation,
  RefusedRequest,
  ServedRequest,
} from '@event-fanout/local-aws';
import { ownText } from '../../events/own.ts';
import { unrecognized } from '../../events/unrecognized.ts';
import { lastPartOf } from '../../ops/aws/arn.ts';
import { printable } from '../../ops/printable.ts';
import { shortenLogLine } from '../terminal/log-line.ts';

/** One published event and the queues that it reached, without its content. */
export interface FanOut {
  /** ISO 8601, of the machine's clock. */
  readonly time: string;
  /** The idempotency key of a webhook; for another event EventBridge's id. */
  readonly id: string;
  /** The detail-type. */
  readonly type: string;
  /** The WhatsApp session of the event, if it has one. */
  readonly session: string | undefined;
  /** Why the catalog does not recognize it; of `unrecognized` only. */
  readonly reason?: string;
  readonly queues: readonly string[];
  /** Milliseconds from the request to the queues, if the event has the time of its receipt. */
  readonly ms: number | undefined;
}

interface Queued {
  readonly id: string | undefined;
  readonly session: string | undefined;
  readonly reason: string | undefined;
  readonly receivedAt: number;
  readonly queues: string[];
}

/** Maximum number of events that are queued, but not yet reported as published. A retry is never reported again. */
const maxOpen = 1_000;

/** Combines the observations of one event: the queues that it reached, and its publication. */
export function observeFanOut(report: (fanOut: FanOut) => void): LocalObserver {
  const open = new Map<string, Queued>();
  return {
    queued(queueArn, body) {
      const { eventId, ...about } = readEvent(body);
      if (eventId === undefined) {
        return;
      }
      const event = open.get(eventId) ?? { ...about, queues: [] };
      event.queues.push(lastPartOf(queueArn));
      open.set(eventId, event);
      const [oldest] = open.keys();
      if (open.size > maxOpen && oldest !== undefined) {
        open.delete(oldest);
      }
    },
    routed(observation) {
      if (observation.kind !== 'published') {
        return;
      }
      const { eventId, detailType, replay, rules } = observation;
      if (replay !== undefined && rules.length === 0) {
        // A replay reads a whole archive for the rules that it names.
        return;
      }
      const event = open.get(eventId);
      open.delete(eventId);
      const ms = event ? Date.now() - event.receivedAt : Number.NaN;
      report({
        time: new Date().toISOString(),
        id: event?.id ?? eventId,
        type: detailType,
        session: event?.session,
        ...(event?.reason !== undefined && { reason: event.reason }),
        queues: event?.queues ?? [],
        ms: Number.isNaN(ms) ? undefined : ms,
      });
    },
  };
}

/** The fields of an event that a line shows. A target may receive something other than the event. */
function readEvent(body: string) {
  const nothing = {
    eventId: undefined,
    id: undefined,
    session: undefined,
    reason: undefined,
    receivedAt: Number.NaN,
  };
  try {
    const { id: eventId, detail } = JSON.parse(body);
    if (typeof eventId !== 'string') {
      return nothing;
    }
    const { id, type, session, receivedAt } = detail?.meta ?? {};
    return {
      eventId,
      id: typeof id === 'string' ? id : undefined,
      session: typeof session === 'string' ? session : undefined,
      reason: type === unrecognized.type ? ownText(detail, 'data', 'reason') : undefined,
      receivedAt: typeof receivedAt === 'string' ? Date.parse(receivedAt) : Number.NaN,
    };
  } catch {
    return nothing;
  }
}

/** One line for a published event: time, type, session, queues, latency. */
export function formatFanOut({ time, type, session, reason, queues, ms }: FanOut): string {
  const cells = [
    styleText('dim', time.slice(11, 23)),
    styleText('bold', printable(type)),
    ...(reason === undefined ? [] : [styleText('yellow', `(${printable(reason)})`)]),
    ...(session === undefined ? [] : [printable(session, 40)]),
    queues.length > 0 ? `→ ${queues.join(', ')}` : styleText('yellow', '→ no queue'),
    ...(ms === undefined ? [] : [styleText('dim', `${ms} ms`)]),
  ];
  return cells.join('  ');
}

/** One line for a failed delivery to a target; undefined for other observations. */
export function formatFailure(observation: Observation): string | undefined {
  switch (observation.kind) {
    case 'failed': {
      const { rule, targetArn, errorCode, retryInMs } = observation;
      const seconds = Math.round(retryInMs / 1000);
      return styleText(
        'yellow',
        `! not delivered  rule ${rule}  to ${lastPartOf(targetArn)}  ${errorCode}  retry in ${seconds} s`,
      );
    }
    case 'deadLettered': {
      const { rule, targetArn, errorCode, queueArn } = observation;
      return styleText(
        'red',
        `✗ dead-lettered  rule ${rule}  to ${lastPartOf(targetArn)}  ${errorCode}  → ${lastPartOf(queueArn)}`,
      );
    }
    case 'dropped': {
      const { rule, targetArn, errorCode } = observation;
      return styleText(
        'red',
        `✗ lost  rule ${rule}  to ${lastPartOf(targetArn)}  ${errorCode}  (its target has no dead-letter queue)`,
      );
    }
    default:
      return undefined;
  }
}

/** One line for a request of a web page that the endpoint has refused. */
export function formatRefusal({ method, path, origin, site }: RefusedRequest): string {
  const from = origin === undefined || origin === 'null' ? `a web page (${site})` : origin;
  return styleText(
    'red',
    `✗ refused 403  ${printable(method)} ${printable(path)}  from ${printable(from)}  (the local run does not answer web pages)`,
  );
}

/** What a person can do about an answer of the API itself, which no function has seen. */
const answerHints: Readonly<Record<number, string>> = {
  404: 'no such route; the start lists them',
  413: 'larger than an HTTP API of AWS takes',
  503: 'the function failed, or too many run at once',
};

/**
 * One line for a webhook that leaves no other trace: the API has answered it without a function, or ingest has
 * accepted it without publishing anything. Undefined for other requests.
 */
export function formatAnswer(request: ServedRequest): string | undefined {
  const { status, error, routeKey, facts } = request;
  // A wrong path may contain a secret: only its beginning is shown.
  const path = facts.path.replace(/^(\/[^/]*)\/.+/, '$1/…');
  const what = `${status}  ${printable(facts.method)} ${printable(path, 60)}`;
  if (error !== undefined && facts.method === 'POST') {
    return styleText('red', `✗ ${what}  ${error} (${answerHints[status] ?? 'by the API itself'})`);
  }
  return status === 200 && routeKey?.startsWith('POST /webhooks')
    ? styleText('dim', `· ${what}  a duplicate, or filtered: not published again`)
    : undefined;
}

const colours = ['cyan', 'magenta', 'blue', 'green', 'yellow'] as const;

/**
 * One line of a function's log after the function's name, which has its own color; undefined for metrics.
 */
export function formatLogLine({ functionName, text, kind }: LogLine): string | undefined {
  if (text.includes('"_aws"')) {
    return undefined;
  }
  const sum = [...functionName].reduce(
    (total, character) => total + (character.codePointAt(0) ?? 0),
    0,
  );
  const name = styleText(colours[sum % colours.length] ?? 'cyan', functionName);
  const mark = kind === 'platform' ? '·' : '│';
  return text
    .split('\n')
    .flatMap((line) => shortenLogLine(line).split('\n'))
    .map((line) => `${name} ${mark} ${printable(line.replaceAll('\t', '  '), Infinity)}`)
    .join('\n');
}
