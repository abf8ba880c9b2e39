import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ConsumerRow } from '../../lib/consumer-row.ts';
import { consumers } from '../../lib/consumers.ts';
import { FanoutStack } from '../../lib/fanout-stack.ts';
import { readSettings } from '../../lib/read-settings.ts';
import type { Resources } from './account-rules/rule.ts';
import { partitionRule } from './account-rules/template-rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** With each kind of consumer that exists in every partition. */
const rows: Readonly<Record<string, ConsumerRow>> = {
  ...consumers,
  lake: { kind: 'firehose', summary: 'Files', categories: ['calls'] },
  shop: { kind: 'queue', summary: 'Shop', categories: ['calls'], readableBy: ['210987654321'] },
};

/** Hosts in conditions on keys stand there in both spellings that AWS documents. */
const isOfKeys = /: (dynamodb|s3|secretsmanager|sqs)\.[\w-]+\.amazonaws\.com$/;

describe.each([
  ['China', 'cn-north-1'],
  ['AWS GovCloud (US)', 'us-gov-west-1'],
  ['the AWS European Sovereign Cloud', 'eusc-de-east-1'],
])('in %s', (_, region) => {
  test.each([
    ['as it comes', {}],
    [
      'with a REST API, a key of the customer and a bus that others share',
      {
        ingress: 'rest-api',
        encryption: 'customer',
        shareBusWith: '111122223333',
        dashboard: 'on',
      },
    ],
  ])('a stack whose region is known names no other partition, %s', (_title, context) => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const given: Readonly<Record<string, unknown>> = context;
    const stack = new FanoutStack(app, 'Stack', {
      settings: readSettings((name) => given[name]),
      consumers: rows,
      env: { region, account: '111122223333' },
    });
    const { Resources } = Template.fromStack(stack).toJSON() as { readonly Resources: Resources };
    expect(Object.keys(Resources).length).toBeGreaterThan(100);
    expect(partitionRule.check(Resources).filter((each) => !isOfKeys.test(each))).toEqual([]);
    expect(JSON.stringify(Resources)).toContain(`:events:${region}:111122223333:`);
  });
});

/** Files below folders of the project, except what only tests the project. */
const filesIn = (folders: readonly string[], ending: RegExp) =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && ending.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !/\/(test|node_modules|runs)\//.test(path)),
  );

const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .map((line, index) => [`${relative(root, path)}:${index + 1}`, line] as const);

/** Service principals are the same in every partition, and so is one spelling of the hosts in KMS's conditions. */
const sameEverywhere = [
  /'(apigateway|cloudwatch|events|firehose|lambda)\.amazonaws\.com'/g,
  /\$\{service\}\.\$\{region\}\.amazonaws\.com/g,
];

test('no code names a partition in an ARN, or a host of one', () => {
  const found = filesIn(['bin', 'cli', 'console', 'events', 'lambdas', 'lib', 'ops'], /\.tsx?$/)
    .flatMap(linesOf)
    // Comments show examples.
    .filter(([, line]) => !/^\s*(\*|\/\/|\/\*)/.test(line))
    .filter(([, line]) =>
      /arn:aws[\w-]*:|amazonaws\.(com|eu)/.test(
        sameEverywhere.reduce((text, each) => text.replaceAll(each, ''), line),
      ),
    );
  expect(found.map(([where]) => where)).toEqual([]);
});

test('no command of a document names a partition, except in the policy that names its own', () => {
  const found = filesIn(['docs', 'examples'], /\.md$/)
    .filter((path) => !path.endsWith('docs/deploying.md'))
    .flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/^```sh\n(.*?)^```/gms)]
        .map(([, block = '']) => block)
        // Of a layer there is one ARN for each region.
        .filter((block) => /arn:aws(?!:lambda:[\w-]+:…)/.test(block))
        .map(() => relative(root, path)),
    );
  expect(found).toEqual([]);
});
