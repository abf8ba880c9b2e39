import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { createProgram } from '../../../cli/program.ts';
import { runbook } from '../../../lib/alarms/alarms.ts';
import { type ConsumerRow, queuedConsumers } from '../../../lib/consumer-row.ts';
import { consumers } from '../../../lib/consumers.ts';
import { WhatsAppEventBus } from '../../../lib/event-bus.ts';
import { createApp, synthesizeTemplate } from '../synthesize-app.ts';
import { statementsBelow } from '../template-policies.ts';

const endpoint: ConsumerRow = {
  kind: 'https',
  summary: 'An endpoint',
  categories: ['calls'],
  endpoint: 'https://example.com/hook',
};
/** A consumer of each kind to which EventBridge delivers without a queue. */
const withoutQueue = {
  https: endpoint,
  bus: {
    kind: 'bus',
    summary: 'Another bus',
    categories: ['calls'],
    busArn: 'arn:aws:events:eu-central-1:123456789012:event-bus/other',
  },
  firehose: { kind: 'firehose', summary: 'Files', categories: ['calls'] },
  target: {
    kind: 'target',
    summary: 'A target',
    categories: ['calls'],
    target: { bind: () => ({ arn: 'arn:aws:sns:eu-central-1:123456789012:calls' }) },
  },
} as const satisfies Record<string, ConsumerRow>;

const template = Template.fromStack(createApp({}, { ...consumers, crm: endpoint }).stack);

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly TreatMissingData: string;
  readonly AlarmActions: readonly unknown[];
  readonly OKActions: readonly unknown[];
}

/** A metric in the metric math of an alarm. */
const metricOf = (Namespace: string, MetricName: string) =>
  Match.objectLike({ MetricStat: { Metric: { Namespace, MetricName } } });

const alarmsIn = (from: Template): readonly AlarmProperties[] =>
  Object.values(from.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties as AlarmProperties,
  );
const alarms = alarmsIn(template);
const names = alarms.map(({ AlarmName }) => AlarmName);

