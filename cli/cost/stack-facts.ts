import { type CompiledPattern, compilePattern } from '@event-fanout/event-pattern';
import {
  numberOr,
  type Properties,
  referredId,
  resourcesOf,
  type TemplateJson,
} from './template-json.ts';

/** A function as its cost depends on it. */
export interface FunctionFacts {
  readonly name: string;
  readonly memoryMb: number;
  readonly environment: Properties;
  readonly isTraced: boolean;
}

/** What reads a queue. */
export interface PollerFacts {
  readonly functionId: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly hasMaximumConcurrency: boolean;
}

/** A queue with what is known of its reader. */
export interface QueueFacts {
  readonly name: string;
  /** Name of the consumer it belongs to, by its tag. */
  readonly consumer?: string;
  readonly poller?: PollerFacts;
  readonly hasDeadLetters: boolean;
}

/** A rule of the bus. */
export interface RuleFacts {
  readonly id: string;
  readonly pattern: CompiledPattern;
  /** Logical ids of targets, or their ARNs where they are not in the template. */
  readonly targets: readonly string[];
}

/** What costs money in a stack. */
export interface StackFacts {
  readonly frontDoor: 'http-api' | 'rest-api' | 'function-url';
  readonly hasAccessLog: boolean;
  /** Whether CloudWatch masks what is personal in the functions' logs. */
  readonly masksLogs: boolean;
  /** The function behind the front door. */
  readonly ingest: FunctionFacts;
  readonly functions: ReadonlyMap<string, FunctionFacts>;
  readonly queues: ReadonlyMap<string, QueueFacts>;
  readonly rules: readonly RuleFacts[];
  /** Type of each resource, by logical id. */
  readonly types: ReadonlyMap<string, string>;
  /** Days that the bus keeps events; 0 for none; Infinity for ever. */
  readonly archiveDays: number;
  /** Invocations a month by schedules. */
  readonly scheduledInvocations: number;
  readonly secrets: number;
  readonly alarmMetrics: number;
  readonly compositeAlarms: number;
  readonly dashboards: number;
  readonly keys: number;
  readonly webAcls: number;
  readonly webAclRules: number;
}

/**
 * Reads from a template what its cost depends on.
 *
 * @throws when nothing in it takes webhooks and puts events on a bus
 */
export function readStackFacts(template: TemplateJson): StackFacts {
  const functions = new Map(
    resourcesOf(template, 'AWS::Lambda::Function').map(([id, properties]) => [
      id,
      functionFacts(id, properties),
    ]),
  );
  const archives = resourcesOf(template, 'AWS::Events::Archive');
  const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm');
  const acls = resourcesOf(template, 'AWS::WAFv2::WebACL');
  return {
    ...frontDoorFacts(template, functions),
    functions,
    masksLogs: resourcesOf(template, 'AWS::Logs::LogGroup').some(
      ([, { DataProtectionPolicy }]) => DataProtectionPolicy !== undefined,
    ),
    queues: queueFacts(template),
    rules: resourcesOf(template, 'AWS::Events::Rule').flatMap(([id, rule]) => ruleFacts(id, rule)),
    types: new Map(Object.entries(template.Resources).map(([id, { Type }]) => [id, Type])),
    archiveDays: Math.max(
      0,
      ...archives.map(([, { RetentionDays }]) => numberOr(RetentionDays, 0) || Infinity),
    ),
    scheduledInvocations: resourcesOf(template, 'AWS::Events::Rule').reduce(
      (sum, [, { ScheduleExpression }]) => sum + invocationsAMonth(ScheduleExpression),
      0,
    ),
    secrets: resourcesOf(template, 'AWS::SecretsManager::Secret').length,
    alarmMetrics: alarms.reduce((sum, [, alarm]) => sum + metricsOf(alarm), 0),
    compositeAlarms: resourcesOf(template, 'AWS::CloudWatch::CompositeAlarm').length,
    dashboards: resourcesOf(template, 'AWS::CloudWatch::Dashboard').length,
    keys: resourcesOf(template, 'AWS::KMS::Key').length,
    webAcls: acls.length,
    webAclRules: acls.reduce(
      (sum, [, { Rules }]) => sum + (Array.isArray(Rules) ? Rules.length : 0),
      0,
    ),
  };
}

function functionFacts(id: string, properties: Properties): FunctionFacts {
  const { FunctionName, MemorySize, Environment, TracingConfig } = properties;
  return {
    name: typeof FunctionName === 'string' ? FunctionName : id,
    memoryMb: numberOr(MemorySize, 128),
    environment: ((Environment as Properties | undefined)?.Variables ?? {}) as Properties,
    isTraced: (TracingConfig as Properties | undefined)?.Mode === 'Active',
  };
}

