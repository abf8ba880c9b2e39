import { gigabyte } from '../../lib/prices.ts';
import { type CostLine, piecesOf, quantity, secondsAMonth } from './cost-line.ts';
import type { CostContext } from './cost-of.ts';
import { gbSeconds } from './ingest-lines.ts';
import type { PollerFacts, QueueFacts } from './stack-facts.ts';
import { stateWrites } from './state-writes.ts';
import type { Flow } from './traffic.ts';

/** What one target hears. */
interface Heard {
  readonly events: number;
  /** Pieces of 64 KB, each billed as a request. */
  readonly pieces: number;
  readonly bytes: number;
  readonly stateWrites: number;
  /** Items of the state table that stay: one for each event of which there is state. */
  readonly items: number;
}

/** From the bus to each consumer, and what each of them does. */
export function consumerLines(context: CostContext): readonly CostLine[] {
  const targets = new Set(context.flows.flatMap(({ targets }) => targets));
  const silent = [...context.facts.queues].filter(([id, { poller }]) => poller && !targets.has(id));
  return [
    ...[...targets].flatMap((target) => targetLines(target, context)),
    ...silent.flatMap(([, queue]) => idleLine(queue, 0, context)),
  ];
}

function targetLines(target: string, context: CostContext): readonly CostLine[] {
  const heard = heardBy(target, context.flows);
  const queue = context.facts.queues.get(target);
  return queue ? queueLines(queue, heard, context) : otherLines(target, heard, context);
}

function heardBy(target: string, flows: readonly Flow[]): Heard {
  const zero = { events: 0, pieces: 0, bytes: 0, stateWrites: 0, items: 0 };
  return flows.reduce((heard, { told, targets, eventBytes, row }) => {
    const events = told * targets.filter((each) => each === target).length;
    return {
      events: heard.events + events,
      pieces: heard.pieces + events * piecesOf(eventBytes),
      bytes: heard.bytes + events * eventBytes,
      items: heard.items + (stateWrites[row.type] ? events : 0),
      stateWrites: heard.stateWrites + events * (row.stateWrites ?? stateWrites[row.type] ?? 0),
    };
  }, zero);
}

function queueLines(queue: QueueFacts, heard: Heard, context: CostContext): readonly CostLine[] {
  const { prices, assumed, facts } = context;
  const consumer = queue.consumer ?? queue.name;
  const { poller } = queue;
  const handler = poller && facts.functions.get(poller.functionId);
  const batch = poller
    ? meanBatch(poller, heard.events / secondsAMonth, context)
    : assumed.ownReaderBatch;
  const batches = heard.events / batch;
  const receives = Math.max(batches, heard.bytes / 65_536);
  const requests = heard.pieces + receives + batches;
  const line = (component: string, dollarsAMonth: number, counted: string): CostLine => ({
    component,
    consumer,
    kind: 'volume',
    dollarsAMonth,
    counted,
  });
  /** What has come together when as much expires as comes: the state of so many months. */
  const stateKept = (items: number, days: number): CostLine => {
    const months = days > 0 ? days / 30.4 : 12;
    const gigabytes = (items * assumed.stateBytes * months) / gigabyte;
    return line(
      'state kept',
      gigabytes * (prices.tableGbMonths + prices.tableBackupGbMonths),
      `${quantity(gigabytes, 'GB')}, ${days > 0 ? `of ${days} days` : 'after a year'}`,
    );
  };
  // Each failure is received again up to the last time, postponed in between, and sent on at the end.
  const failures = heard.events * assumed.failedShare;
  const lines = [
    line(
      'queue',
      requests * prices.sqsRequests,
      `${quantity(requests, 'requests')}, in batches of ${batch.toFixed(1)}`,
    ),
    line(
      'dead letters',
      failures * (poller ? 5 * 3 : 3) * prices.sqsRequests,
      quantity(failures, 'events'),
    ),
  ];
  if (!handler) return lines;
  const seconds = gbSeconds(handler, batches * assumed.consumerMs);
  lines.push(
    line(
      'function',
      batches * prices.lambdaRequests + seconds * prices.lambdaGbSeconds,
      `${quantity(batches, 'invocations')}, ${quantity(seconds, 'GB-seconds')}`,
    ),
  );
  if (handler.environment.STATE_TABLE !== undefined) {
    lines.push(
      line(
        'state writes',
        heard.stateWrites * prices.tableWrites,
        quantity(heard.stateWrites, 'write units'),
      ),
      stateKept(heard.items, Number(handler.environment.STATE_DAYS ?? 0)),
    );
  }
  if (handler.environment.CLAIMS_TABLE !== undefined) {
    lines.push(
      line(
        'claims',
        2 * heard.events * prices.tableWrites,
        quantity(2 * heard.events, 'write units'),
      ),
    );
  }
  return [...lines, ...idleLine(queue, heard.events / secondsAMonth, context)];
}

