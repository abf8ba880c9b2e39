import { admits, policiesOf, queueOf } from './queue-rules.ts';
import { type AccountRule, each, of, type Resources, repeated, shaped, within } from './rule.ts';

const rule = 'AWS::Events::Rule';
const quotas = 'EventBridge User Guide, "Amazon EventBridge quotas"';
const api = (action: string) => `EventBridge API Reference, "${action}"`;

const arnOf = ({ EventBusName = 'default', Name = 'name' }) =>
  `arn:aws:events:ap-southeast-4:123456789012:rule/${EventBusName}/${Name}`;

const secondsOf: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

interface Target {
  readonly Id: string;
  readonly Arn: string;
  readonly DeadLetterConfig?: { readonly Arn: string };
}

/** Every queue that a rule sends to, as target or as dead-letter queue. */
const sendsOf = (resources: Resources) =>
  of(resources, rule).flatMap(([id, properties]) =>
    (properties.Targets as readonly Target[]).flatMap(({ Arn, DeadLetterConfig }) =>
      [Arn, DeadLetterConfig?.Arn].flatMap((arn) => {
        const found = arn === undefined ? undefined : queueOf(resources, arn);
        return found
          ? [{ id, ruleArn: arnOf(properties), queueId: found[0], queue: found[1] }]
          : [];
      }),
    ),
  );

const urlOf = (name: string) => `https://sqs.ap-southeast-4.amazonaws.com/123456789012/${name}`;
const toQueue = (properties: object, more: Resources = {}): Resources => ({
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q', ...properties } },
  Rule: {
    Type: rule,
    Properties: { Name: 'r', EventBusName: 'b', Targets: [{ Id: '1', Arn: 'arn:aws:sqs:x:1:q' }] },
  },
  ...more,
});

