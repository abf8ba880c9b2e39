import {
  type AccountRule,
  each,
  isLike,
  of,
  type Resources,
  repeated,
  type Statement,
  shaped,
  within,
} from './rule.ts';

const alarm = 'AWS::CloudWatch::Alarm';
const dashboard = 'AWS::CloudWatch::Dashboard';
const logGroup = 'AWS::Logs::LogGroup';
const quotas = 'CloudWatch User Guide, "CloudWatch service quotas"';
const putAlarm = 'CloudWatch API Reference, "PutMetricAlarm"';

interface AlarmMetric {
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly Period?: number;
  readonly MetricStat?: { readonly Period: number };
}

const periodsOf = ({
  Period,
  Metrics = [],
}: {
  readonly Period?: number;
  readonly Metrics?: readonly AlarmMetric[];
}) =>
  [Period, ...Metrics.flatMap((metric) => [metric.Period, metric.MetricStat?.Period])].filter(
    (period) => period !== undefined,
  );

interface DashboardWidget {
  readonly properties: {
    readonly metrics?: readonly unknown[];
    readonly alarms?: readonly unknown[];
  };
}

const widgetsOf = (body: string) =>
  (JSON.parse(body) as { readonly widgets: readonly DashboardWidget[] }).widgets;
const metricsOf = (body: string) =>
  widgetsOf(body).map(({ properties }) => properties.metrics?.length ?? 0);
const bodyWith = (widgets: number, metrics: number) =>
  JSON.stringify({
    widgets: Array.from({ length: widgets }, () => ({
      properties: { metrics: Array.from({ length: metrics }, () => []) },
    })),
  });

/** The statements of the policy of the key that a resource names. */
const keyStatements = (resources: Resources, key: unknown): readonly Statement[] =>
  of(resources, 'AWS::KMS::Key')
    .filter(([id]) => String(key).includes(id))
    .flatMap(([, { KeyPolicy }]) => KeyPolicy.Statement);

