import type { LocalObserver, Observation, SqsBatch } from '@event-fanout/local-aws';
import { ingestMetrics } from '../../../events/names.ts';
import { own, ownText } from '../../../events/own.ts';
import { lastPartOf } from '../../../ops/aws/arn.ts';
import type { FlowCounter } from '../journal/flow-figures.ts';
import type { Journal } from '../journal/journal.ts';
import type { Step } from '../journal/outcome.ts';

/** Events whose publication was not reported yet. */
const maxOpen = 2_000;

/** Messages that functions may still say something of. */
const maxMessages = 10_000;

/** Records what a local run reports. */
export function observeLocalRun(journal: Journal, flow: FlowCounter): LocalObserver {
  const texts = new Map<string, string>();
  const messages = new Map<
    string,
    { readonly eventId: string | undefined; readonly queue: string }
  >();

  return {
    served({ status }) {
      flow.count('answers', String(status));
    },
    queued(_queueArn, body) {
      const eventId = eventIdIn(body);
      if (eventId === undefined || texts.has(eventId) || journal.byEventId(eventId)) {
        return;
      }
      keep(texts, eventId, body, maxOpen);
    },
    routed(observation) {
      if (observation.kind === 'published') {
        published(observation);
      } else if (observation.kind !== 'noSuchBus') {
        attempted(observation);
      }
    },
    batchStarted({ queueArn, functionName, records }) {
      const [target, by, at] = [lastPartOf(queueArn), lastPartOf(functionName), Date.now()];
      for (const { messageId, body, attributes } of records) {
        // The record's own id: a part of a text would keep all of the text in memory.
        const eventId = journal.byEventId(eventIdIn(body) ?? '')?.eventId;
        keep(messages, messageId, { eventId, queue: target }, maxMessages);
        if (eventId === undefined) {
          continue;
        }
        const attempt = Number(attributes.ApproximateReceiveCount) || undefined;
        journal.add(eventId, { kind: 'given', at, target, by, attempt });
      }
    },
    batchFinished(batch, failed, error) {
      for (const [eventId, step] of stepsOf(batch, failed, error)) {
        flow.count(step.kind === 'handled' ? 'handled' : 'failed', step.target);
        journal.add(eventId, step);
      }
    },
    logged({ text }) {
      const note = readFunctionNote(text);
      if (note) {
        noted(note);
      }
    },
  };

  function published(observation: Observation & { readonly kind: 'published' }): void {
    const { eventId, bus, source, detailType, rules } = observation;
    const text = texts.get(eventId);
    texts.delete(eventId);
    const record = journal.publish({
      ...{ eventId, bus, source, rules, text },
      type: detailType,
      at: Date.now(),
    });
    flow.countPublished();
    flow.count('sessions', record.head.session ?? '');
    flow.count('senders', record.head.sender ?? '');
    for (const rule of rules) {
      flow.count('rules', rule);
    }
  }

  function attempted(
    observation: Exclude<Observation, { readonly kind: 'published' | 'noSuchBus' }>,
  ): void {
    const { kind, eventId, rule, attempt } = observation;
    const target = lastPartOf(observation.targetArn);
    const step = { at: Date.now(), target, rule, attempt };
    flow.count(kind === 'delivered' ? 'delivered' : 'undelivered', target);
    if (kind === 'delivered') {
      journal.add(eventId, { ...step, kind });
    } else {
      const error = `${observation.errorCode}: ${observation.errorMessage}`;
      journal.add(eventId, { ...step, kind: failureKinds[kind], error });
    }
  }

  function noted(note: FunctionNote): void {
    if (note.kind === 'duplicate') {
      const { key, result, requestId } = note;
      journal.addOccurrence(key, { at: Date.now(), result, requestId });
      return;
    }
    const message = messages.get(note.messageId);
    if (!message) {
      return;
    }
    const { eventId, queue } = message;
    const { consumer, attempt, error, reason } = note;
    if (eventId === undefined) {
      // What is no event fails too.
      journal.noteFailure(queue, { at: Date.now(), error });
      return;
    }
    journal.add(eventId, {
      ...{ at: Date.now(), target: queue, by: consumer, attempt, error },
      ...(reason === undefined ? { kind: 'failed' } : { kind: 'given-up', reason }),
      ...(note.stack !== undefined && { stack: shareStack(note.stack) }),
    });
  }
}

