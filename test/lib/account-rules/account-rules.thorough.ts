import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { ConsumerRow } from '../../../lib/consumer-row.ts';
import { consumers } from '../../../lib/consumers.ts';
import { readSettings } from '../../../lib/read-settings.ts';
import { templateOf } from '../../../lib/template-of.ts';
import { everySetting } from '../every-setting.ts';
import { apiRules } from './api-rules.ts';
import { eventRules } from './event-rules.ts';
import { functionRules } from './function-rules.ts';
import { monitoringRules } from './monitoring-rules.ts';
import { policyRules } from './policy-rules.ts';
import { queueRules } from './queue-rules.ts';
import { type AccountRule, type Resource, type Resources, resolved } from './rule.ts';
import { storageRules } from './storage-rules.ts';
import { partitionRule, templateRules } from './template-rules.ts';

const rules = [
  ...apiRules,
  ...eventRules,
  ...functionRules,
  ...monitoringRules,
  ...policyRules,
  ...queueRules,
  ...storageRules,
  ...templateRules,
];

/** What an account would refuse of a template. */
function findingsIn(resources: Resources): readonly string[] {
  const texts = resolved(resources);
  return [
    ...rules.flatMap(({ name, check }) => check(texts).map((found) => `${name}: ${found}`)),
    ...partitionRule.check(resources).filter((found) => !isOfUser(found)),
  ];
}

/** ARNs that a user gives as a setting or in a row. */
const isOfUser = (found: string) => /:111122223333:|:210987654321:/.test(found);

const resourcesOf = (
  context: Readonly<Record<string, unknown>>,
  rows?: Readonly<Record<string, ConsumerRow>>,
) => (templateOf(context, rows) as { readonly Resources: Resources }).Resources;

const everyKind: Readonly<Record<string, ConsumerRow>> = {
  ...consumers,
  lake: { kind: 'firehose', summary: 'Files', categories: ['calls'] },
  crm: {
    kind: 'https',
    summary: 'An endpoint',
    categories: ['calls'],
    endpoint: 'https://example.com/hook',
  },
  other: {
    kind: 'bus',
    summary: 'Another bus',
    categories: ['calls'],
    busArn: 'arn:aws:events:us-east-1:210987654321:event-bus/other',
  },
  orders: {
    kind: 'function',
    summary: 'Orders',
    categories: ['messages'],
    entry: 'lambdas/consumers/messages.ts',
    idempotent: true,
    publishes: true,
    batchSize: 100,
    batchWindowSeconds: 5,
    timeoutSeconds: 900,
  },
  [`c${'x'.repeat(29)}`]: {
    kind: 'queue',
    summary: 'x'.repeat(400),
    categories: ['messages'],
    alarmAgeMinutes: 60,
    readableBy: ['210987654321'],
  },
};

describe('the rules of accounts', () => {
  test('have unique names, each with its source', () => {
    expect(rules.length).toBeGreaterThanOrEqual(40);
    for (const { source } of [...rules, partitionRule]) {
      expect(source).toMatch(/^[A-Z].+, ".+"/);
    }
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  });

  test.each([...rules, partitionRule].map((rule) => [rule.name, rule] as const))(
    'one finds what breaks it: %s',
    (_, { check, broken }: AccountRule) => {
      expect(check(resolved(broken))).not.toEqual([]);
    },
  );
});

const max = { stage: 'a-stage-of-twenty-le' };

describe('an account accepts the stack', () => {
  test.each([
    ['as it comes', {}, undefined],
    ['with the longest name of a stage', max, undefined],
    ['with a consumer of each kind, and the longest name of one', max, everyKind],
    [
      'with all of these and a key of the customer',
      { ...max, encryption: 'customer', dashboard: 'on' },
      everyKind,
    ],
  ])('%s', (_, context, rows) => {
    expect(findingsIn(resourcesOf(context, rows))).toEqual([]);
  });

  test.each(everySetting)('with another "%s": %j', (_, context) => {
    expect(findingsIn(resourcesOf(context))).toEqual([]);
  });
});