/** A rule that the key of each resource of a type lets a service in. */
const letsIn = (type: string, property: string, service: string, source: string): AccountRule => ({
  name: `${type}: a customer’s key lets ${service} in`,
  source,
  check: (resources) =>
    of(resources, type).flatMap(([id, properties]) => {
      const key = properties[property];
      if (!key || !String(key).startsWith('arn:')) {
        return [];
      }
      const isIn = keyStatements(resources, key).some(
        ({ Principal, Action }) =>
          JSON.stringify(Principal).includes(`"${service}`) &&
          [Action].flat().some((action) => isLike('kms:GenerateDataKey', action)),
      );
      return isIn ? [] : [`${id} (${property})`];
    }),
  broken: {
    Key: {
      Type: 'AWS::KMS::Key',
      Properties: { KeyPolicy: { Statement: [{ Principal: { AWS: 'root' }, Action: 'kms:*' }] } },
    },
    Broken: { Type: type, Properties: { [property]: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
  },
});

/** Rules on alarms, dashboards, logs and topics. */
export const monitoringRules: readonly AccountRule[] = [
  each(
    alarm,
    'a name has 255 characters at most',
    putAlarm,
    ({ AlarmName = '' }) => AlarmName.length <= 255,
    { AlarmName: 'x'.repeat(256) },
  ),
  each(
    alarm,
    'a description has 1,024 characters at most',
    putAlarm,
    ({ AlarmDescription = '' }) => AlarmDescription.length <= 1_024,
    { AlarmDescription: 'x'.repeat(1_025) },
  ),
  each(
    alarm,
    'a period is 10, 20 or 30 seconds, or whole minutes',
    putAlarm,
    (properties) =>
      periodsOf(properties).every((period) => [10, 20, 30].includes(period) || period % 60 === 0),
    { Period: 90 },
  ),
  each(
    alarm,
    'looks at one day at most, or seven where a period has an hour',
    putAlarm,
    (properties) =>
      periodsOf(properties).every(
        (period) => period * properties.EvaluationPeriods <= (period >= 3_600 ? 604_800 : 86_400),
      ),
    { Period: 300, EvaluationPeriods: 289 },
  ),
  each(
    alarm,
    'has no more data points to alarm than periods',
    putAlarm,
    ({ DatapointsToAlarm, EvaluationPeriods }) => within(DatapointsToAlarm, 1, EvaluationPeriods),
    { DatapointsToAlarm: 3, EvaluationPeriods: 2 },
  ),
  each(
    alarm,
    'metric math has ten metrics at most, of which one is returned',
    'CloudWatch User Guide, "Create an alarm based on a metric math expression"',
    ({ Metrics }) =>
      !Metrics ||
      (Metrics.filter(({ MetricStat }: AlarmMetric) => MetricStat).length <= 10 &&
        Metrics.filter(({ ReturnData }: AlarmMetric) => ReturnData !== false).length === 1),
    { Metrics: [{}, {}], EvaluationPeriods: 1 },
  ),
  each(
    alarm,
    'metric math has no SEARCH, which returns several series',
    'CloudWatch User Guide, "Using search expressions in graphs"',
    ({ Metrics = [] }) =>
      !Metrics.some(({ Expression = '' }: AlarmMetric) => /\bSEARCH\s*\(/.test(Expression)),
    { Metrics: [{ Expression: "SEARCH('x')" }], EvaluationPeriods: 1 },
  ),
  each(
    alarm,
    'has five actions at most for a state',
    putAlarm,
    ({ AlarmActions = [], OKActions = [] }) => AlarmActions.length <= 5 && OKActions.length <= 5,
    { AlarmActions: Array.from({ length: 6 }, () => 'a') },
  ),
  each(
    alarm,
    'notifies somebody, and says what its state is without data',
    'CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data"',
    ({ AlarmActions = [], TreatMissingData: missing }) =>
      AlarmActions.length > 0 && ['breaching', 'notBreaching'].includes(missing),
    {},
  ),
  each(
    dashboard,
    'a name has 1 to 255 letters, digits, - and _',
    'CloudWatch API Reference, "PutDashboard"',
    ({ DashboardName }) => shaped(DashboardName, /^[\w-]{1,255}$/),
    { DashboardName: 'a.b', DashboardBody: '{"widgets":[]}' },
  ),
  each(
    dashboard,
    'a name has the region, for dashboards are global in an account',
    'CloudWatch User Guide, "Using Amazon CloudWatch dashboards"',
    ({ DashboardName = '' }) => DashboardName.includes('ap-southeast-4'),
    { DashboardName: 'one', DashboardBody: '{"widgets":[]}' },
  ),
  each(
    dashboard,
    'has 500 widgets at most, with 500 metrics each and 2,500 together',
    quotas,
    ({ DashboardBody: body }) =>
      widgetsOf(body).length <= 500 &&
      metricsOf(body).every((count) => count <= 500) &&
      metricsOf(body).reduce((sum, count) => sum + count, 0) <= 2_500,
    { DashboardBody: bodyWith(6, 500) },
  ),
  each(
    dashboard,
    'a widget of alarms has 100 at most',
    'CloudWatch API Reference, "Dashboard body structure and syntax", alarm widget',
    ({ DashboardBody: body }) =>
      widgetsOf(body).every(({ properties }) => (properties.alarms?.length ?? 0) <= 100),
    {
      DashboardBody: JSON.stringify({
        widgets: [{ properties: { alarms: Array.from({ length: 101 }, () => 'a') } }],
      }),
    },
  ),
  each(
    logGroup,
    'a name has 1 to 512 letters, digits and . - _ / #',
    'CloudWatch Logs API Reference, "CreateLogGroup"',
    ({ LogGroupName: name }) => shaped(name, /^[.\-_/#A-Za-z0-9]{1,512}$/),
    { LogGroupName: 'a b' },
  ),
  each(
    logGroup,
    'is kept for a number of days that there is, not for ever, as it is without one',
    'CloudWatch Logs API Reference, "PutRetentionPolicy"',
    ({ RetentionInDays: days }) =>
      [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
        3288, 3653,
      ].includes(days),
    { RetentionInDays: 10 },
  ),
  {
    name: 'an API’s access log is under /aws/vendedlogs/, or each lengthens the account’s one delivery policy of 5,120 characters',
    source:
      'CloudWatch Logs User Guide, "Enable logging from AWS services", Log group resource policy size limit considerations',
    check: (resources) =>
      ['AWS::ApiGatewayV2::Stage', 'AWS::ApiGateway::Stage']
        .flatMap((type) => of(resources, type))
        .flatMap(([id, { AccessLogSettings, AccessLogSetting }]) => {
          const arn = (AccessLogSettings ?? AccessLogSetting)?.DestinationArn;
          if (arn === undefined) {
            return [];
          }
          const found = of(resources, logGroup).find(([group]) => arn.includes(group));
          return found?.[1].LogGroupName?.startsWith('/aws/vendedlogs/') ? [] : [id];
        }),
    broken: {
      Group: { Type: logGroup, Properties: { LogGroupName: '/aws/apigateway/x' } },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { AccessLogSettings: { DestinationArn: { 'Fn::GetAtt': ['Group', 'Arn'] } } },
      },
    },
  },
  each(
    logGroup,
    'a data protection policy has ten identifiers of its own at most, of 200 characters that there are',
    'CloudWatch Logs User Guide, "Custom data identifier constraints"',
    ({ DataProtectionPolicy: policy }) => {
      const own: readonly { readonly Regex: string }[] =
        policy?.Configuration?.CustomDataIdentifier ?? [];
      return (
        own.length <= 10 &&
        own.every(({ Regex }) => /^[\w\s#=@/;,\-?$^{}[\].*+|\\]{1,200}$/.test(Regex))
      );
    },
    { DataProtectionPolicy: { Configuration: { CustomDataIdentifier: [{ Regex: '(a)' }] } } },
  ),
  each(
    'AWS::Logs::MetricFilter',
    'has one transformation, into a namespace and a name without : and *',
    'CloudWatch Logs API Reference, "MetricTransformation"',
    ({ MetricTransformations: all, FilterPattern = '' }) =>
      all.length === 1 &&
      FilterPattern.length <= 1_024 &&
      /^[^:*$]{1,255}$/.test(all[0].MetricName) &&
      /^[^:*$]{1,255}$/.test(all[0].MetricNamespace),
    { MetricTransformations: [] },
  ),
  each(
    'AWS::SNS::Topic',
    'a name has 1 to 256 letters, digits, - and _, a display name 100 characters',
    'SNS API Reference, "CreateTopic"',
    ({ TopicName, DisplayName = '' }) =>
      shaped(TopicName, /^[\w-]{1,256}$/) && DisplayName.length <= 100,
    { TopicName: 'a.b' },
  ),
  each(
    'AWS::Chatbot::SlackChannelConfiguration',
    'a name has 1 to 128 letters, digits, - and _, and the ids are Slack’s',
    'CloudFormation User Guide, "AWS::Chatbot::SlackChannelConfiguration"',
    ({ ConfigurationName: name, SlackChannelId: channel, SlackWorkspaceId: workspace }) =>
      shaped(name, /^[\w-]{1,128}$/) &&
      shaped(channel, /^[A-Za-z0-9]{1,256}$/) &&
      shaped(workspace, /^[0-9A-Z]{1,255}$/),
    { ConfigurationName: 'a b' },
  ),
  {
    name: 'no name of an alarm is there twice, or one takes the place of the other',
    source: putAlarm,
    check: (resources) => repeated(of(resources, alarm).map(([, { AlarmName }]) => AlarmName)),
    broken: {
      One: { Type: alarm, Properties: { AlarmName: 'a' } },
      Two: { Type: alarm, Properties: { AlarmName: 'a' } },
    },
  },
  letsIn(
    'AWS::SQS::Queue',
    'KmsMasterKeyId',
    'events.amazonaws.com',
    'SQS Developer Guide, "Configuring KMS permissions for AWS services"',
  ),
  letsIn(
    'AWS::SNS::Topic',
    'KmsMasterKeyId',
    'cloudwatch.amazonaws.com',
    'CloudWatch User Guide, "Notifying users on alarm changes", encrypted topics',
  ),
  letsIn(
    logGroup,
    'KmsKeyId',
    'logs.',
    'CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS"',
  ),
  letsIn(
    'AWS::Events::EventBus',
    'KmsKeyIdentifier',
    'events.amazonaws.com',
    'EventBridge User Guide, "Encrypting EventBridge event buses with AWS KMS keys"',
  ),
];
