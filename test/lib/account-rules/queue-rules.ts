import {
  type AccountRule,
  each,
  isLike,
  of,
  type Resources,
  type Statement,
  shaped,
  within,
} from './rule.ts';

const queue = 'AWS::SQS::Queue';
const quotas = 'SQS Developer Guide, "Amazon SQS queue and subscription quotas"';
const attributes = 'SQS API Reference, "SetQueueAttributes"';

/** The statements of the policies of a queue, and the logical ids of these policies. */
export const policiesOf = (resources: Resources, url: string) =>
  of(resources, 'AWS::SQS::QueuePolicy').filter(([, { Queues = [] }]) => Queues.includes(url));

/** The queue of an ARN. */
export const queueOf = (resources: Resources, arn: unknown) =>
  of(resources, queue).find(([, { QueueName }]) => String(arn).endsWith(`:${QueueName}`));

const urlOf = (name: string) => `https://sqs.ap-southeast-4.amazonaws.com/123456789012/${name}`;

/** Whether a queue lets events of a rule in. */
export function admits(resources: Resources, queueName: string, ruleArn: string): boolean {
  const statements: Statement[] = policiesOf(resources, urlOf(queueName)).flatMap(
    ([, { PolicyDocument }]) => PolicyDocument.Statement,
  );
  return statements.some(
    ({ Effect, Principal, Action, Condition = {} }) =>
      Effect === 'Allow' &&
      JSON.stringify(Principal).includes('events.amazonaws.com') &&
      [Action].flat().some((action) => action === 'sqs:SendMessage' || action === 'sqs:*') &&
      Object.entries(Condition)
        .flatMap(([, keys]) => [keys['aws:SourceArn']].flat())
        .some((pattern) => isLike(ruleArn, pattern)),
  );
}

