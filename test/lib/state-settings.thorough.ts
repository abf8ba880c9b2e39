import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { synthesizeTemplate } from './synthesize-app.ts';

const variablesOf = (template: Template, name: string) => {
  const functions = template.findResources('AWS::Lambda::Function', {
    Properties: { FunctionName: `whatsapp-dev-${name}` },
  });
  return Object.values(functions)[0]?.Properties.Environment.Variables;
};

describe('the setting "state"', () => {
  test('with none there is no state table, and nobody may touch one', () => {
    const template = synthesizeTemplate({ state: 'none' });
    const tables = Object.values(template.findResources('AWS::DynamoDB::Table'));
    expect(tables.map(({ Properties }) => Properties.TableName)).toEqual([
      'whatsapp-dev-ledger',
      'whatsapp-dev-identities',
    ]);
    expect(JSON.stringify(template.toJSON())).not.toContain('#*');
  });

  test('as it comes messages keep none, for it costs more than their delivery; the others do', () => {
    const template = synthesizeTemplate();
    expect(variablesOf(template, 'messages').STATE_TABLE).toBeUndefined();
    for (const name of ['groups', 'calls', 'labels', 'sessions']) {
      expect(variablesOf(template, name).STATE_TABLE).toHaveProperty('Ref');
    }
    const all = synthesizeTemplate({ state: 'all' });
    expect(variablesOf(all, 'messages').STATE_TABLE).toHaveProperty('Ref');
  });

  test('with names those keep state and the others do not', () => {
    const template = synthesizeTemplate({ state: 'calls,groups' });
    expect(variablesOf(template, 'calls').STATE_TABLE).toHaveProperty('Ref');
    expect(variablesOf(template, 'messages').STATE_TABLE).toBeUndefined();
  });

  test('a misspelt name is refused', () => {
    expect(() => synthesizeTemplate({ state: 'calls,massages' })).toThrow(
      'The setting "state" names massages, which no consumer with state is called',
    );
  });
});

describe('the setting "stateBatchSeconds"', () => {
  const windowOf = (template: Template, name: string) => {
    const [queue] = Object.keys(
      template.findResources('AWS::SQS::Queue', {
        Properties: { QueueName: `whatsapp-dev-${name}` },
      }),
    );
    const mappings = template.findResources('AWS::Lambda::EventSourceMapping', {
      Properties: { EventSourceArn: { 'Fn::GetAtt': [queue, 'Arn'] } },
    });
    return Object.values(mappings)[0]?.Properties.MaximumBatchingWindowInSeconds;
  };

  test('is how long batches of state wait, but not those of calls', () => {
    const patient = synthesizeTemplate({ stateBatchSeconds: 20 });
    expect(windowOf(patient, 'groups')).toBe(20);
    expect(windowOf(patient, 'calls')).toBeUndefined();
    expect(windowOf(synthesizeTemplate({ stateBatchSeconds: 0 }), 'groups')).toBeUndefined();
  });
});
