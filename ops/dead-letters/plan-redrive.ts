import type { PutEventsRequestEntry, Target } from '@aws-sdk/client-eventbridge';
import { buildTargetInput } from '@event-fanout/event-pattern';
import type { Envelope } from '../../events/envelope.ts';
import { eventSource, messageAttributes } from '../../events/names.ts';
import { own, ownText } from '../../events/own.ts';
import { serializeEnvelope } from '../../events/serialize-envelope.ts';
import { readArn } from '../aws/arn.ts';
import type { BusRule, Pipeline } from '../aws/pipeline.ts';
import { attributeText, type DeadLetterMessage } from './dead-letter-message.ts';
import { consumerOf, type FailureQueue } from './failure-queue.ts';
import { type Destination, stays, withoutReason, writeQueueEntry } from './send-messages.ts';

/**
 * The destination of a message of a failure queue: for a dead-letter message its consumer's queue, for
 * an undeliverable event the target that failed, for an unrouted or spilled event the bus.
 */
export function planRedrive(
  message: DeadLetterMessage,
  end: FailureQueue,
  pipeline: Pipeline,
): Destination {
  switch (end.role) {
    case 'dead-letters':
      // One queue may have both roles; EventBridge's attributes mark the messages that it sent.
      return message.failure.targetArn !== undefined &&
        message.system.DeadLetterQueueSourceArn === undefined
        ? planForTarget(message, pipeline)
        : planForConsumer(message, end);
    case 'undeliverable':
      return planForTarget(message, pipeline);
    case 'unrouted':
    case 'spill':
      return planForBus(message, end);
  }
}

/**
 * Marks the message as redriven by a person: an idempotent consumer then also processes an event whose
 * idempotency record is in doubt because its function was killed.
 */
const redriven = { DataType: 'String', StringValue: 'dlq' };

function planForConsumer(message: DeadLetterMessage, { sources }: FailureQueue): Destination {
  const { DeadLetterQueueSourceArn: sourceArn } = message.system;
  const consumer = attributeText(message.attributes, messageAttributes.consumer);
  const named = sources.filter((queue) =>
    sourceArn === undefined ? consumerOf(queue) === consumer : queue.arn === sourceArn,
  );
  const [queue, another] = named.length > 0 ? named : sourceArn === undefined ? sources : [];
  if (queue === undefined) {
    return stays('no queue names this one as its dead-letter queue any more');
  }
  if (another) {
    return stays('several queues have this dead-letter queue, and the message does not say which');
  }
  const attributes = {
    ...withoutReason(message.attributes),
    [messageAttributes.redrive]: redriven,
  };
  return {
    kind: 'queue',
    name: queue.name,
    url: queue.url,
    entry: writeQueueEntry(message, queue, { body: message.body, attributes }),
  };
}

/** The only part of an event that its dead-letter message does not contain. */
const ingestionTime = 'aws.events.event.ingestion-time';

/**
 * Destination of an event that EventBridge could not deliver: the failed target, with the input that its rule
 * creates from the event. The attributes only name the target. Input and destination come from the rule
 * itself, so that a forged message reaches only targets of the rules on the stack's buses.
 */
function planForTarget(message: DeadLetterMessage, pipeline: Pipeline): Destination {
  const { ruleArn, targetArn } = message.failure;
  if (ruleArn === undefined || targetArn === undefined) {
    return stays('it does not say which rule and target failed (RULE_ARN, TARGET_ARN)');
  }
  const found = findTarget(ruleArn, targetArn, pipeline.rules);
  if (typeof found === 'string') {
    return stays(found);
  }
  const { target, rule } = found;
  const kind = readArn(targetArn)?.service;
  if (kind !== 'sqs') {
    return stays(`its target is not a queue but ${kind ?? 'unknown'}; only queues are supported`);
  }
  const queue = pipeline.queues.find(({ arn }) => arn === targetArn);
  if (!queue) {
    return stays(`the queue ${readArn(targetArn)?.resource} does not exist`);
  }
  if (target.InputTransformer?.InputTemplate?.includes(ingestionTime)) {
    return stays(
      `its target's input needs ${ingestionTime}, which a dead-letter message does not contain`,
    );
  }
  try {
    const body = buildTargetInput(inputOf(target), {
      text: message.body,
      ruleArn: rule.arn,
      ruleName: rule.name,
      acceptedAt: 0,
    });
    const groupId = target.SqsParameters?.MessageGroupId;
    const entry = writeQueueEntry(message, queue, { body, groupId });
    return { kind: 'queue', name: queue.name, url: queue.url, entry };
  } catch {
    return stays("its target's input cannot be created from it");
  }
}

