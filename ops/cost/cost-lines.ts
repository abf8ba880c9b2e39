import { matches } from '@event-fanout/event-pattern';
import { exampleWebhook } from '../../events/example-webhook.ts';
import {
  type FilterAction,
  filterRuleFor,
  readFilterRules,
} from '../../events/filters/read-filter-rules.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { serializeEnvelope } from '../../events/serialize-envelope.ts';
import type { CostValues, PriceName } from './numbers.ts';
import { type Queue, readStack, type Stack } from './read-stack.ts';

/** One line of a month's bill. */
export interface CostLine {
  readonly component: string;
  /** The consumer that causes it. @default - shared by all */
  readonly consumer?: string | undefined;
  readonly price: PriceName;
  readonly units: number;
  readonly dollars: number;
  /** Whether it is charged without any webhook too. */
  readonly isFixed: boolean;
}

type Line = readonly [
  component: string,
  price: PriceName,
  units: number,
  consumer?: string | undefined,
  isFixed?: boolean,
];

const gigabyte = 1024 ** 3;
const daysAMonth = 30.4;

/** A month of 730 hours, as in AWS's pricing calculator. */
const secondsAMonth = 730 * 3_600;

/** Bytes that EventBridge adds to an entry: id, account, region, resources. */
const wrapperBytes = 350;

/**
 * The monthly cost of a stack: the resources of its template, and the operations of the pipeline for a number
 * of webhooks (each one message), times their prices.
 *
 * @throws when the template has no endpoint for webhooks
 */
export function costLines(
  template: unknown,
  webhooks: number,
  values: CostValues,
): readonly CostLine[] {
  const stack = readStack(template);
  const { text, publishedShare, isDeduplicated } = messageThrough(stack, values.bytes);
  const traffic: Traffic = {
    received: webhooks,
    published: webhooks * publishedShare,
    lookedUp: isDeduplicated ? webhooks * publishedShare : 0,
    eventBytes: Buffer.byteLength(text) + wrapperBytes,
  };
  const targets = stack.rules
    .filter(({ pattern }) => matches(pattern, JSON.parse(text)))
    .flatMap((rule) => rule.targets);
  const events = (id: string) =>
    traffic.published * targets.filter((target) => target === id).length;
  const lines: readonly Line[] = [
    ...ingestLines(traffic, stack, values),
    ...[...stack.queues].flatMap(([id, queue]) =>
      queueLines(queue, events(id), traffic, stack, values),
    ),
    ...standingLines(stack, values),
  ];
  return lines.flatMap(([component, price, units, consumer, isFixed = false]) =>
    units > 0
      ? [{ component, consumer, price, units, dollars: units * values[price], isFixed }]
      : [],
  );
}

/** Traffic of one month. */
interface Traffic {
  readonly received: number;
  readonly published: number;
  /** Events that are looked up in the deduplication table. */
  readonly lookedUp: number;
  readonly eventBytes: number;
}

/** How ingest processes a message, by the catalog and the filter rules that run in AWS. */
function messageThrough(stack: Stack, bytes: number) {
  const { FILTERS = 'none', DEDUPLICATE = 'none', DEDUPLICATION_TABLE } = stack.ingest.environment;
  const padded = (pad: string) =>
    Buffer.from(JSON.stringify({ ...exampleWebhook('message', 'waha'), metadata: { pad } }));
  const body = padded('x'.repeat(Math.max(0, bytes - padded('').length)));
  const [envelope] = normalizeWebhook(body, { receivedAt: new Date(0), requestId: 'r' }).events;
  if (!envelope) {
    throw new Error('The example of a message results in no event.');
  }
  const action = filterRuleFor(envelope.meta, readFilterRules(String(FILTERS)))?.action;
  return {
    text: `{"source":"whatsapp","detail-type":"message","detail":${serializeEnvelope(envelope)}}`,
    publishedShare: shareThat(action),
    isDeduplicated:
      DEDUPLICATION_TABLE !== undefined && /(^|,)(all|message)(,|$)/.test(String(DEDUPLICATE)),
  };
}