describe('a stack with a deliberate error is rejected:', () => {
  const stack = resourcesOf({ encryption: 'customer', dashboard: 'on' });
  const broken = (
    isMeant: (resource: Resource, id: string) => boolean,
    change: Partial<Resource>,
  ) =>
    findingsIn(
      Object.fromEntries(
        Object.entries(stack).map(([id, resource]) => [
          id,
          isMeant(resource, id)
            ? {
                ...resource,
                ...change,
                Properties: { ...resource.Properties, ...change.Properties },
              }
            : resource,
        ]),
      ),
    ).join('\n');
  const isRule = ({ Type, Properties }: Resource) =>
    Type === 'AWS::Events::Rule' && Properties.EventBusName !== undefined;

  test.each([
    ['a rule that waits for no policy', isRule, { DependsOn: [] }, 'does not wait for'],
    ['a rule of another name', isRule, { Properties: { Name: 'mine' } }, 'is not let into'],
    [
      'a key that lets no service in',
      ({ Type }: Resource) => Type === 'AWS::KMS::Key',
      { Properties: { KeyPolicy: { Statement: [] } } },
      'lets events.amazonaws.com in',
    ],
    [
      'a role that decrypts by itself',
      ({ Type }: Resource) => Type === 'AWS::IAM::Policy',
      {
        Properties: {
          PolicyDocument: {
            Statement: [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: 'k' }],
          },
        },
      },
      'only through a service',
    ],
    [
      'a queue that any service may send to',
      ({ Type }: Resource) => Type === 'AWS::SQS::QueuePolicy',
      {
        Properties: {
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'events.amazonaws.com' },
                Action: 'sqs:SendMessage',
              },
            ],
          },
        },
      },
      'a service is let in only for',
    ],
    [
      'messages that are hidden too briefly',
      ({ Properties }: Resource) => Properties?.VisibilityTimeout !== undefined,
      { Properties: { VisibilityTimeout: 30 } },
      'seconds',
    ],
    [
      'a table that outlives a failed creation',
      ({ Type }: Resource) => Type === 'AWS::DynamoDB::Table',
      { DeletionPolicy: 'Retain' },
      'does not outlive',
    ],
    [
      'an access log elsewhere',
      (_: Resource, id: string) => id.includes('AccessLogs'),
      { Properties: { LogGroupName: '/aws/apigateway/mine' } },
      'is under /aws/vendedlogs/',
    ],
  ])('%s', (_, isMeant, change, found) => {
    expect(broken(isMeant, change)).toContain(found);
  });
});

const hasLinter = spawnSync('cfn-lint', ['--version']).status === 0;
if (!hasLinter) {
  console.warn('cfn-lint is not on this machine: its rules are not asked.');
}

/**
 * Few stacks that together have {@link everySetting}: cfn-lint takes more than a second for each. Settings that turn
 * something off are not combined with others, which could then have no effect.
 */
function combined(): readonly Readonly<Record<string, unknown>>[] {
  const stacks: Record<string, unknown>[] = [];
  for (const [, context] of everySetting) {
    const fits = (stack: Record<string, unknown>) =>
      turnsOff(stack) === turnsOff(context) &&
      Object.keys(context).every((name) => !(name in stack)) &&
      isAccepted({ ...stack, ...context });
    const stack = stacks.find(fits);
    if (stack) {
      Object.assign(stack, context);
    } else {
      stacks.push({ ...context });
    }
  }
  return [{}, ...stacks];
}

const turnsOff = (context: Readonly<Record<string, unknown>>) =>
  Object.values(context).some((value) => value === 'off' || value === 'none' || value === 0);

/** Whether settings may be combined. */
function isAccepted(context: Readonly<Record<string, unknown>>): boolean {
  try {
    readSettings((name) => context[name]);
    return true;
  } catch {
    return false;
  }
}

(hasLinter ? test : test.skip)('cfn-lint finds no error in the stack with any setting', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fanout-lint-'));
  try {
    const files = combined().map((context, index) => {
      const file = join(folder, `${index}.template.json`);
      writeFileSync(file, JSON.stringify(templateOf(context)));
      return file;
    });
    // Warnings are of what CDK writes: dependencies that a reference says anyway.
    const { status, stdout } = spawnSync(
      'cfn-lint',
      ['--non-zero-exit-code', 'error', '--ignore-checks', 'W', '--', ...files],
      { encoding: 'utf8' },
    );
    expect([status, stdout]).toEqual([0, '']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
