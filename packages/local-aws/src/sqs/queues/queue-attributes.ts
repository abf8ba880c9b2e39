import { isObject } from '../../aws-service.ts';
import {
  conflictingAttributes,
  invalidAttributeName,
  invalidAttributeValue,
  invalidParameterValue,
} from '../sqs-error.ts';
import type { Queue } from './queue-addresses.ts';

/** A rule returns the value in its canonical form, or `undefined` for a value that SQS refuses. */
interface AttributeRule {
  readonly accept: (value: string) => string | undefined;
  /** The value of a queue that never set it. None: the attribute is then not returned. */
  readonly default?: string;
  readonly fifoOnly?: true;
  /** An empty value removes the attribute. */
  readonly removable?: true;
}

const integer = (min: number, max: number) => (value: string) =>
  /^\d{1,10}$/.test(value) && Number(value) >= min && Number(value) <= max
    ? String(Number(value))
    : undefined;

const oneOf =
  (...values: readonly string[]) =>
  (value: string) =>
    values.includes(value) ? value : undefined;

const json = (value: string) => {
  try {
    JSON.parse(value);
    return value;
  } catch {
    return undefined;
  }
};

/** Names, bounds and defaults: API reference, CreateQueue and SetQueueAttributes, "Attributes". */
const rules: ReadonlyMap<string, AttributeRule> = new Map<string, AttributeRule>([
  ['VisibilityTimeout', { accept: integer(0, 43_200), default: '30' }],
  ['MaximumMessageSize', { accept: integer(1024, 1_048_576), default: '1048576' }],
  ['MessageRetentionPeriod', { accept: integer(60, 1_209_600), default: '345600' }],
  ['DelaySeconds', { accept: integer(0, 900), default: '0' }],
  ['ReceiveMessageWaitTimeSeconds', { accept: integer(0, 20), default: '0' }],
  ['Policy', { accept: json, removable: true }],
  // The two redrive policies have separate rules.
  ['RedrivePolicy', { accept: (value) => value, removable: true }],
  ['RedriveAllowPolicy', { accept: (value) => value, removable: true }],
  ['KmsMasterKeyId', { accept: (value) => value, removable: true }],
  ['KmsDataKeyReusePeriodSeconds', { accept: integer(60, 86_400) }],
  ['SqsManagedSseEnabled', { accept: oneOf('true', 'false') }],
  ['FifoQueue', { accept: oneOf('true'), fifoOnly: true }],
  [
    'ContentBasedDeduplication',
    { accept: oneOf('true', 'false'), default: 'false', fifoOnly: true },
  ],
  [
    'DeduplicationScope',
    { accept: oneOf('queue', 'messageGroup'), default: 'queue', fifoOnly: true },
  ],
  [
    'FifoThroughputLimit',
    { accept: oneOf('perQueue', 'perMessageGroupId'), default: 'perQueue', fifoOnly: true },
  ],
]);

/** Attributes that SQS computes and does not store. */
export const computedAttributes: readonly string[] = [
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

export const queueAttributes: ReadonlySet<string> = new Set([
  ...rules.keys(),
  ...computedAttributes,
]);

/** Checks the attributes of a request, each separately. */
export function readAttributes(
  given: readonly (readonly [string, string])[],
  fifo: boolean,
): ReadonlyMap<string, string> {
  const read = new Map<string, string>();
  for (const [name, value] of given) {
    const rule = rules.get(name);
    if (!rule || (rule.fifoOnly && !fifo)) {
      throw invalidAttributeName(name);
    }
    const accepted = value === '' && rule.removable ? '' : rule.accept(value);
    if (accepted === undefined) {
      throw refusal(name);
    }
    read.set(name, accepted);
  }
  if (read.get('KmsMasterKeyId') && read.get('SqsManagedSseEnabled') === 'true') {
    throw conflictingAttributes(
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    );
  }
  return read;
}

const refusal = (name: string) =>
  name === 'FifoQueue'
    ? invalidAttributeValue(name, 'Modifying queue type is not supported.')
    : invalidAttributeValue(name);

/** The attributes after a change. Of the two kinds of encryption, the one set last stays. */
export function mergeAttributes(
  current: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const merged = new Map([...current, ...given]);
  if (given.get('KmsMasterKeyId')) {
    merged.delete('SqsManagedSseEnabled');
  }
  if (given.get('SqsManagedSseEnabled') === 'true') {
    merged.delete('KmsMasterKeyId');
  }
  for (const [name, value] of merged) {
    if (value === '') {
      merged.delete(name);
    }
  }
  if (
    merged.get('FifoThroughputLimit') === 'perMessageGroupId' &&
    merged.get('DeduplicationScope') !== 'messageGroup'
  ) {
    throw invalidAttributeValue(
      'FifoThroughputLimit',
      'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.',
    );
  }
  return merged;
}

/** The effective value, set or by default; `undefined` where the queue has none. */
export function attributeOf(
  queue: Pick<Queue, 'attributes' | 'fifo'>,
  name: string,
): string | undefined {
  const rule = rules.get(name);
  if (!rule || (rule.fifoOnly && !queue.fifo)) {
    return undefined;
  }
  if (name === 'FifoQueue') {
    return 'true';
  }
  const encryptedByKms = queue.attributes.has('KmsMasterKeyId');
  // New queues are encrypted with SQS's own keys unless they name a key of KMS (developer guide, SSE-SQS).
  if (name === 'SqsManagedSseEnabled' && encryptedByKms) {
    return 'false';
  }
  if (name === 'KmsDataKeyReusePeriodSeconds' && !encryptedByKms) {
    return undefined;
  }
  return queue.attributes.get(name) ?? rule.default ?? implied.get(name);
}

const implied = new Map([
  ['SqsManagedSseEnabled', 'true'],
  ['KmsDataKeyReusePeriodSeconds', '300'],
]);

type TimeAttribute =
  | 'VisibilityTimeout'
  | 'MessageRetentionPeriod'
  | 'DelaySeconds'
  | 'ReceiveMessageWaitTimeSeconds';

/** One of the attributes that SQS counts in seconds, in milliseconds. */
export const millisecondsOf = (queue: Queue, name: TimeAttribute): number =>
  Number(attributeOf(queue, name)) * 1000;

/** The parsed attribute `RedrivePolicy` of a source queue. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  /** A message received this often goes to the dead-letter queue instead of being received again. */
  readonly maxReceiveCount: number;
}

