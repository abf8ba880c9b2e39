import { isObject } from '../../aws-service.ts';

import { invalidAttributeValue, invalidParameterValue } from '../sqs-error.ts';

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