/** Rules on buses, rules, targets, archives and API destinations. */
export const eventRules: readonly AccountRule[] = [
  each(
    rule,
    'a name has 1 to 64 letters, digits, ., - and _',
    api('PutRule'),
    ({ Name }) => shaped(Name, /^[.\w-]{1,64}$/),
    { Name: 'a b', Targets: [] },
  ),
  each(
    rule,
    'a pattern has 2,048 characters at most',
    quotas,
    ({ EventPattern: pattern }) => JSON.stringify(pattern ?? {}).length <= 2_048,
    { EventPattern: { source: ['x'.repeat(2_048)] }, Targets: [] },
  ),
  each(
    rule,
    'has a pattern or a schedule',
    api('PutRule'),
    ({ EventPattern, ScheduleExpression }) => Boolean(EventPattern ?? ScheduleExpression),
    { Targets: [] },
  ),
  each(
    rule,
    'a schedule is on the default bus only',
    'EventBridge User Guide, "Creating a scheduled rule (legacy) in Amazon EventBridge"',
    ({ ScheduleExpression, EventBusName }) =>
      !ScheduleExpression || EventBusName === undefined || EventBusName === 'default',
    { ScheduleExpression: 'rate(1 hour)', EventBusName: 'b', Targets: [] },
  ),
  each(
    rule,
    'a description has 512 characters at most',
    api('PutRule'),
    ({ Description = '' }) => Description.length <= 512,
    { Description: 'x'.repeat(513), Targets: [] },
  ),
  each(
    rule,
    'has five targets at most, each with an id of its own',
    quotas,
    ({ Targets }) =>
      Targets.length <= 5 && repeated(Targets.map(({ Id }: Target) => Id)).length === 0,
    { Targets: [{ Id: 'a' }, { Id: 'a' }] },
  ),
  each(
    rule,
    'retries for 185 times and a day at most',
    api('RetryPolicy'),
    ({ Targets }) =>
      Targets.every(
        ({ RetryPolicy: policy = {} as Record<string, number> }) =>
          within(policy.MaximumRetryAttempts, 0, 185) &&
          within(policy.MaximumEventAgeInSeconds, 60, 86_400),
      ),
    { Targets: [{ RetryPolicy: { MaximumEventAgeInSeconds: 30 } }] },
  ),
  each(
    rule,
    'on a bus of its own, a target has a dead-letter queue, or what cannot be delivered is lost',
    'EventBridge User Guide, "Using dead-letter queues to process undelivered events"',
    ({ EventBusName, Targets }) =>
      EventBusName === undefined ||
      Targets.every(({ DeadLetterConfig }: Target) => DeadLetterConfig !== undefined),
    { EventBusName: 'b', Targets: [{ Id: 'a', Arn: 'arn' }] },
  ),
  each(
    rule,
    'a schedule does not retry for longer than until its next run',
    'EventBridge User Guide, "How EventBridge retries delivering events"',
    ({ ScheduleExpression, Targets }) => {
      const [, count, unit = ''] =
        /^rate\((\d+) (minute|hour|day)s?\)$/.exec(ScheduleExpression) ?? [];
      const seconds = Number(count) * (secondsOf[unit] ?? 0);
      return (
        unit === '' ||
        Targets.every(
          ({ RetryPolicy: policy = {} as Record<string, number> }) =>
            (policy.MaximumEventAgeInSeconds ?? 86_400) <= seconds,
        )
      );
    },
    { ScheduleExpression: 'rate(10 minutes)', Targets: [{ Id: 'a' }] },
  ),
  {
    name: 'a bus has 300 rules at most',
    source: quotas,
    check: (resources) => {
      const buses = Map.groupBy(
        of(resources, rule),
        ([, { EventBusName = 'default' }]) => EventBusName,
      );
      return [...buses].filter(([, rules]) => rules.length > 300).map(([bus]) => `${bus} has more`);
    },
    broken: Object.fromEntries(
      Array.from({ length: 301 }, (_, index) => [
        `Rule${index}`,
        { Type: rule, Properties: { EventBusName: 'b', Targets: [] } },
      ]),
    ),
  },
  {
    name: 'a queue lets in each rule that sends to it',
    source:
      'EventBridge User Guide, "Using resource-based policies for Amazon EventBridge", Amazon SQS permissions',
    check: (resources) =>
      sendsOf(resources)
        .filter(({ queue, ruleArn }) => !admits(resources, queue.QueueName, ruleArn))
        .map(({ id, queueId }) => `${id} is not let into ${queueId}`),
    broken: toQueue({}),
  },
  {
    name: 'a rule waits for the policies of its queues: without permission EventBridge does not try again',
    source: 'EventBridge User Guide, "Using dead-letter queues to process undelivered events"',
    check: (resources) =>
      sendsOf(resources).flatMap(({ id, queue, queueId }) => {
        const waits = new Set([resources[id]?.DependsOn ?? []].flat());
        const missing = policiesOf(resources, urlOf(queue.QueueName)).filter(
          ([policy]) => !waits.has(policy),
        );
        return missing.map(([policy]) => `${id} does not wait for ${policy} of ${queueId}`);
      }),
    broken: toQueue(
      {},
      {
        Policy: {
          Type: 'AWS::SQS::QueuePolicy',
          Properties: { Queues: [urlOf('q')], PolicyDocument: { Statement: [] } },
        },
      },
    ),
  },
  {
    name: 'a queue that a rule sends to is not encrypted by AWS’s own key for SQS, which EventBridge cannot use',
    source: 'SQS Developer Guide, "Configuring KMS permissions for AWS services"',
    check: (resources) =>
      sendsOf(resources)
        .filter(({ queue }) => /alias\/aws\/sqs$/.test(queue.KmsMasterKeyId ?? ''))
        .map(({ queueId }) => queueId),
    broken: toQueue({ KmsMasterKeyId: 'alias/aws/sqs' }),
  },
  each(
    'AWS::Events::Archive',
    'a name has 1 to 48 letters, digits, ., - and _',
    api('CreateArchive'),
    ({ ArchiveName: name }) => shaped(name, /^[.\w-]{1,48}$/),
    { ArchiveName: 'x'.repeat(49) },
  ),
  each(
    'AWS::Events::EventBus',
    'a name has 1 to 256 characters, and is not default',
    api('CreateEventBus'),
    ({ Name }) => shaped(Name, /^(?!default$)[.\w-]{1,256}$/),
    { Name: 'default' },
  ),
  each(
    'AWS::Events::EventBus',
    'with a key of the customer has a dead-letter queue, or what cannot be encrypted is lost',
    'EventBridge User Guide, "Using dead-letter queues to capture encrypted event errors"',
    ({ KmsKeyIdentifier: key, DeadLetterConfig }) => !key || DeadLetterConfig !== undefined,
    { KmsKeyIdentifier: 'key' },
  ),
  {
    name: 'the policy of a bus has 10,240 characters at most, and no statement id twice',
    source: `${quotas}, Event bus policy size`,
    check: (resources) => {
      const statements = of(resources, 'AWS::Events::EventBusPolicy').map(
        ([, { Statement, StatementId }]) => ({ ...Statement, Sid: StatementId }),
      );
      const isLong =
        JSON.stringify({ Version: '2012-10-17', Statement: statements }).length > 10_240;
      return [...repeated(statements.map(({ Sid }) => Sid)), ...(isLong ? ['too long'] : [])];
    },
    broken: {
      One: { Type: 'AWS::Events::EventBusPolicy', Properties: { StatementId: 'a' } },
      Two: { Type: 'AWS::Events::EventBusPolicy', Properties: { StatementId: 'a' } },
    },
  },
  each(
    'AWS::Events::EventBusPolicy',
    'a statement id has 1 to 64 letters, digits, - and _',
    api('PutPermission'),
    ({ StatementId }) => shaped(StatementId, /^[\w-]{1,64}$/),
    { StatementId: 'a b' },
  ),
  each(
    'AWS::Events::Connection',
    'a name has 1 to 64 letters, digits, ., - and _',
    api('CreateConnection'),
    ({ Name }) => shaped(Name, /^[.\w-]{1,64}$/),
    { Name: 'a/b' },
  ),
  each(
    'AWS::Events::ApiDestination',
    'an endpoint is https, and gets 1 to 300 requests a second',
    api('CreateApiDestination'),
    ({ InvocationEndpoint: url, InvocationRateLimitPerSecond: rate }) =>
      /^https:/.test(url) && within(rate, 1, 300),
    { InvocationEndpoint: 'http://example.com' },
  ),
];
