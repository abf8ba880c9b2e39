import { describe, expect, test } from '@jest/globals';
import { deployPolicy, servicesIn } from '../../../tools/docs/deploy-policy.ts';
import type { DocumentedTemplate } from '../../../tools/docs/stack-pages.ts';
import { permissionsPage, removalPage } from '../../../tools/docs/stack-pages.ts';
import { keptTemplate } from '../../lib/kept-template.ts';

const template = (await keptTemplate()) as unknown as DocumentedTemplate;
const typesOf = ({ Resources }: DocumentedTemplate) =>
  Object.values(Resources).map(({ Type }) => Type);

describe('the page of permissions', () => {
  const page = permissionsPage(template);

  test('names every function, and every action that its role allows', () => {
    for (const { Type, Properties } of Object.values(template.Resources)) {
      if (Type === 'AWS::Lambda::Function') {
        expect(page).toContain(
          `\`${String(Properties?.FunctionName).replace('whatsapp-dev-', '')}\``,
        );
      }
      if (Type !== 'AWS::IAM::Policy') {
        continue;
      }
      for (const [, action] of JSON.stringify(Properties).matchAll(
        /"[a-z0-9-]+:([A-Z][A-Za-z]+)"/g,
      )) {
        expect(page).toContain(action);
      }
    }
  });

  test('can be read on one screen', () => {
    expect(page.split('\n').length).toBeLessThan(30);
  });
});

describe('the policy to deploy with', () => {
  test('has a statement for each service of the stack, and fits into a managed policy', () => {
    const policy = deployPolicy(typesOf(template));
    const text = JSON.stringify(policy);
    // IAM User Guide, "IAM and AWS STS quotas": 6,144 characters without white space.
    expect(text.length).toBeLessThan(6_144);
    expect(servicesIn(typesOf(template)).length).toBeGreaterThan(10);
    expect(text).not.toContain('"Action":"*"');
  });

  test('fails for an unknown service', () => {
    expect(() => deployPolicy(['AWS::Braket::QuantumTask'])).toThrow('resources of Braket');
  });
});

describe('the page of retained resources', () => {
  test('gives a reason for everything that outlives its stack, and fails where there is none', () => {
    const odd = {
      Resources: { Fleet: { Type: 'AWS::EC2::EC2Fleet', DeletionPolicy: 'Retain' } },
    };
    expect(() => removalPage(template, odd)).toThrow('AWS::EC2::EC2Fleet outlives its stack');
  });
});