describe('alarms', () => {
  test.each(queuedConsumers(consumers))(
    '%s has an alarm on its age if a function reads it, and its failed events are counted',
    (name, row) => {
      const own = names.filter((alarm) => alarm.startsWith(`whatsapp-dev-${name}-`));
      const late = row.kind === 'function' ? [`whatsapp-dev-${name}-late`] : [];
      expect(own.filter((alarm) => alarm !== 'whatsapp-dev-sessions-offline')).toEqual(late);
      expect(watchedQueues(template)).toContain(`${name}-dead-letters`);
    },
  );

  test('every failure queue is counted, and the function may read each', () => {
    const ends = (from: Template) =>
      Object.entries(from.findResources('AWS::SQS::Queue')).filter(([, { Properties }]) =>
        (Properties.Tags as { Key: string; Value: string }[]).some(
          ({ Key, Value }) =>
            Key === 'fanout:role' && ['dead-letters', 'undeliverable', 'unrouted'].includes(Value),
        ),
      );
    for (const context of [{}, { encryption: 'customer' }]) {
      const from = synthesizeTemplate(context);
      const watched = watchedQueues(from).map((name) => `whatsapp-dev-${name}`);
      for (const [id, { Properties }] of ends(from)) {
        expect(watched).toContain(Properties.QueueName);
        expect(JSON.stringify(statementsBelow(from, 'FanoutSessionWatchHandler'))).toContain(id);
      }
    }
    expect(watchedQueues(synthesizeTemplate({ encryption: 'customer' }))).toContain(
      'bus-dead-letters',
    );
  });

  test('exist for each problem of the shared parts that a person can act on', () => {
    const shared = names.filter(
      (name) =>
        !Object.keys({ ...consumers, crm: endpoint }).some((consumer) =>
          [`whatsapp-dev-${consumer}-late`, `whatsapp-dev-${consumer}-not-delivered`].includes(
            name,
          ),
        ),
    );
    expect(shared.sort()).toMatchInlineSnapshot(`
[
  "whatsapp-dev-events-failed",
  "whatsapp-dev-lost",
  "whatsapp-dev-not-authentic",
  "whatsapp-dev-not-deduplicated",
  "whatsapp-dev-session-restricted",
  "whatsapp-dev-sessions-offline",
  "whatsapp-dev-spill-late",
  "whatsapp-dev-watch-fails",
  "whatsapp-dev-webhooks-failed",
  "whatsapp-dev-webhooks-throttled",
]
`);
  });

  test.each([
    [{}, { MetricName: 'FailedWebhooks-dev' }, 'Throttled-dev'],
    [{ ingress: 'rest-api' }, { MetricName: 'FailedWebhooks-dev' }, 'Throttled-dev'],
    [
      { ingress: 'function-url' },
      {
        Metrics: Match.arrayWith([
          Match.objectLike({ Expression: 'crashed + refused' }),
          metricOf('AWS/Lambda', 'Errors'),
          metricOf('WhatsAppEventFanout', 'FailedWebhooks-dev'),
        ]),
      },
      'Throttles',
    ],
  ])('count 5xx and 429 that the API itself responds: %j', (context, failed, throttled) => {
    const from = synthesizeTemplate(context);
    from.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'whatsapp-dev-webhooks-failed',
      ...failed,
    });
    from.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'whatsapp-dev-webhooks-throttled',
      MetricName: throttled,
    });
    if (throttled !== 'Throttled-dev') {
      return;
    }
    // The access log writes the status as a text.
    from.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ $.status = "429" }',
      MetricTransformations: [
        { MetricName: throttled, MetricNamespace: 'WhatsAppEventFanout', MetricValue: '1' },
      ],
    });
  });

  test('do not fire without traffic, and notify when they return to OK', () => {
    expect(alarms.length).toBeGreaterThan(0);
    for (const { AlarmName, TreatMissingData, AlarmActions, OKActions } of alarms) {
      // The watch function runs without traffic too.
      const alwaysHasData = AlarmName === 'whatsapp-dev-watch-fails';
      expect(TreatMissingData).toBe(alwaysHasData ? 'breaching' : 'notBreaching');
      expect(AlarmActions).toHaveLength(1);
      expect(OKActions).toEqual(AlarmActions);
    }
  });

  test('notice that failed events are no longer counted, whether the function fails or does not run', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'whatsapp-dev-watch-fails',
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Statistic: 'Sum',
      // Twice the interval of the schedule, so that each period has an invocation.
      Period: 1_200,
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(10 minutes)',
      Targets: [
        Match.objectLike({
          RetryPolicy: { MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 0 },
        }),
      ],
    });
  });

  test('cost what docs/how-to/monitor.md says', () => {
    const page = readFileSync(new URL('../../../docs/how-to/monitor.md', import.meta.url), 'utf8');
    const billed = (rows: Readonly<Record<string, ConsumerRow>>) =>
      Object.values(
        Template.fromStack(createApp({}, rows).stack).findResources('AWS::CloudWatch::Alarm'),
      ).reduce((sum, { Properties }) => sum + metricsOf(Properties), 0);
    const groups: ConsumerRow = { kind: 'function', summary: 'Groups', categories: ['groups'] };
    const sessions: ConsumerRow = { ...groups, summary: 'Sessions', state: true };
    const handler = billed({ groups }) - billed({});
    const shared = billed({ sessions }) - handler;
    const dollars = [shared, handler].map((metrics) => `$${(metrics * 0.1).toFixed(2)}`);
    const printed =
      /cost (\$\S+) a month for what all consumers share and (\$\S+) for each function;/.exec(page);
    expect(printed?.slice(1)).toEqual(dollars);
    const direct = (Object.keys(withoutQueue) as (keyof typeof withoutQueue)[]).map((kind) => {
      const own = billed({ own: withoutQueue[kind] }) - billed({});
      return [kind, `$${(own * 0.1).toFixed(2)}`];
    });
    const [, cents, more] =
      /(\$\S+) for each\s+consumer of the kind `https`, `bus` or `target`, and (\$\S+) of the kind `firehose`/.exec(
        page,
      ) ?? [];
    const expected = { https: cents, bus: cents, firehose: more, target: cents };
    expect(Object.fromEntries(direct)).toEqual(expected);
  });

  test('watch all rules of the bus for lost events', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'whatsapp-dev-lost',
      Metrics: [
        Match.objectLike({
          Expression:
            'SELECT SUM(InvocationsFailedToBeSentToDlq) FROM SCHEMA("AWS/Events", EventBusName, RuleName) WHERE EventBusName = \'whatsapp-dev\'',
        }),
      ],
    });
  });

  test.each(Object.entries(withoutQueue))(
    'fire while EventBridge cannot deliver to a consumer of the kind %s, and not for a failure that passes',
    (_, row) => {
      const own = Template.fromStack(createApp({}, { own: row }).stack);
      const [rule] = Object.keys(
        own.findResources('AWS::Events::Rule', { Properties: { Name: 'whatsapp-dev-own' } }),
      );
      const arn = { 'Fn::GetAtt': [rule, 'Arn'] };
      own.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: 'whatsapp-dev-own-not-delivered',
        Namespace: 'AWS/Events',
        MetricName: 'RetryInvocationAttempts',
        Dimensions: [
          { Name: 'EventBusName', Value: 'whatsapp-dev' },
          { Name: 'RuleName', Value: { 'Fn::Select': [2, { 'Fn::Split': ['/', arn] }] } },
        ],
        Statistic: 'Sum',
        Threshold: 1,
        Period: 900,
        // A short failure can reach two periods: the end of one and the beginning of the next.
        EvaluationPeriods: 3,
      });
    },
  );

  test('fire if Firehose writes an event much later than its buffer may hold it', () => {
    const files = Template.fromStack(createApp({}, { files: withoutQueue.firehose }).stack);
    files.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'whatsapp-dev-files-late',
      Namespace: 'AWS/Firehose',
      MetricName: 'DeliveryToS3.DataFreshness',
      Dimensions: [{ Name: 'DeliveryStreamName', Value: 'whatsapp-dev-files' }],
      Statistic: 'Maximum',
      Threshold: 3_600,
    });
    files.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamName: 'whatsapp-dev-files',
    });
  });

  test('fire if deduplication stays unavailable, and only where there is deduplication', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'whatsapp-dev-not-deduplicated',
      Namespace: 'WhatsAppEventFanout',
      MetricName: 'Duplicates',
      Dimensions: [
        { Name: 'Result', Value: 'unavailable' },
        { Name: 'Stage', Value: 'dev' },
      ],
      Threshold: 1,
      Period: 900,
      EvaluationPeriods: 3,
    });
    const namesWith = (deduplicate: string) =>
      alarmsIn(synthesizeTemplate({ deduplicate })).map(({ AlarmName }) => AlarmName);
    expect(namesWith('message')).toContain('whatsapp-dev-not-deduplicated');
    expect(namesWith('none')).not.toContain('whatsapp-dev-not-deduplicated');
  });

  test('count offline sessions from the state, and may read nothing else of it', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'whatsapp-dev-sessions-offline',
      MetricName: 'SessionsOffline',
      Dimensions: [{ Name: 'Stage', Value: 'dev' }],
      EvaluationPeriods: 2,
      Period: 600,
    });
    const [watch, ...others] = statementsBelow(template, 'FanoutSessionWatchHandler').filter(
      ({ Action }) => !/logs:|sqs:GetQueueAttributes"$/.test(JSON.stringify(Action)),
    );
    expect(others).toEqual([]);
    expect(watch).toMatchObject({
      Action: 'dynamodb:Query',
      Condition: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['sessions#sessions'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });
    const without = Template.fromStack(createApp({}, {}).stack);
    expect(alarmsIn(without).map(({ AlarmName }) => AlarmName)).not.toContain(
      'whatsapp-dev-sessions-offline',
    );
  });

  test('can be turned off', () => {
    const off = synthesizeTemplate({ alarms: 'off' });
    off.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    off.resourceCountIs('AWS::SNS::Topic', 0);
  });

  test('use the age of the consumer’s row, or are absent', () => {
    const row: ConsumerRow = { kind: 'queue', summary: 'Calls', categories: ['calls'] };
    const of = (alarmAgeMinutes: number) =>
      Template.fromStack(createApp({}, { own: { ...row, alarmAgeMinutes } }).stack);
    of(90).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'whatsapp-dev-own-late',
      Threshold: 5_400,
    });
    expect(alarmsIn(of(0)).map(({ AlarmName }) => AlarmName)).not.toContain(
      'whatsapp-dev-own-late',
    );
  });

  test('of a consumer in another stack notify the same topic', () => {
    const stack = new Stack(new App(), 'Orders');
    WhatsAppEventBus.lookup(stack, 'WhatsApp', { stage: 'prod' }).addConsumer('orders', {
      kind: 'queue',
      summary: 'Orders',
      categories: ['messages'],
    });
    const other = Template.fromStack(stack);
    expect(alarmsIn(other).map(({ AlarmName }) => AlarmName)).toEqual([
      'whatsapp-prod-orders-events-failed',
    ]);
    for (const { AlarmActions } of alarmsIn(other)) {
      expect(JSON.stringify(AlarmActions)).toContain('whatsapp-prod-alarms');
    }
  });
});

