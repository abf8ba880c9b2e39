import { afterAll, describe, expect, test } from '@jest/globals';
import type { LocalRun } from '../../src/local-run.ts';
import type { Template } from '../../src/template/template.ts';
import {
  cleanUp,
  inlineFunction,
  runTemplates,
  temporaryDirectory,
  writeAssembly,
} from './run-template.ts';

afterAll(cleanUp);

const queue = (QueueName: string, more: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName, ...more },
});

const ruleTo = (target: string, Name: string) => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    Name,
    EventBusName: { Ref: 'Bus' },
    EventPattern: { source: ['shop'] },
    Targets: [{ Id: 'Target', Arn: { 'Fn::GetAtt': [target, 'Arn'] } }],
  },
});

const withTwo: Template = {
  Resources: {
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
    First: queue('first'),
    FirstRule: ruleTo('First', 'to-first'),
    Second: queue('second'),
    SecondRule: ruleTo('Second', 'to-second'),
    Handler: inlineFunction('exports.handler = async () => "one"', { FunctionName: 'handler' }),
  },
};

const withOne: Template = {
  Resources: {
    ...Object.fromEntries(
      Object.entries(withTwo.Resources ?? {}).filter(([id]) => !id.startsWith('Second')),
    ),
    Handler: inlineFunction('exports.handler = async () => "two"', { FunctionName: 'handler' }),
  },
};

const publish = ({ services }: LocalRun) =>
  services.eventBridge.call('PutEvents', {
    Entries: [{ EventBusName: 'shop', Source: 'shop', DetailType: 'order', Detail: '{}' }],
  });

const urlOf = ({ services }: LocalRun, name: string) =>
  services.sqs.urlOf(`arn:aws:sqs:us-east-1:000000000000:${name}`);

const ruleNames = async ({ services }: LocalRun) => {
  const { Rules } = await services.eventBridge.call('ListRules', { EventBusName: 'shop' });
  return (Rules as { Name: string }[]).map(({ Name }) => Name);
};

const addByHand = async ({ services: { sqs, eventBridge } }: LocalRun) => {
  await sqs.call('CreateQueue', { QueueName: 'by-hand' });
  const key = { EventBusName: 'shop', Name: 'by-hand' };
  await eventBridge.call('PutRule', { ...key, EventPattern: '{"source":["shop"]}' });
};

describe('a resource that the template no longer has', () => {
  test('is removed at the next start; a queue with messages and what was added by hand stay', async () => {
    const dataDirectory = temporaryDirectory();
    const before = await runTemplates({ Shop: withTwo }, { dataDirectory });
    await addByHand(before);
    await publish(before);
    await before.close();

    const after = await runTemplates({ Shop: withOne }, { dataDirectory });
    expect(await ruleNames(after)).toEqual(['by-hand', 'to-first']);
    expect(urlOf(after, 'by-hand')).toBeDefined();
    expect(after.notes).toEqual([
      'Removed SecondRule (AWS::Events::Rule, shop|to-second), which is no longer in the template.',
      expect.stringMatching(/^Kept Second \(AWS::SQS::Queue, second\): .* holds messages/),
    ]);
    const QueueUrl = urlOf(after, 'second');
    const { Messages } = await after.services.sqs.call('ReceiveMessage', { QueueUrl });
    const [{ ReceiptHandle = '' } = {}] = Messages as { ReceiptHandle: string }[];
    await after.services.sqs.call('DeleteMessage', { QueueUrl, ReceiptHandle });
    await after.close();

    const last = await runTemplates({ Shop: withOne }, { dataDirectory });
    expect(last.notes).toEqual([expect.stringMatching(/^Removed Second /)]);
    expect(() => urlOf(last, 'second')).toThrow('does not exist');
    await last.close();
  });

  test('stays when its DeletionPolicy is Retain', async () => {
    const dataDirectory = temporaryDirectory();
    const Second = { ...queue('second'), DeletionPolicy: 'Retain' };
    const template = { Resources: { ...withTwo.Resources, Second } };
    await (await runTemplates({ Shop: template }, { dataDirectory })).close();
    const after = await runTemplates({ Shop: withOne }, { dataDirectory });
    expect(after.notes).toContainEqual(expect.stringMatching(/^Kept Second .* Retain/));
    expect(urlOf(after, 'second')).toBeDefined();
    await after.close();
  });

  test('is not removed when it only moved to another stack', async () => {
    const dataDirectory = temporaryDirectory();
    await (await runTemplates({ Shop: withTwo }, { dataDirectory })).close();
    const after = await runTemplates({ Moved: withTwo }, { dataDirectory });
    expect(after.notes).toEqual([]);
    expect(await ruleNames(after)).toEqual(['to-first', 'to-second']);
    await after.close();
  });
});

