import { compilePattern } from '@event-fanout/event-pattern';
import { queueTags } from '../../events/names.ts';
import { own, ownText } from '../../events/own.ts';

/** The resources of a template that cost money, by logical id. */
export type Stack = ReturnType<typeof readStack>;

/** A queue, and the function that reads it; false if the user's own service reads it. */
export type Queue = Parameters<Parameters<Stack['queues']['forEach']>[0]>[0];

/** Types of resources that receive requests. A function URL is free of charge. */
const ingresses = [
  ['AWS::ApiGatewayV2::Integration', 'httpApiRequests'],
  ['AWS::ApiGateway::Method', 'restApiRequests'],
  ['AWS::Lambda::Url', undefined],
] as const;

/**
 * Reads from a template what its cost depends on.
 *
 * @throws when no function in it receives webhooks and publishes events
 */
export function readStack(template: unknown) {
  const resources = Object.entries(own(template, 'Resources') ?? {});
  const of = (type: string): readonly (readonly [id: string, properties: unknown])[] =>
    resources
      .filter(([, resource]) => own(resource, 'Type') === type)
      .map(([id, resource]) => [id, own(resource, 'Properties')]);
  const functions = of('AWS::Lambda::Function').map(([id, properties]) => ({
    id,
    memoryMb: Number(own(properties, 'MemorySize') ?? 128),
    environment: (own(properties, 'Environment', 'Variables') ?? {}) as Record<string, unknown>,
  }));
  /** The function that a value refers to. */
  const functionIn = (value: unknown) => functions.find(({ id }) => mentions(value, id));
  const [ingress] = ingresses.flatMap(([type, price]) =>
    of(type).flatMap(([, properties]) => {
      const ingest = functionIn(properties);
      return ingest?.environment.BUS_NAME === undefined ? [] : [{ ingest, price }];
    }),
  );
  if (!ingress) {
    throw new Error('The template has no function that receives webhooks and publishes events.');
  }
  const mappings = of('AWS::Lambda::EventSourceMapping');
  return {
    ...ingress,
    count: (type: string) => of(type).length,
    queues: new Map(
      of('AWS::SQS::Queue').map(([id, properties]) => {
        const tags = listAt(properties, 'Tags');
        const tag = tags.find((each) => own(each, 'Key') === queueTags.consumer);
        const mapping = mappings.find(([, each]) => mentions(own(each, 'EventSourceArn'), id))?.[1];
        const poller = mapping !== undefined && {
          reader: functionIn(mapping),
          batchSize: Number(own(mapping, 'BatchSize') ?? 10),
          windowSeconds: Number(own(mapping, 'MaximumBatchingWindowInSeconds') ?? 0),
          hasMaximumConcurrency: own(mapping, 'ScalingConfig') !== undefined,
        };
        const name = ownText(tag, 'Value') ?? ownText(properties, 'QueueName') ?? id;
        return [id, { name, poller }] as const;
      }),
    ),
    rules: of('AWS::Events::Rule').flatMap(([, rule]) => {
      const pattern = own(rule, 'EventPattern');
      if (own(rule, 'State') === 'DISABLED' || typeof pattern !== 'object' || !pattern) {
        return [];
      }
      const targets = listAt(rule, 'Targets').map((each) => targetOf(own(each, 'Arn')));
      return [{ pattern: compilePattern(pattern), targets }];
    }),
    hasAccessLog: [...of('AWS::ApiGatewayV2::Stage'), ...of('AWS::ApiGateway::Stage')].some(
      ([, stage]) => own(stage, 'AccessLogSettings') ?? own(stage, 'AccessLogSetting'),
    ),
    /** Days that logs are kept; a log group without an expiry counts as a month. */
    logDays: of('AWS::Logs::LogGroup').reduce(
      (max, [, group]) => Math.max(max, Number(own(group, 'RetentionInDays') ?? 30)),
      0,
    ),
    masksLogs: of('AWS::Logs::LogGroup').some(([, group]) => own(group, 'DataProtectionPolicy')),
    /** Days that events are archived; 0 for none, Infinity for ever. */
    archiveDays: of('AWS::Events::Archive').reduce(
      (max, [, archive]) => Math.max(max, Number(own(archive, 'RetentionDays')) || Infinity),
      0,
    ),
    /** Number of queues whose messages the watch function counts. */
    watchedQueues: functions.reduce((sum, { environment }) => {
      const { FAILURE_QUEUES: names } = environment;
      return typeof names === 'string' ? sum + names.split(',').length : sum;
    }, 0),
    /** An alarm is charged for each metric that it reads. */
    alarmMetrics: of('AWS::CloudWatch::Alarm').reduce((sum, [, alarm]) => {
      const metrics = listAt(alarm, 'Metrics').filter((each) => own(each, 'MetricStat'));
      return sum + Math.max(1, metrics.length);
    }, 0),
    webAclRules: of('AWS::WAFv2::WebACL').reduce(
      (sum, [, acl]) => sum + listAt(acl, 'Rules').length,
      0,
    ),
  };
}

const listAt = (value: unknown, name: string) => (own(value, name) ?? []) as readonly unknown[];

/** Whether a value refers to a resource by `Ref` or `Fn::GetAtt`, however deep. */
const mentions = (value: unknown, id: string) => JSON.stringify(value ?? '').includes(`"${id}"`);

/** The logical id that an ARN refers to, or the ARN if its resource is not in the template. */
const targetOf = (arn: unknown) =>
  String(listAt(arn, 'Fn::GetAtt')[0] ?? own(arn, 'Ref') ?? JSON.stringify(arn));
