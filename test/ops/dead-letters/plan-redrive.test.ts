import { describe, expect, test } from '@jest/globals';
import type { BusRule } from '../../../ops/aws/pipeline.ts';
import { readMessage } from '../../../ops/dead-letters/dead-letter-message.ts';
import { findFailureQueues } from '../../../ops/dead-letters/failure-queue.ts';
import { planRedrive } from '../../../ops/dead-letters/plan-redrive.ts';
import { arnOf, feeding, pipelineOf, queue, rule } from '../pipeline-on-paper.ts';
import { attributesOf, busEvent } from './example-messages.ts';

describe('a dead-letter message of a queue that several consumers share', () => {
  const pipeline = pipelineOf([
    feeding('a', 'dead', { 'fanout:consumer': 'calls' }),
    feeding('b', 'dead', { 'fanout:consumer': 'labels' }),
    queue('dead'),
  ]);
  const [end] = findFailureQueues(pipeline);
  const plan = (system: Record<string, string>, attributes: Record<string, string>) => {
    const message = readMessage({
      Body: busEvent('message'),
      Attributes: system,
      MessageAttributes: attributesOf(attributes),
    });
    return end && planRedrive(message, end, pipeline);
  };

  test('goes to the queue that SQS says it is from', () => {
    const to = plan({ DeadLetterQueueSourceArn: arnOf('b') }, {});
    expect(to).toMatchObject({ kind: 'queue', name: 'b' });
  });

  test('goes to the consumer that the message names', () => {
    expect(plan({}, { 'fanout.consumer': 'calls' })).toMatchObject({ kind: 'queue', name: 'a' });
  });

  test('stays when its consumer is unknown', () => {
    expect(plan({}, {})).toMatchObject({ kind: 'nowhere' });
  });

  test('stays when the queue that it is from has another dead-letter queue now', () => {
    expect(plan({ DeadLetterQueueSourceArn: arnOf('c') }, {})).toMatchObject({ kind: 'nowhere' });
  });
});

describe('an event that could not be delivered', () => {
  const undeliverable = queue('lost', { tags: { 'fanout:role': 'undeliverable' } });
  const planFor = (rules: readonly BusRule[], body: string, targetArn: string, ruleName = 'r') => {
    const pipeline = pipelineOf([undeliverable, queue('mine'), queue('mine.fifo')], rules);
    const [end] = findFailureQueues(pipeline);
    const attributes = attributesOf({
      TARGET_ARN: targetArn,
      RULE_ARN: `arn:aws:events:eu-west-1:1:rule/bus/${ruleName}`,
      ERROR_CODE: 'X',
    });
    const message = readMessage({ MessageId: 'm-1', Body: body, MessageAttributes: attributes });
    return end && planRedrive(message, end, pipeline);
  };
  const body = '{"detail":{"n":12345678901234567890,"name":"a"}}';

  test('goes to its target unchanged', () => {
    const to = planFor([rule('r', { Arn: arnOf('mine') })], body, arnOf('mine'));
    expect(to).toMatchObject({ kind: 'queue', name: 'mine', entry: { MessageBody: body } });
  });

  test.each([
    [{ Input: '{"fixed":true}' }, '{"fixed":true}'],
    [{ InputPath: '$.detail' }, '{"n":12345678901234567890,"name":"a"}'],
    [
      { InputTransformer: { InputPathsMap: { n: '$.detail.n' }, InputTemplate: '{"is": <n>}' } },
      '{"is":12345678901234567890}',
    ],
  ])('gets the input that its target defines: %j', (input, expected) => {
    const to = planFor([rule('r', { Arn: arnOf('mine'), ...input })], body, arnOf('mine'));
    expect(to).toMatchObject({ entry: { MessageBody: expected } });
  });

  test('goes in its group when the target is a FIFO queue, and once', () => {
    const target = { Arn: arnOf('mine.fifo'), SqsParameters: { MessageGroupId: 'g' } };
    expect(planFor([rule('r', target)], body, arnOf('mine.fifo'))).toMatchObject({
      entry: { MessageGroupId: 'g', MessageDeduplicationId: 'm-1' },
    });
  });

  test('goes by another rule with that target when its own is gone', () => {
    const others = [rule('renamed', { Arn: arnOf('mine') }), rule('z', { Arn: arnOf('other') })];
    expect(planFor(others, body, arnOf('mine'))).toMatchObject({ name: 'mine' });
  });

  test.each([
    ['a queue that no rule targets', [rule('r', { Arn: arnOf('other') })], arnOf('mine')],
    ['a queue that does not exist', [rule('r', { Arn: arnOf('gone') })], arnOf('gone')],
    [
      'a function',
      [rule('r', { Arn: 'arn:aws:lambda:eu-west-1:1:function:f' })],
      'arn:aws:lambda:eu-west-1:1:function:f',
    ],
    ['a rule of another bus', [rule('r', { Arn: arnOf('mine') }, 'other-bus')], arnOf('mine')],
    [
      'a target whose input needs the time of ingestion',
      [
        rule('r', {
          Arn: arnOf('mine'),
          InputTransformer: { InputTemplate: '<aws.events.event.ingestion-time>' },
        }),
      ],
      arnOf('mine'),
    ],
    [
      'a target that two inputs are made for',
      [
        rule('q', { Arn: arnOf('mine'), Input: '1' }),
        rule('q2', { Arn: arnOf('mine'), Input: '2' }),
      ],
      arnOf('mine'),
    ],
  ])('stays instead of going to %s', (_, rules, targetArn) => {
    expect(planFor(rules, body, targetArn)).toMatchObject({ kind: 'nowhere' });
  });
});

describe('what no rule matched', () => {
  const unrouted = queue('x', { tags: { 'fanout:role': 'unrouted' } });
  const planFor = (body: string) => {
    const pipeline = pipelineOf([unrouted]);
    const [end] = findFailureQueues(pipeline);
    return end && planRedrive(readMessage({ Body: body }), end, pipeline);
  };

  test('goes to the bus with everything that it had', () => {
    const event = {
      source: 'shop',
      'detail-type': 'order',
      time: '2026-01-31T12:00:00Z',
      resources: ['r'],
      detail: { text: '\uFFFE' },
    };
    expect(planFor(JSON.stringify(event))).toEqual({
      kind: 'bus',
      name: 'bus',
      entry: {
        EventBusName: 'bus',
        Source: 'shop',
        DetailType: 'order',
        Time: new Date('2026-01-31T12:00:00Z'),
        Resources: ['r'],
        Detail: '{"text":"\\ufffe"}',
      },
    });
  });

  test('stays when it is nested so deeply that it could not be read', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const body = `{"source":"a","detail-type":"b","detail":{"deep":${deep}}}`;
    expect(planFor(body)).toMatchObject({ kind: 'nowhere' });
  });

  test.each(['', 'no JSON', 'null', '[]', '{"source":"a"}', '{"detail-type":"a","detail":{}}'])(
    'stays when it is not an event: %j',
    (body) => {
      expect(planFor(body)).toMatchObject({ kind: 'nowhere' });
    },
  );
});