/** Debouncing drops no messages, because they do not repeat. */
const shareThat = (action: FilterAction | undefined) =>
  action?.kind === 'sample' ? 1 / action.oneIn : Number(action?.kind !== 'drop');

/** EventBridge and SQS bill each started 64 KB. */
const piecesOf = (bytes: number) => Math.max(1, Math.ceil(bytes / 65_536));

/** Costs from the request to the bus. */
function ingestLines(traffic: Traffic, stack: Stack, values: CostValues): Line[] {
  const { received, published, lookedUp, eventBytes } = traffic;
  const identified = stack.ingest.environment.IDENTITIES_TABLE === undefined ? 0 : published;
  const filtered = received - published;
  // Lambda allocates CPU in proportion to memory; the time spent waiting does not depend on it.
  const { memoryMb } = stack.ingest;
  const slower = values.ingestMemoryMb / memoryMb;
  const waitingMs = Math.min(values.waitingMs, values.ingestMs);
  const ingestMs = waitingMs + (values.ingestMs - waitingMs) * slower;
  const seconds = (published * ingestMs + filtered * values.filteredMs * slower) / 1_000;
  const archived = stack.archiveDays > 0 ? (published * eventBytes) / gigabyte : 0;
  const logBytes = published * values.acceptedLogBytes + filtered * values.filteredLogBytes;
  const requests = received * Math.ceil(values.bytes / 524_288);
  return [
    ...(stack.price ? [['ingress', stack.price, requests] as const] : []),
    ['WAF', 'wafRequests', stack.count('AWS::WAFv2::WebACL') * received],
    ['ingest', 'lambdaRequests', received],
    ['ingest', 'lambdaGbSeconds', (memoryMb / 1_024) * seconds],
    ['deduplication', 'tableWrites', lookedUp * values.deduplicationWrites],
    ['identities', 'tableReads', identified * values.identityReads],
    ['identities', 'tableWrites', identified * values.identityWrites],
    ['bus', 'busEvents', published * piecesOf(eventBytes)],
    ['archive', 'archivedGb', archived],
    ['archive', 'archiveGbMonths', archived * Math.min(stack.archiveDays / daysAMonth, 12)],
    ...logLines('log of ingest', logBytes, stack),
    ...logLines('access log', stack.hasAccessLog ? received * values.accessLogBytes : 0, stack),
  ];
}

const logLines = (component: string, bytes: number, stack: Stack, consumer?: string): Line[] => {
  const logGb = bytes / gigabyte;
  return [
    [component, 'logGb', logGb, consumer],
    [component, 'logGbMonths', logGb * (stack.logDays / daysAMonth), consumer],
    [component, 'protectedLogGb', stack.masksLogs ? logGb : 0, consumer],
  ];
};

/** Messages that SQS gives in one request at most. */
const maxReceived = 10;

