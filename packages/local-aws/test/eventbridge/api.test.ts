import { describe, expect, test } from '@jest/globals';
import { busArn, functionArn, newBench, queueArn, refusal, ruleArn } from './fixture.ts';

const pattern = '{"source":["a"]}';
const target = { Id: 't', Arn: queueArn('q') };

describe('buses', () => {
  test('are created, described, changed and deleted with their rules', async () => {
    const { call } = newBench();
    const created = { Name: 'b', Description: 'mine', Tags: [{ Key: 'k', Value: 'v' }] };
    expect(await call('CreateEventBus', created)).toEqual({
      EventBusArn: busArn('b'),
      Description: 'mine',
    });
    await call('UpdateEventBus', { Name: 'b', Description: 'yours' });
    expect(await call('DescribeEventBus', { Name: busArn('b') })).toEqual({
      Name: 'b',
      Arn: busArn('b'),
      Description: 'yours',
      CreationTime: 1767225600,
      LastModifiedTime: 1767225600,
    });
    await call('PutRule', { Name: 'r', EventBusName: 'b', EventPattern: pattern });
    await call('PutTargets', { Rule: 'r', EventBusName: 'b', Targets: [target] });
    await call('DeleteEventBus', { Name: 'b' });
    await call('DeleteEventBus', { Name: 'b' });
    await call('CreateEventBus', { Name: 'b' });
    expect(await call('ListRules', { EventBusName: 'b' })).toEqual({ Rules: [] });
    await call('PutRule', { Name: 'r', EventBusName: 'b', EventPattern: pattern });
    expect(await call('ListTargetsByRule', { Rule: 'r', EventBusName: 'b' })).toEqual({
      Targets: [],
    });
  });

  test('always include the default bus, which cannot be deleted', async () => {
    const { call } = newBench();
    expect(await call('DescribeEventBus')).toMatchObject({ Name: 'default' });
    expect((await refusal(call('DeleteEventBus', { Name: 'default' }))).message).toBe(
      'Cannot delete event bus default.',
    );
  });

  test.each([
    [
      'CreateEventBus',
      { Name: 'default' },
      'ResourceAlreadyExistsException',
      'Event bus default already exists.',
    ],
    [
      'CreateEventBus',
      { Name: 'a b' },
      'ValidationException',
      "1 validation error detected: Value at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[/.\\-_A-Za-z0-9]+$",
    ],
    [
      'CreateEventBus',
      {},
      'ValidationException',
      "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
    ],
    ['CreateEventBus', { Name: 5 }, 'SerializationException', 'Name must be a string'],
    [
      'CreateEventBus',
      { Name: 'aws.partner/x' },
      'ValidationException',
      "Event bus name must not contain '/' or begin with 'aws.'.",
    ],
    ['DescribeEventBus', { Name: 'x' }, 'ResourceNotFoundException', 'Event bus x does not exist.'],
    [
      'PutRule',
      { Name: 'r', EventBusName: 'x', EventPattern: pattern },
      'ResourceNotFoundException',
      'Event bus x does not exist.',
    ],
    [
      'Nonsense',
      {},
      'UnknownOperationException',
      'The local run does not have the action Nonsense of EventBridge.',
    ],
    [
      'toString',
      {},
      'UnknownOperationException',
      'The local run does not have the action toString of EventBridge.',
    ],
  ])('%s %j: %s', async (action, input, code, message) => {
    const error = await refusal(newBench().call(action, input));
    expect([error.code, error.message]).toEqual([code, message]);
  });
});