/** Where requests come in, and the function that they reach. */
function frontDoorFacts(
  template: TemplateJson,
  functions: ReadonlyMap<string, FunctionFacts>,
): Pick<StackFacts, 'frontDoor' | 'hasAccessLog' | 'ingest'> {
  const doors = [
    ['http-api', 'AWS::ApiGatewayV2::Integration', 'IntegrationUri'],
    ['rest-api', 'AWS::ApiGateway::Method', 'Integration'],
    ['function-url', 'AWS::Lambda::Url', 'TargetFunctionArn'],
  ] as const;
  for (const [frontDoor, type, property] of doors) {
    for (const [, properties] of resourcesOf(template, type)) {
      const ingest = functionBehind(properties[property], functions);
      if (!ingest?.environment.BUS_NAME) continue;
      return { frontDoor, ingest, hasAccessLog: hasAccessLog(template) };
    }
  }
  throw new Error(
    'The template has no function behind an HTTP API, REST API or function URL that puts events on a bus. Is it a stack of this project?',
  );
}

/** Of several references in one value, that to a function. */
function functionBehind(
  value: unknown,
  functions: ReadonlyMap<string, FunctionFacts>,
): FunctionFacts | undefined {
  const text = JSON.stringify(value) ?? '';
  const id = [...functions.keys()].find((each) => text.includes(`"${each}"`));
  return id === undefined ? undefined : functions.get(id);
}

const hasAccessLog = (template: TemplateJson) =>
  [
    ...resourcesOf(template, 'AWS::ApiGatewayV2::Stage').map(
      ([, stage]) => stage.AccessLogSettings,
    ),
    ...resourcesOf(template, 'AWS::ApiGateway::Stage').map(([, stage]) => stage.AccessLogSetting),
  ].some((setting) => setting !== undefined);

function queueFacts(template: TemplateJson): ReadonlyMap<string, QueueFacts> {
  const pollers = new Map(
    resourcesOf(template, 'AWS::Lambda::EventSourceMapping').map(([, mapping]) => [
      referredId(mapping.EventSourceArn),
      {
        functionId: referredId(mapping.FunctionName) ?? '',
        batchSize: numberOr(mapping.BatchSize, 10),
        windowSeconds: numberOr(mapping.MaximumBatchingWindowInSeconds, 0),
        hasMaximumConcurrency: mapping.ScalingConfig !== undefined,
      },
    ]),
  );
  return new Map(
    resourcesOf(template, 'AWS::SQS::Queue').map(([id, { QueueName, Tags, RedrivePolicy }]) => {
      const tags = (Array.isArray(Tags) ? Tags : []) as { Key?: unknown; Value?: unknown }[];
      const consumer = tags.find(({ Key }) => Key === 'fanout:consumer')?.Value;
      const poller = pollers.get(id);
      return [
        id,
        {
          name: typeof QueueName === 'string' ? QueueName : id,
          ...(typeof consumer === 'string' ? { consumer } : {}),
          ...(poller ? { poller } : {}),
          hasDeadLetters: RedrivePolicy !== undefined,
        },
      ];
    }),
  );
}

function ruleFacts(id: string, { EventPattern, Targets, State }: Properties): RuleFacts[] {
  if (State === 'DISABLED' || typeof EventPattern !== 'object' || EventPattern === null) return [];
  const targets = (Array.isArray(Targets) ? Targets : []) as { Arn?: unknown }[];
  return [
    {
      id,
      pattern: compilePattern(EventPattern),
      targets: targets.map(({ Arn }) => referredId(Arn) ?? String(Arn)),
    },
  ];
}

/** How often a rate comes in a month of 730 hours; a cron expression counts as once an hour. */
function invocationsAMonth(schedule: unknown): number {
  if (typeof schedule !== 'string') return 0;
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  const hours = { minute: 1 / 60, hour: 1, day: 24 }[unit ?? 'hour'] ?? 1;
  return 730 / (Number(count ?? 1) * hours);
}

/** An alarm costs by the metrics that it looks at; one over an expression has several. */
function metricsOf({ Metrics }: Properties): number {
  if (!Array.isArray(Metrics)) return 1;
  return Math.max(
    1,
    (Metrics as { MetricStat?: unknown }[]).filter(({ MetricStat }) => MetricStat).length,
  );
}