/** Costs of a queue and its consumer for a number of events. */
function queueLines(
  { name, poller }: Queue,
  events: number,
  { eventBytes }: Traffic,
  stack: Stack,
  values: CostValues,
): Line[] {
  const sent = events * piecesOf(eventBytes);
  if (!poller) {
    return [['queue', 'sqsRequests', sent + (2 * events) / values.readerBatch, name]];
  }
  const rate = events / secondsAMonth;
  const pollers = poller.hasMaximumConcurrency ? values.busyPollers : values.idlePollers;
  // A long poll takes 20 seconds; a queue that always has messages has no empty ones.
  const polls = pollers * (secondsAMonth / 20) * Math.exp((-rate * 20) / pollers);
  const idle: Line = ['idle polling', 'sqsRequests', polls, name, true];
  if (events === 0) {
    return [idle];
  }
  // Each poller receives its share of the events that arrive during the batching window, or during the
  // previous batch.
  const seconds = Math.max(poller.windowSeconds, values.consumerMs / 1_000);
  const atOnce = (rate * values.peakFactor * seconds) / values.busyPollers;
  const batches = events / Math.min(poller.batchSize, 1 + atOnce);
  // One request brings or deletes ten messages at most, however large the batch.
  const received = events / Math.min(poller.batchSize, maxReceived, 1 + atOnce);
  const { memoryMb = 0, environment = {} } = poller.reader ?? {};
  const consumerMs = batches * values.consumerMs + events * values.handledMs;
  const gbSeconds = (memoryMb / 1_024) * (consumerMs / 1_000);
  const logBytes = events * values.handledLogBytes + batches * values.batchLogBytes;
  const claimed = environment.IDEMPOTENCY_TABLE === undefined ? 0 : events;
  const kept = environment.STATE_TABLE === undefined ? 0 : events;
  const chats = kept / Math.max(1, values.messagesAnHour);
  // Stored data once as much expires as arrives; after one year if nothing expires.
  const months = (Number(environment.STATE_DAYS) || 365) / daysAMonth;
  const keptGb = (kept * values.stateBytes * months) / gigabyte;
  return [
    ['queue', 'sqsRequests', sent + 2 * received, name],
    ['function', 'lambdaRequests', batches, name],
    ['function', 'lambdaGbSeconds', gbSeconds, name],
    ['idempotency', 'tableWrites', claimed * values.idempotencyWrites, name],
    ['state', 'tableWrites', kept * values.stateWrites + chats * values.chatWrites, name],
    ['state', 'tableReads', chats * values.chatReads, name],
    ['state kept', 'tableGbMonths', keptGb, name],
    ['state kept', 'backupGbMonths', keptGb, name],
    ...logLines('log', logBytes, stack, name),
    ['metrics', 'metrics', values.metricsOfConsumer, name, true],
    idle,
  ];
}

/** Fixed costs. */
function standingLines(
  { count, alarmMetrics, watchedQueues, webAclRules }: Stack,
  values: CostValues,
): Line[] {
  const secrets = count('AWS::SecretsManager::Secret');
  const lines: readonly (readonly [component: string, price: PriceName, units: number])[] = [
    ['secrets', 'secrets', secrets],
    ['secrets', 'secretReads', secrets * values.secretReadsAMonth],
    ['metrics', 'metrics', values.metricsOfIngest],
    ['alarms', 'alarmMetrics', alarmMetrics],
    ['watch', 'sqsRequests', watchedQueues * values.looksAMonth],
    ['dashboard', 'dashboards', count('AWS::CloudWatch::Dashboard')],
    ['keys', 'keys', count('AWS::KMS::Key')],
    ['WAF', 'wafAcls', count('AWS::WAFv2::WebACL')],
    ['WAF', 'wafRules', webAclRules],
  ];
  return lines.map(([component, price, units]) => [component, price, units, undefined, true]);
}

/**
 * Cost lines of several volumes side by side: one row for each component, and the total.
 *
 * @param isFixed true for fixed costs, in dollars a month; false for the others, for each million webhooks
 */
export function costRows(
  bills: readonly (readonly CostLine[])[],
  volumes: readonly number[],
  isFixed: boolean,
): readonly (readonly [label: string, dollars: readonly number[]])[] {
  const shown = bills.map((lines) => lines.filter((line) => line.isFixed === isFixed));
  const labelOf = ({ component, consumer }: CostLine) =>
    consumer ? `${component}, ${consumer}` : component;
  const dollars = (isIn: (line: CostLine) => boolean) =>
    shown.map((lines, index) => {
      const millions = isFixed ? 1 : (volumes[index] ?? 0) / 1e6;
      return lines.filter(isIn).reduce((sum, line) => sum + line.dollars, 0) / millions;
    });
  const labels = [...new Set(shown.flat().map(labelOf))];
  return [
    ...labels.map((label) => [label, dollars((line) => labelOf(line) === label)] as const),
    ['total', dollars(() => true)],
  ];
}