/** Distinct stacks that are kept: a hundred thousand failures of one bug have one. */
const maxStacks = 500;
const stacks = new Map<string, string>();

/** The same text as one object, so that equal stacks take memory once. */
function shareStack(stack: string): string | undefined {
  const known = stacks.get(stack);
  if (known === undefined && stacks.size < maxStacks) {
    stacks.set(stack, stack);
    return stack;
  }
  return known;
}

const failureKinds = {
  failed: 'delivery-failed',
  deadLettered: 'undeliverable',
  dropped: 'lost',
} as const;

function* stepsOf(
  { queueArn, functionName, records }: SqsBatch,
  failed: ReadonlySet<string>,
  error: string | undefined,
): Generator<readonly [eventId: string, Step]> {
  const common = { at: Date.now(), target: lastPartOf(queueArn), by: lastPartOf(functionName) };
  for (const { messageId, body, attributes } of records) {
    const eventId = eventIdIn(body);
    if (eventId === undefined) {
      continue;
    }
    const attempt = Number(attributes.ApproximateReceiveCount) || undefined;
    if (!failed.has(messageId)) {
      yield [eventId, { ...common, kind: 'handled', attempt }];
    } else {
      yield [eventId, { ...common, kind: 'failed', attempt, error }];
    }
  }
}

/** How an event's text begins, here and in AWS; parsing all of it would be the largest cost here. */
const beginning = /^\{"version":"0","id":"([0-9a-f-]{36})"/;

/** The id of an event; undefined where a rule gives its target something else than the event. */
export const eventIdIn = (body: string): string | undefined =>
  beginning.exec(body.slice(0, 60))?.[1];

function keep<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > max && oldest !== undefined) {
    map.delete(oldest);
  }
}

/** What this project's functions say in their logs that the bus and the queues do not know. */
export type FunctionNote =
  /** A consumer failed on a message. */
  | {
      readonly kind: 'failed';
      readonly messageId: string;
      readonly consumer: string | undefined;
      readonly attempt: number | undefined;
      /** Class of the error, and its message where the log has it. */
      readonly error: string;
      readonly stack: string | undefined;
      /** Why it is in the dead-letter queue; undefined where it is delivered again. */
      readonly reason: string | undefined;
    }
  /** A duplicate, which was not published again. */
  | {
      readonly kind: 'duplicate';
      readonly key: string;
      readonly result: string;
      readonly requestId: string | undefined;
    };

/** Reads a line of a function's log; undefined for those that say nothing of the kind. */
export function readFunctionNote(line: string): FunctionNote | undefined {
  // Most lines are neither, and are not parsed.
  if (!line.includes('"failed"') && !line.includes('"result":"duplicate"')) {
    return undefined;
  }
  let full: unknown;
  try {
    full = JSON.parse(line);
  } catch {
    return undefined;
  }
  // Ingest says what it has taken in the line that counts it, which has nothing around it.
  const message = own(full, 'message') ?? full;
  const text = (name: string) => ownText(message, name);
  const messageId = text('messageId');
  if (text('message') === 'failed' && messageId !== undefined) {
    const attempt = own(message, 'receiveCount');
    const outcome = text('outcome') ?? 'redelivered';
    return {
      kind: 'failed',
      messageId,
      consumer: text('consumer'),
      attempt: typeof attempt === 'number' ? attempt : undefined,
      error: [text('error'), text('errorMessage')].filter(Boolean).join(': '),
      stack: text('stack'),
      reason: outcome === 'redelivered' ? undefined : outcome,
    };
  }
  const key = text('id');
  const result = text('result');
  if (
    own(message, ingestMetrics.accepted) === undefined ||
    key === undefined ||
    result !== 'duplicate'
  ) {
    return undefined;
  }
  return { kind: 'duplicate', key, result, requestId: text('requestId') };
}