describe('a template that changes while it runs', () => {
  test('is applied in place: new code, new and removed rules', async () => {
    const assembly = temporaryDirectory();
    const run = await runTemplates({ Shop: withOne }, { assembly });
    const call = async () => (await run.services.lambda.invoke('handler', '{}')).payload;
    expect(await call()).toBe('"two"');
    writeAssembly(assembly, { Shop: withTwo });
    await run.redeploy();
    expect(await call()).toBe('"one"');
    expect(await ruleNames(run)).toEqual(['to-first', 'to-second']);
    writeAssembly(assembly, { Shop: withOne });
    await run.redeploy();
    expect(await ruleNames(run)).toEqual(['to-first']);
    await run.close();
  });

  test('keeps running unchanged when the new template cannot run', async () => {
    const assembly = temporaryDirectory();
    const run = await runTemplates({ Shop: withTwo }, { assembly });
    const Resources = { Stream: { Type: 'AWS::Kinesis::Stream' } };
    writeAssembly(assembly, { Shop: { Resources } });
    await expect(run.redeploy()).rejects.toThrow('Stream (AWS::Kinesis::Stream)');
    expect(await ruleNames(run)).toEqual(['to-first', 'to-second']);
    await run.close();
  });

  test('is applied before the run closes, which leaves no port open', async () => {
    const assembly = temporaryDirectory();
    const run = await runTemplates({ Shop: withOne }, { assembly });
    const Url = {
      Type: 'AWS::Lambda::Url',
      Properties: { AuthType: 'NONE', TargetFunctionArn: { Ref: 'Handler' } },
    };
    writeAssembly(assembly, { Shop: { Resources: { ...withOne.Resources, Url } } });
    const redeployed = run.redeploy();
    await run.close();
    await redeployed;
    const [url] = run.ingresses.values();
    await expect(fetch(`${url}/`)).rejects.toThrow('fetch failed');
  });

  test('is applied once at a time', async () => {
    const assembly = temporaryDirectory();
    const run = await runTemplates({ Shop: withOne }, { assembly });
    writeAssembly(assembly, { Shop: withTwo });
    const first = run.redeploy();
    const second = run.redeploy();
    await Promise.all([first, second]);
    expect(await ruleNames(run)).toEqual(['to-first', 'to-second']);
    await run.close();
  });

  test('an attribute that is no longer in it is the default again', async () => {
    const assembly = temporaryDirectory();
    const withDelay = { Resources: { Queue: queue('only', { DelaySeconds: 7 }) } };
    const run = await runTemplates({ Shop: withDelay }, { assembly });
    const delay = async () => {
      const input = { QueueUrl: urlOf(run, 'only'), AttributeNames: ['DelaySeconds'] };
      return (await run.services.sqs.call('GetQueueAttributes', input)).Attributes;
    };
    expect(await delay()).toEqual({ DelaySeconds: '7' });
    writeAssembly(assembly, { Shop: { Resources: { Queue: queue('only') } } });
    await run.redeploy();
    expect(await delay()).toEqual({ DelaySeconds: '0' });
    await run.close();
  });
});