describe('recipients', () => {
  test('are on a topic that only alarms of this account may publish to, with TLS', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny' }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: Match.anyValue(),
            },
          }),
        ],
      },
    });
  });

  test('are an e-mail address and a Slack channel, if they are set', () => {
    const reported = synthesizeTemplate({
      alarmEmail: 'ops@example.com',
      alarmSlackWorkspace: 'T012ABCDE',
      alarmSlackChannel: 'C0123ABCD',
    });
    reported.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
    reported.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      SlackWorkspaceId: 'T012ABCDE',
      SlackChannelId: 'C0123ABCD',
    });
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    template.resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 0);
  });

  test('need both settings of a Slack channel', () => {
    expect(() => synthesizeTemplate({ alarmSlackChannel: 'C0123ABCD' })).toThrow(
      'set both, or neither',
    );
  });
});

describe('the runbook', () => {
  const text = readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');
  const sections = text
    .split(/^## /m)
    .slice(1)
    .map((section) => ({ heading: section.split('\n')[0] ?? '', section }));
  const headings = sections.map(({ heading }) => heading);

  test.each(alarms)('$AlarmName names a heading of it', ({ AlarmDescription }) => {
    const heading = /docs\/runbook\.md, "([^"]+)"\.$/.exec(AlarmDescription)?.[1];
    expect(headings).toContain(heading);
  });

  test('has a heading only for existing alarms', () => {
    const named = (heading: string) =>
      alarms.some(({ AlarmDescription }) => AlarmDescription.endsWith(`"${heading}".`));
    expect(headings.filter((heading) => !named(heading))).toEqual([]);
    expect([...headings].sort()).toEqual([...Object.values(runbook)].sort());
  });

  test.each(sections)(
    '$heading: has what it means, how to look, and what to do, with commands',
    ({ section }) => {
      const parts = [...section.matchAll(/^### (.+)$/gm)].map(([, part]) => part);
      expect(parts).toEqual(['Description', 'Investigation', 'Resolution']);
      const [, investigation = '', resolution = ''] = section.split(/^### (?:Inv|Res)/m);
      for (const part of [investigation, resolution]) {
        expect(part).toMatch(/```sh\n[^`]+```/);
      }
    },
  );

  test('uses existing commands and options of fanout', () => {
    const lines = [...text.matchAll(/^npx fanout (.+)$/gm)].map(([, line = '']) => line);
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      let command = createProgram();
      for (const word of line.split(' ')) {
        const sub = command.commands.find((each) => each.name() === word);
        if (sub) {
          command = sub;
        }
      }
      const options = command.options.map(({ long }) => long);
      const used = [...line.matchAll(/ (--[a-z-]+)/g)].map(([, option]) => option);
      expect([line, command.name()]).not.toEqual([line, 'fanout']);
      expect([line, used.filter((option) => !options.includes(option))]).toEqual([line, []]);
    }
  });
});

/** What is behind the stage in the names of the queues that the watch counts. */
const watchedQueues = (from: Template): readonly string[] =>
  Object.values(from.findResources('AWS::Lambda::Function'))
    .find(({ Properties }) => Properties.FunctionName === 'whatsapp-dev-watch')
    ?.Properties.Environment.Variables.FAILURE_QUEUES.split(',') ?? [];

/** An alarm is billed for each metric that it looks at (Amazon CloudWatch pricing, "Alarms"). */
function metricsOf({ Metrics }: { readonly Metrics?: readonly object[] }): number {
  if (!Metrics) {
    return 1;
  }
  return Math.max(1, Metrics.filter((metric) => 'MetricStat' in metric).length);
}