/**
 * Messages in a mean batch. Each of the pollers waits for the window and takes its part of what comes
 * meanwhile, at the rate at which the mean event comes; without a window what came during the last
 * batch.
 */
export function meanBatch(
  { batchSize, windowSeconds }: PollerFacts,
  eventsASecond: number,
  { assumed }: Pick<CostContext, 'assumed'>,
): number {
  const seconds = Math.max(windowSeconds, assumed.consumerMs / 1000);
  const others = (eventsASecond * assumed.peakFactor * seconds) / assumed.busyPollers;
  return Math.min(batchSize, 1 + others);
}

/** Long polls of twenty seconds that find nothing. They cease on a queue that always has messages. */
function idleLine(
  { name, consumer, poller }: QueueFacts,
  eventsASecond: number,
  { prices, assumed }: CostContext,
): readonly CostLine[] {
  if (!poller) return [];
  const pollers = poller.hasMaximumConcurrency ? assumed.busyPollers : assumed.idlePollers;
  const idleShare = Math.exp((-eventsASecond * 20) / pollers);
  const polls = pollers * (secondsAMonth / 20) * idleShare;
  return [
    {
      component: 'idle polling',
      consumer: consumer ?? name,
      kind: 'fixed',
      dollarsAMonth: polls * prices.sqsRequests,
      counted: quantity(polls, 'empty receives'),
    },
  ];
}

/** Targets that are no queue. */
function otherLines(
  target: string,
  heard: Heard,
  { facts, prices, assumed }: CostContext,
): readonly CostLine[] {
  const type = facts.types.get(target);
  const line = (component: string, dollarsAMonth: number, counted: string): readonly CostLine[] => [
    { component, consumer: target, kind: 'volume', dollarsAMonth, counted },
  ];
  if (type === 'AWS::Events::ApiDestination') {
    return line(
      'API destination',
      heard.pieces * prices.apiDestinations,
      quantity(heard.pieces, 'calls of 64 KB'),
    );
  }
  if (type === 'AWS::KinesisFirehose::DeliveryStream') {
    const gigabytes =
      (Math.ceil(heard.bytes / Math.max(1, heard.events) / 5_120) * 5_120 * heard.events) /
      gigabyte;
    return line('Firehose', gigabytes * prices.firehoseGb, quantity(gigabytes, 'GB'));
  }
  if (type === 'AWS::Lambda::Function') {
    const handler = facts.functions.get(target);
    const seconds = handler ? gbSeconds(handler, heard.events * assumed.consumerMs) : 0;
    return line(
      'function',
      heard.events * prices.lambdaRequests + seconds * prices.lambdaGbSeconds,
      quantity(heard.events, 'invocations'),
    );
  }
  if (target.includes(':event-bus/') || type === 'AWS::Events::EventBus') {
    return line(
      'other bus',
      heard.pieces * prices.busEvents,
      quantity(heard.pieces, 'events of 64 KB'),
    );
  }
  return line(
    `not known: ${type ?? 'target outside the template'}`,
    0,
    quantity(heard.events, 'events'),
  );
}
