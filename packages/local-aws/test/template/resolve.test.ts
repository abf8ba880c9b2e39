import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { orderResources } from '../../src/template/create-stack.ts';
import { type ResolveScope, resolve } from '../../src/template/resolve.ts';
import type { Template } from '../../src/template/template.ts';

const scope = (template: Template = {}): ResolveScope => ({
  template,
  parameters: new Map<string, unknown>([
    ['AWS::Region', 'eu-west-1'],
    ['AWS::Partition', 'aws'],
    ['Stage', 'prod'],
  ]),
  created: new Map([
    ['Queue', { ref: 'http://queue', attributes: { Arn: 'arn:queue', 'Nested.Value': 7 } }],
  ]),
  exports: new Map([['shared-bus', 'arn:bus']]),
  stackOutputs: new Map([['Shared.BusName', 'orders']]),
});

const conditions: Template = {
  Conditions: {
    IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
    IsNotProd: { 'Fn::Not': [{ Condition: 'IsProd' }] },
    Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsNotProd' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsNotProd' }] },
  },
  Mappings: { Regions: { 'eu-west-1': { zone: 'Ireland' } } },
};

describe('intrinsic functions', () => {
  test.each<[string, unknown, unknown]>([
    ['Ref of a parameter', { Ref: 'Stage' }, 'prod'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['Ref of a resource', { Ref: 'Queue' }, 'http://queue'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:queue'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Queue.Nested.Value' }, 7],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Stage' }]] }, 'a-prod'],
    ['Fn::Split and Fn::Select', { 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b'] }] }, 'b'],
    [
      'Fn::Sub',
      { 'Fn::Sub': 'x-${Stage}-${Queue.Arn}-${!Literal}' },
      'x-prod-arn:queue-${Literal}',
    ],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${a}', { a: { Ref: 'Stage' } }] }, 'prod'],
    ['Fn::If, first branch', { 'Fn::If': ['IsProd', 1, 2] }, 1],
    ['Fn::If, second branch', { 'Fn::If': ['IsNotProd', 1, 2] }, 2],
    ['Fn::If with Fn::And', { 'Fn::If': ['Both', 1, 2] }, 2],
    ['Fn::If with Fn::Or', { 'Fn::If': ['Either', 1, 2] }, 1],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'zone'] }, 'Ireland'],
    ['Fn::Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
    ['Fn::ImportValue', { 'Fn::ImportValue': 'shared-bus' }, 'arn:bus'],
    [
      'Fn::GetStackOutput',
      { 'Fn::GetStackOutput': { StackName: 'Shared', OutputName: 'BusName' } },
      'orders',
    ],
    ['Fn::ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'Stage' } } }, '{"a":"prod"}'],
    ['AWS::NoValue', { a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
  ])('%s', (_name, value, expected) => {
    expect(resolve(value, scope(conditions), 'Here')).toEqual(expected);
  });

  test('a reference to nothing is reported with its place and its name', () => {
    expect(() => resolve({ Ref: 'Nowhere' }, scope(), 'Rule')).toThrow(/^Rule: refers to Nowhere/);
    expect(() => resolve({ 'Fn::GetAtt': ['Queue', 'Colour'] }, scope(), 'Rule')).toThrow(
      'Rule: refers to the attribute Colour of Queue, which the local run does not have',
    );
    expect(() => resolve({ 'Fn::Magic': 1 }, scope(), 'Rule')).toThrow('Fn::Magic');
  });

  test('a value without intrinsics stays what it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!/"(Ref|Condition|Fn::)/.test(JSON.stringify(value)));
        expect(JSON.stringify(resolve(value, scope(), 'Here'))).toEqual(JSON.stringify(value));
      }),
    );
  });
});

describe('the order of creation', () => {
  test('each resource comes after those it refers to', () => {
    const order = orderResources({
      Resources: {
        Rule: { Type: 'R', Properties: { target: { 'Fn::GetAtt': ['Queue', 'Arn'] } } },
        Queue: { Type: 'Q', Properties: { dlq: { 'Fn::Sub': '${Dead.Arn}' } } },
        Dead: { Type: 'Q', DependsOn: ['First'] },
        First: { Type: 'Q' },
      },
    });
    expect(order).toEqual(['First', 'Dead', 'Queue', 'Rule']);
  });

  test('resources that refer to each other in a circle are refused by name', () => {
    const resources = {
      A: { Type: 'Q', Properties: { b: { Ref: 'B' } } },
      B: { Type: 'Q', DependsOn: 'A' },
    };
    expect(() => orderResources({ Resources: resources })).toThrow('depends on itself (A -> B)');
  });
});