/**
 * The target as its rule defines it. If the rule no longer exists, because it was renamed or was created for
 * a replay, another rule of the same bus with that target is used.
 */
function findTarget(
  ruleArn: string,
  targetArn: string,
  rules: readonly BusRule[],
): { readonly rule: BusRule; readonly target: Target } | string {
  const own = rules.filter(({ arn }) => arn === ruleArn);
  const candidates = own.length > 0 ? own : rules.filter((rule) => isOnSameBus(rule, ruleArn));
  const found = candidates.flatMap((rule) =>
    rule.targets.filter(({ Arn }) => Arn === targetArn).map((target) => ({ rule, target })),
  );
  const [first] = found;
  if (!first) {
    return 'no rule on the bus has its target any more';
  }
  const inputs = new Set(found.map(({ target }) => JSON.stringify(inputOf(target))));
  return inputs.size === 1 ? first : 'its target has several inputs, and it does not say which';
}

const isOnSameBus = ({ arn }: BusRule, ruleArn: string) =>
  arn.slice(0, arn.lastIndexOf('/')) === ruleArn.slice(0, ruleArn.lastIndexOf('/'));

function inputOf({ Arn = '', Input, InputPath, InputTransformer }: Target) {
  const transformer = InputTransformer && {
    InputTemplate: InputTransformer.InputTemplate ?? '',
    InputPathsMap: InputTransformer.InputPathsMap ?? {},
  };
  return { Id: '', Arn, Input, InputPath, InputTransformer: transformer };
}

/**
 * `JSON.parse` passes the source text of each number to a reviver, and `rawJSON` writes it unchanged
 * (ECMAScript 2026).
 */
type ExactJson = {
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
};

/**
 * Destination of an event that no rule matched or that the bus refused: the bus, with the original entry.
 */
function planForBus(message: DeadLetterMessage, { busName }: FailureQueue): Destination {
  if (busName === undefined) {
    return stays('the stack has several buses, and it does not say which');
  }
  const { event } = message;
  const source = ownText(event, 'source') ?? (isEnvelope(event) ? eventSource : undefined);
  const { type, occurredAt, system } = message;
  if (source === undefined || type === undefined || typeof message.envelope !== 'object') {
    return stays('it is not an event: it has no source, detail-type and detail');
  }
  const time = new Date(occurredAt ?? '');
  const eventTime = new Date(ownText(event, 'time') ?? '');
  const entry: PutEventsRequestEntry = {
    EventBusName: busName,
    Source: source,
    DetailType: type,
    Detail: exactDetail(message),
    ...(isTime(eventTime) ? { Time: eventTime } : isTime(time) ? { Time: time } : {}),
    ...(resourcesOf(event).length > 0 && { Resources: resourcesOf(event) }),
    ...(system.AWSTraceHeader !== undefined && { TraceHeader: system.AWSTraceHeader }),
  };
  return { kind: 'bus', name: busName, entry };
}

const isEnvelope = (event: unknown) =>
  ownText(event, 'meta', 'id') !== undefined && own(event, 'data') !== undefined;

const isTime = (time: Date) => !Number.isNaN(time.getTime());

function resourcesOf(event: unknown): string[] {
  const resources = own(event, 'resources');
  return Array.isArray(resources) ? resources.filter((each) => typeof each === 'string') : [];
}

/** The detail with every number exactly as written: a double cannot hold ids of 18 digits. */
function exactDetail({ body }: DeadLetterMessage): string {
  const { parse, rawJSON } = JSON as unknown as ExactJson;
  const event = parse(body, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? rawJSON(source) : value,
  );
  return serializeEnvelope((own(event, 'detail') ?? event) as Envelope);
}
