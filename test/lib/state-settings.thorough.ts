import { describe, expect, test } from '@jest/globals';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { createApp, synthesizeTemplate } from './synthesize-app.ts';

const variablesOf = (template: Template, name: string) => {
  const functions = template.findResources('AWS::Lambda::Function', {
    Properties: { FunctionName: `whatsapp-dev-${name}` },
  });
  return Object.values(functions)[0]?.Properties.Environment.Variables;
};

describe('the setting "state"', () => {
  test('with none there is no state table, and no permission for one', () => {
    const template = synthesizeTemplate({ state: 'none' });
    const tables = Object.values(template.findResources('AWS::DynamoDB::Table'));
    expect(tables.map(({ Properties }) => Properties.TableName)).toEqual([
      'whatsapp-dev-deduplication',
      'whatsapp-dev-identities',
    ]);
    expect(JSON.stringify(template.toJSON())).not.toContain('#*');
  });

  test('by default all consumers that can have state have it, and synth prints the price for messages', () => {
    const { stack } = createApp();
    const template = Template.fromStack(stack);
    for (const name of ['messages', 'groups', 'calls', 'labels', 'sessions']) {
      expect(variablesOf(template, name).STATE_TABLE).toHaveProperty('Ref');
    }
    const price = Match.stringLikeRegexp('^state of messages: about \\$\\d\\.\\d\\d a million;');
    Annotations.fromStack(stack).hasInfo('*', price);
  });

  test('without state of messages synth prints no price', () => {
    const { stack } = createApp({ state: 'groups,calls' });
    Annotations.fromStack(stack).hasNoInfo('*', Match.stringLikeRegexp('state of messages'));
  });

  test('with names only these have state', () => {
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

  test('is the batch window of consumers with state, except calls', () => {
    const patient = synthesizeTemplate({ stateBatchSeconds: 20 });
    expect(windowOf(patient, 'groups')).toBe(20);
    expect(windowOf(patient, 'calls')).toBeUndefined();
    expect(windowOf(synthesizeTemplate({ stateBatchSeconds: 0 }), 'groups')).toBeUndefined();
  });
});