describe('rules', () => {
  test('are put, described, switched, replaced and deleted', async () => {
    const { call } = newBench();
    const RuleArn = ruleArn('r');
    expect(await call('PutRule', { Name: 'r', EventPattern: pattern })).toEqual({ RuleArn });
    expect(await call('DescribeRule', { Name: 'r' })).toEqual({
      Name: 'r',
      Arn: RuleArn,
      EventBusName: 'default',
      EventPattern: pattern,
      State: 'ENABLED',
      CreatedBy: '123456789012',
    });
    await call('DisableRule', { Name: 'r' });
    expect(await call('DescribeRule', { Name: 'r' })).toMatchObject({ State: 'DISABLED' });
    await call('EnableRule', { Name: 'r' });
    await call('PutRule', { Name: 'r', EventPattern: '{"source":["b"]}', State: 'DISABLED' });
    expect(await call('ListRules')).toMatchObject({
      Rules: [{ Name: 'r', EventPattern: '{"source":["b"]}', State: 'DISABLED' }],
    });
    await call('DeleteRule', { Name: 'r' });
    await call('DeleteRule', { Name: 'r' });
    expect((await refusal(call('DescribeRule', { Name: 'r' }))).message).toBe(
      'Rule r does not exist on EventBus default.',
    );
  });

  test('on a custom bus have its name in their ARN', async () => {
    const { call } = newBench();
    await call('CreateEventBus', { Name: 'b' });
    const { RuleArn } = await call('PutRule', {
      Name: 'r',
      EventBusName: 'b',
      EventPattern: pattern,
    });
    expect(RuleArn).toBe(ruleArn('b/r'));
  });

  test('receive no events while they are disabled or deleted', async () => {
    const bench = newBench();
    await bench.rule('r', { version: ['0'] }, { Arn: queueArn('q') });
    await bench.put({});
    await bench.call('DisableRule', { Name: 'r' });
    await bench.put({});
    await bench.call('EnableRule', { Name: 'r' });
    await bench.put({});
    await bench.call('RemoveTargets', { Rule: 'r', Ids: ['target'] });
    await bench.put({});
    expect(bench.targets.bodies('q')).toHaveLength(2);
  });

  test('with targets are not deleted', async () => {
    const { call } = newBench();
    await call('PutRule', { Name: 'r', EventPattern: pattern });
    await call('PutTargets', { Rule: 'r', Targets: [target] });
    const { code, message } = await refusal(call('DeleteRule', { Name: 'r' }));
    expect([code, message]).toEqual([
      'ValidationException',
      "Rule can't be deleted since it has targets.",
    ]);
  });

  test.each([
    [
      'an invalid pattern',
      { EventPattern: '{"a":"b"}' },
      'InvalidEventPatternException',
      /^Event pattern is not valid. Reason: "a" must be an object or an array/,
    ],
    [
      'a pattern over the quota',
      { EventPattern: JSON.stringify({ a: ['x'.repeat(2048)] }) },
      'LimitExceededException',
      /maximum/,
    ],
    [
      'a pattern over any quota',
      { EventPattern: 'x'.repeat(5000) },
      'ValidationException',
      /less than or equal to 4096/,
    ],
    [
      'neither pattern nor schedule',
      {},
      'ValidationException',
      /EventPattern or ScheduleExpression must be/,
    ],
    [
      'a schedule that is none',
      { ScheduleExpression: 'every minute' },
      'ValidationException',
      /^Parameter ScheduleExpression is not valid.$/,
    ],
    [
      'an unknown state',
      { EventPattern: pattern, State: 'ON' },
      'ValidationException',
      /enum value set: \[ENABLED/,
    ],
  ])('with %s are refused', async (_, rule, code, message) => {
    const error = await refusal(newBench().call('PutRule', { Name: 'r', ...rule }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test('are at most 300 on a bus', async () => {
    const { call } = newBench();
    for (let n = 0; n < 300; n += 1) {
      await call('PutRule', { Name: `r${n}`, EventPattern: pattern });
    }
    await call('PutRule', { Name: 'r0', EventPattern: pattern });
    const { code } = await refusal(call('PutRule', { Name: 'r300', EventPattern: pattern }));
    expect(code).toBe('LimitExceededException');
  });
});

test('rules with wildcards are at most 30 on a bus', async () => {
  const { call } = newBench();
  const EventPattern = '{"a":[{"wildcard":"x*"}]}';
  for (let n = 0; n < 30; n += 1) {
    await call('PutRule', { Name: `r${n}`, EventPattern });
  }
  await call('PutRule', { Name: 'r0', EventPattern });
  await call('PutRule', { Name: 'plain', EventPattern: pattern });
  const { code } = await refusal(call('PutRule', { Name: 'r30', EventPattern }));
  expect(code).toBe('LimitExceededException');
});

describe('targets', () => {
  test('are put, listed, replaced by id, found by ARN and removed', async () => {
    const { call } = newBench();
    await call('PutRule', { Name: 'r', EventPattern: pattern });
    await call('PutRule', { Name: 's', EventPattern: pattern });
    const full = {
      Id: 'u',
      Arn: functionArn('f'),
      RoleArn: 'arn:aws:iam::123456789012:role/x',
      InputTransformer: { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '"<a>"' },
      DeadLetterConfig: { Arn: queueArn('dead') },
      RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
    };
    const answer = await call('PutTargets', { Rule: 'r', Targets: [target, full] });
    expect(answer).toEqual({ FailedEntryCount: 0, FailedEntries: [] });
    await call('PutTargets', { Rule: 's', Targets: [target] });
    expect(await call('ListTargetsByRule', { Rule: 'r' })).toEqual({ Targets: [target, full] });
    expect(await call('ListRuleNamesByTarget', { TargetArn: queueArn('q') })).toEqual({
      RuleNames: ['r', 's'],
    });
    await call('PutTargets', { Rule: 'r', Targets: [{ ...target, Arn: queueArn('other') }] });
    await call('RemoveTargets', { Rule: 'r', Ids: ['u', 'unknown'] });
    expect(await call('ListTargetsByRule', { Rule: 'r' })).toEqual({
      Targets: [{ ...target, Arn: queueArn('other') }],
    });
  });

  test.each([
    [{ Arn: 'arn:aws:sns:eu-west-1:123456789012:topic' }, /cannot be used in this local run/],
    [{ KinesisParameters: { PartitionKeyPath: '$.id' } }, /KinesisParameters/],
    [
      { Arn: queueArn('q.fifo') },
      /^Parameter\(s\) SqsParameters must be specified for target: t.$/,
    ],
    [{ Input: '{' }, /JSON syntax error/],
    [{ Input: '{}', InputPath: '$.a' }, /^Only one of Input, InputPath, or InputTransformer/],
    [{ InputPath: 'detail' }, /inputPath/],
    [{ InputTransformer: { InputTemplate: '{"a":<b>' } }, /Invalid InputTemplate/],
    [
      { InputTransformer: { InputTemplate: '{"a":1}', InputPathsMap: { 'aws.x': '$.a' } } },
      /Map keys/,
    ],
    [
      { InputTransformer: { InputTemplate: '{"a":1}', InputPathsMap: { AWSx: '$.a' } } },
      /must not start with AWS/,
    ],
    [{ InputTransformer: { InputTemplate: '{"a":{"<b>c":1}}' } }, /as an object key/],
    [{ InputTransformer: {} }, /'inputTemplate' failed.*not be null/],
    [{ RetryPolicy: { MaximumRetryAttempts: 186 } }, /less than or equal to 185/],
    [{ RetryPolicy: { MaximumEventAgeInSeconds: 59 } }, /greater than or equal to 60/],
    [{ DeadLetterConfig: { Arn: functionArn('f') } }, /must name an SQS queue/],
    [{ Arn: busArn('b'), Input: '{}' }, /takes the event as it is/],
    [{ Id: 'a b' }, /'id' failed/],
  ])('the target %j is refused', async (over, message) => {
    const { call } = newBench();
    await call('PutRule', { Name: 'r', EventPattern: pattern });
    const error = await refusal(
      call('PutTargets', { Rule: 'r', Targets: [{ ...target, ...over }] }),
    );
    expect(error.code).toBe('ValidationException');
    expect(error.message).toMatch(message);
  });

  test('are at most five for a rule', async () => {
    const { call } = newBench();
    await call('PutRule', { Name: 'r', EventPattern: pattern });
    const five = Array.from({ length: 5 }, (_, n) => ({ ...target, Id: `t${n}` }));
    await call('PutTargets', { Rule: 'r', Targets: five });
    await call('PutTargets', { Rule: 'r', Targets: five });
    const { code } = await refusal(call('PutTargets', { Rule: 'r', Targets: [target] }));
    expect(code).toBe('LimitExceededException');
  });

  test('are refused for a rule that does not exist', async () => {
    const { call } = newBench();
    for (const [action, input] of [
      ['PutTargets', { Targets: [target] }],
      ['RemoveTargets', { Ids: ['t'] }],
      ['ListTargetsByRule', {}],
    ] as const) {
      expect((await refusal(call(action, { Rule: 'x', ...input }))).message).toBe(
        'Rule x does not exist on EventBus default.',
      );
    }
  });
});

test('tags of rules and buses are kept, replaced by key and removed', async () => {
  const { call } = newBench();
  const Tags = [{ Key: 'a', Value: '1' }];
  await call('PutRule', { Name: 'r', EventPattern: pattern, Tags });
  await call('PutRule', { Name: 'r', EventPattern: pattern, Tags: [{ Key: 'b', Value: '2' }] });
  const ResourceARN = ruleArn('r');
  expect(await call('ListTagsForResource', { ResourceARN })).toEqual({ Tags });
  await call('TagResource', {
    ResourceARN,
    Tags: [
      { Key: 'a', Value: '3' },
      { Key: 'c', Value: '' },
    ],
  });
  await call('UntagResource', { ResourceARN, TagKeys: ['c', 'x'] });
  expect(await call('ListTagsForResource', { ResourceARN })).toEqual({
    Tags: [{ Key: 'a', Value: '3' }],
  });
  const unknown = refusal(call('TagResource', { ResourceARN: ruleArn('x'), Tags }));
  expect((await unknown).code).toBe('ResourceNotFoundException');
});

describe('listings', () => {
  test('come in pages', async () => {
    const { call } = newBench();
    const names = Array.from({ length: 12 }, (_, n) => `r${String(n).padStart(2, '0')}`);
    for (const Name of [...names, 'other']) {
      await call('PutRule', { Name, EventPattern: pattern });
    }
    const seen: string[] = [];
    const sizes: number[] = [];
    let NextToken: unknown;
    do {
      const page = await call('ListRules', { Limit: 5, NamePrefix: 'r', NextToken });
      const shown = (page.Rules as { Name: string }[]).map(({ Name }) => Name);
      seen.push(...shown);
      sizes.push(shown.length);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen).toEqual(names);
    expect(sizes).toEqual([5, 5, 2]);
  });

  test('refuse a limit out of bounds and an invalid token', async () => {
    const { call } = newBench();
    for (const input of [{ Limit: 0 }, { Limit: 101 }, { NextToken: '***' }, { NextToken: '' }]) {
      expect((await refusal(call('ListRules', input))).code).toBe('ValidationException');
    }
  });
});

describe('TestEventPattern', () => {
  const event = { id: '1', account: '2', source: 'a', time: 't', region: 'r', 'detail-type': 'd' };
  const check = (EventPattern: string, Event: unknown) =>
    newBench().call('TestEventPattern', { EventPattern, Event: JSON.stringify(Event) });

  test('reports whether an event matches', async () => {
    expect(await check(pattern, event)).toEqual({ Result: true });
    expect(await check(pattern, { ...event, source: 'b' })).toEqual({ Result: false });
  });

  test('refuses an invalid pattern and an invalid event', async () => {
    expect((await refusal(check('{', event))).code).toBe('InvalidEventPatternException');
    expect((await refusal(check(pattern, []))).code).toBe('ValidationException');
    expect((await refusal(check(pattern, { ...event, id: undefined }))).message).toMatch(
      /id is a required/,
    );
  });
});

test('the configuration survives a restart', async () => {
  const bench = newBench();
  await bench.call('CreateEventBus', { Name: 'b' });
  await bench.rule('r', { version: ['0'] }, { Arn: queueArn('q') }, 'b');
  const again = bench.restart();
  await again.put({}, { EventBusName: 'b' });
  expect(again.targets.bodies('q')).toHaveLength(1);
});