/** Rules on queues. */
export const queueRules: readonly AccountRule[] = [
  each(
    queue,
    'a name has 1 to 80 letters, digits, - and _',
    quotas,
    ({ QueueName, FifoQueue }) =>
      shaped(QueueName, FifoQueue ? /^[\w-]{1,75}\.fifo$/ : /^[\w-]{1,80}$/),
    { QueueName: 'a.b' },
  ),
  each(
    queue,
    'messages are kept from a minute to 14 days',
    attributes,
    ({ MessageRetentionPeriod: period }) => within(period, 60, 1_209_600),
    { MessageRetentionPeriod: 1_209_601 },
  ),
  each(
    queue,
    'a message is hidden for 12 hours at most',
    attributes,
    ({ VisibilityTimeout: timeout }) => within(timeout, 0, 43_200),
    { VisibilityTimeout: 43_201 },
  ),
  each(
    queue,
    'a message has 1 KiB to 1 MiB',
    attributes,
    ({ MaximumMessageSize: size }) => within(size, 1_024, 1_048_576),
    { MaximumMessageSize: 1_048_577 },
  ),
  each(
    queue,
    'a message is given out 1 to 1,000 times',
    'SQS Developer Guide, "Using dead-letter queues in Amazon SQS"',
    ({ RedrivePolicy: policy }) => policy === undefined || within(policy.maxReceiveCount, 1, 1_000),
    { RedrivePolicy: { maxReceiveCount: 1_001 } },
  ),
  each(
    queue,
    'a data key is used for a minute to a day',
    attributes,
    ({ KmsDataKeyReusePeriodSeconds: seconds }) => within(seconds, 60, 86_400),
    { KmsDataKeyReusePeriodSeconds: 90_000 },
  ),
  each(
    queue,
    'is encrypted by KMS or by SQS, not by both',
    'SQS API Reference, "SetQueueAttributes", SqsManagedSseEnabled',
    ({ KmsMasterKeyId: key, SqsManagedSseEnabled: own }) => !(key && own),
    { KmsMasterKeyId: 'key', SqsManagedSseEnabled: true },
  ),
  each(
    queue,
    'lets at most ten queues by name send dead letters, and names some',
    'SQS API Reference, "SetQueueAttributes", RedriveAllowPolicy',
    ({ RedriveAllowPolicy: policy }) => {
      if (!policy) {
        return true;
      }
      const sources = policy.sourceQueueArns ?? [];
      return policy.redrivePermission === 'byQueue'
        ? sources.length > 0 && sources.length <= 10
        : sources.length === 0;
    },
    { RedriveAllowPolicy: { redrivePermission: 'byQueue' } },
  ),
  {
    name: 'a dead-letter queue lets its source in, and keeps messages no shorter: their age counts from the first queue',
    source:
      'SQS Developer Guide, "Using dead-letter queues in Amazon SQS", message retention periods',
    check: (resources) =>
      of(resources, queue).flatMap(
        ([id, { QueueName, RedrivePolicy, MessageRetentionPeriod = 345_600 }]) => {
          if (!RedrivePolicy) {
            return [];
          }
          const [, target] = queueOf(resources, RedrivePolicy.deadLetterTargetArn) ?? [];
          const allowed = target?.RedriveAllowPolicy;
          const isIn =
            !allowed ||
            allowed.redrivePermission === 'allowAll' ||
            (allowed.sourceQueueArns ?? []).some((arn: string) => arn.endsWith(`:${QueueName}`));
          const isLonger = (target?.MessageRetentionPeriod ?? 345_600) >= MessageRetentionPeriod;
          return target && isIn && isLonger ? [] : [`${id} and its dead-letter queue`];
        },
      ),
    broken: {
      Source: {
        Type: queue,
        Properties: {
          QueueName: 'a',
          RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: 'arn:aws:sqs:x:1:b' },
        },
      },
      Target: {
        Type: queue,
        Properties: { QueueName: 'b', RedriveAllowPolicy: { redrivePermission: 'denyAll' } },
      },
    },
  },
  each(
    'AWS::SQS::QueuePolicy',
    'a policy has 8,192 bytes and 20 statements at most',
    'SQS Developer Guide, "Amazon SQS policy quotas"',
    ({ PolicyDocument: policy }) =>
      JSON.stringify(policy).length <= 8_192 && policy.Statement.length <= 20,
    { PolicyDocument: { Statement: Array.from({ length: 21 }, () => ({})) } },
  ),
  {
    name: 'a queue has one policy: another one would take its place',
    source: 'CloudFormation User Guide, "AWS::SQS::QueuePolicy"',
    check: (resources) => {
      const queues = of(resources, 'AWS::SQS::QueuePolicy').flatMap(
        ([, { Queues }]) => Queues as string[],
      );
      return queues.filter((url, index) => queues.indexOf(url) !== index);
    },
    broken: {
      One: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { Queues: ['u'], PolicyDocument: { Statement: [] } },
      },
      Two: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { Queues: ['u'], PolicyDocument: { Statement: [] } },
      },
    },
  },
  {
    name: 'a function has less time than its messages are hidden: six times less, and the batch window',
    source: 'Lambda Developer Guide, "Creating and configuring an Amazon SQS event source mapping"',
    check: (resources) =>
      of(resources, 'AWS::Lambda::EventSourceMapping').flatMap(([id, mapping]) => {
        const [, source] = queueOf(resources, mapping.EventSourceArn) ?? [];
        const [, reader] =
          of(resources, 'AWS::Lambda::Function').find(([, { FunctionName }]) =>
            String(mapping.FunctionName).endsWith(FunctionName),
          ) ?? [];
        if (!source || !reader) {
          return [`${id} has no queue and function of the template`];
        }
        const needed = 6 * (reader.Timeout ?? 3) + (mapping.MaximumBatchingWindowInSeconds ?? 0);
        return (source.VisibilityTimeout ?? 30) >= needed ? [] : [`${id} needs ${needed} seconds`];
      }),
    broken: {
      Queue: { Type: queue, Properties: { QueueName: 'q' } },
      Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f', Timeout: 60 } },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: 'arn:aws:sqs:x:1:q', FunctionName: 'f' },
      },
    },
  },
];
