import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { deployPolicy } from '../../../tools/docs/deploy-policy.ts';
import { keptTemplate } from '../../lib/kept-template.ts';

/**
 * What CloudFormation calls to create, read, update and delete a resource of each type: `handlers.*.permissions`
 * of the types' schemas (CloudFormation User Guide, "CloudFormation registry"), as of 2026-08-07.
 */
const permissions = JSON.parse(
  readFileSync(new URL('handler-permissions.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, readonly string[]>>;

/** What is called for settings of a type that no resource of this stack has. */
const notCalled: readonly (readonly [RegExp, reason: string])[] = [
  [/^(kinesis|ec2|elasticfilesystem|s3files|s3tables|cognito-idp):/, 'no stream, network or mount'],
  [
    /^(amplify|apprunner|appsync|bedrock-agentcore|elasticloadbalancing):/,
    'the firewall guards an API',
  ],
  [/^iam:\w*(Group|User)Policy$/, 'policies are of roles'],
  [/^iam:\w*PermissionsBoundary$/, 'roles have none'],
  [/^s3:(GetObjectMetadata|GetObjectVersion|PutObjectAcl|DeleteObject)$/, 'no import, no emptying'],
  [/^s3:REST\./, 'no action of IAM'],
];

/** Actions without a resource of their own (Service Authorization Reference). */
const withoutResource = [
  'kms:CreateKey',
  'lambda:CreateEventSourceMapping',
  'secretsmanager:GetRandomPassword',
];

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const statements = (
  deployPolicy(Object.keys(permissions)) as { readonly Statement: readonly Statement[] }
).Statement;

const allows = ({ Action }: Statement, action: string) =>
  [Action].flat().some((each) => new RegExp(`^${each.replaceAll('*', '.*')}$`, 'i').test(action));

describe('the policy that CloudFormation deploys with', () => {
  test.each(Object.entries(permissions))('allows it to create %s', (_, actions) => {
    const missing = actions.filter(
      (action) =>
        !notCalled.some(([shape]) => shape.test(action)) &&
        !statements.some((statement) => allows(statement, action)),
    );
    expect(missing).toEqual([]);
  });

  test('is checked for every type of resource that the stack has with some setting', async () => {
    const templates = await Promise.all(
      [{}, { ingress: 'rest-api', dashboard: 'on' }, { ingress: 'function-url' }].map(keptTemplate),
    );
    const types = templates.flatMap(({ Resources }) =>
      Object.values(Resources).map(({ Type }) => Type),
    );
    const unknown = new Set(types.filter((type) => !Object.hasOwn(permissions, type)));
    expect([...unknown]).toEqual([]);
  });

  test.each(withoutResource)(
    'grants %s on all resources, because it cannot be limited to one',
    (action) => {
      const granting = statements.filter((statement) => allows(statement, action));
      expect(granting.some(({ Resource }) => [Resource].flat().includes('*'))).toBe(true);
    },
  );

  test.each(notCalled)('leaves out %s, which some type lists: %s', (shape) => {
    const all = Object.values(permissions).flat();
    expect(all.some((action) => shape.test(action))).toBe(true);
  });
});