/** Reads the attribute as SQS does: both keys, nothing else, 1 to 1000 receives as number or digits. */
export function readRedrivePolicy(text: string): RedrivePolicy {
  const refuse = (reason: string) => refuseRedrivePolicy(text, reason);
  const policy = parseObject(text);
  if (!policy) {
    throw refuse('Redrive policy is not a valid JSON map.');
  }
  for (const key of ['deadLetterTargetArn', 'maxReceiveCount']) {
    if (!Object.hasOwn(policy, key)) {
      throw refuse(`Redrive policy does not contain mandatory attribute: ${key}.`);
    }
  }
  if (Object.keys(policy).length > 2) {
    throw refuse(
      'Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount].',
    );
  }
  const { deadLetterTargetArn, maxReceiveCount: count } = policy;
  if (typeof deadLetterTargetArn !== 'string' || !/^arn:[^:]+:sqs:/.test(deadLetterTargetArn)) {
    throw refuse('Invalid value for deadLetterTargetArn.');
  }
  const maxReceiveCount =
    typeof count === 'string' && /^\d{1,4}$/.test(count) ? Number(count) : count;
  if (
    !Number.isInteger(maxReceiveCount) ||
    Number(maxReceiveCount) < 1 ||
    Number(maxReceiveCount) > 1000
  ) {
    throw refuse(
      'Invalid value for maxReceiveCount, valid values are from 1 to 1000 both inclusive.',
    );
  }
  return { deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
}

export const refuseRedrivePolicy = (text: string, reason: string) =>
  invalidParameterValue(
    `Value ${shorten(text)} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
  );

/** Whether `RedriveAllowPolicy` of a dead-letter queue allows this source queue. */
export function allowsRedriveFrom(text: string | undefined, sourceArn: string): boolean {
  if (text === undefined) {
    return true;
  }
  const { permission, sources } = readRedriveAllowPolicy(text);
  return permission === 'allowAll' || (permission === 'byQueue' && sources.includes(sourceArn));
}

/** Maximum number of source queues in `RedriveAllowPolicy` (API reference, SetQueueAttributes). */
const maxSources = 10;

export function readRedriveAllowPolicy(text: string) {
  const policy = parseObject(text);
  const permission = policy?.redrivePermission;
  const sources = policy?.sourceQueueArns ?? [];
  const wellFormed =
    policy &&
    Object.keys(policy).every((key) => key === 'redrivePermission' || key === 'sourceQueueArns') &&
    (permission === 'allowAll' || permission === 'denyAll' || permission === 'byQueue') &&
    Array.isArray(sources) &&
    sources.every((arn): arn is string => typeof arn === 'string');
  if (!wellFormed) {
    throw invalidAttributeValue(
      'RedriveAllowPolicy',
      "Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.",
    );
  }
  const refuse = (reason: string) =>
    invalidParameterValue(
      `Value ${shorten(text)} for parameter RedriveAllowPolicy is invalid. Reason: Amazon SQS can't create the redrive allow policy. ${reason}`,
    );
  if (permission === 'byQueue' && sources.length === 0) {
    throw refuse(
      'When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.',
    );
  }
  if (permission !== 'byQueue' && sources.length > 0) {
    throw refuse(
      'To specify one or more source queue ARNs, you must set redrivePermission to byQueue.',
    );
  }
  if (sources.length > maxSources) {
    throw refuse(`The maximum number of source queue ARNs you can specify is ${maxSources}.`);
  }
  return { permission, sources: sources as readonly string[] };
}

function parseObject(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Errors repeat the sent value up to this length. */
const shorten = (text: string) => (text.length > 500 ? `${text.slice(0, 500)}…` : text);
