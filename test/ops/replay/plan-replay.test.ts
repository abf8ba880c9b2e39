import { compilePattern, matches } from '@event-fanout/event-pattern';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { narrowPattern } from '../../../ops/replay/plan-replay.ts';
import { admitsRule } from '../../../ops/replay/temporary-rule.ts';

const pattern = JSON.stringify({
  source: ['whatsapp'],
  'detail-type': ['message', 'message.any'],
  detail: { meta: { duplicateOf: [{ exists: false }] } },
});

const isMatch = (text: string, event: object) => matches(compilePattern(text), event);

const event = fc.record({
  source: fc.constantFrom('whatsapp', 'shop'),
  'detail-type': fc.constantFrom('message', 'message.any', 'call.received'),
  'replay-name': fc.constantFrom('r1', 'r2'),
  detail: fc.record({
    meta: fc.record(
      {
        type: fc.constantFrom('message', 'message.any', 'call.received'),
        session: fc.constantFrom('a', 'b'),
        chat: fc.constantFrom('1111111@c.us', '2222222@c.us'),
        duplicateOf: fc.constant('message'),
      },
      { requiredKeys: ['type'] },
    ),
  }),
});

const some = <T extends string>(...words: T[]) =>
  fc.option(fc.subarray(words, { minLength: 1 }), { nil: undefined });

describe('the pattern of a replay', () => {
  test('matches what the consumer’s pattern, the filter and the replay all match', () => {
    fc.assert(
      fc.property(
        event,
        fc.record({
          types: some('message', 'message.any'),
          sessions: some('a', 'b'),
          chats: some('1111111@c.us', '2222222@s.whatsapp.net'),
        }),
        (happened, filter) => {
          const { meta } = happened.detail;
          const isAny = (words: string[] | undefined, value: string | undefined) =>
            words === undefined || (value !== undefined && words.includes(value));
          const expected =
            isMatch(pattern, happened) &&
            happened['replay-name'] === 'r1' &&
            isAny(filter.types, happened['detail-type']) &&
            isAny(filter.sessions, meta.session) &&
            isAny(
              filter.chats?.map((chat) => chat.replace('s.whatsapp.net', 'c.us')),
              meta.chat,
            );
          expect(isMatch(narrowPattern(pattern, filter, 'r1'), happened)).toBe(expected);
        },
      ),
    );
  });

  test('does not match new events', () => {
    const live = { source: 'whatsapp', 'detail-type': 'message', detail: { meta: {} } };
    expect(isMatch(pattern, live)).toBe(true);
    expect(isMatch(narrowPattern(pattern, {}, 'r1'), live)).toBe(false);
  });

  test('of a rule for all types looks for the type in meta', () => {
    const narrowed = narrowPattern('{"source":["whatsapp"]}', { types: ['message'] }, 'r');
    expect(JSON.parse(narrowed)).toMatchObject({ detail: { meta: { type: ['message'] } } });
  });

  test.each([
    [
      'a type that the consumer does not receive',
      pattern,
      { types: ['call.received'] },
      /receives none of call.received/,
    ],
    [
      'a field with a condition',
      '{"detail":{"meta":{"session":[{"prefix":"a"}]}}}',
      { sessions: ['a'] },
      /cannot be narrowed/,
    ],
    [
      'a field among alternatives',
      '{"$or":[{"detail":{"meta":{"chat":["a"]}}},{"source":["b"]}]}',
      { chats: ['1111111@c.us'] },
      /\$or/,
    ],
    [
      'more than a pattern holds',
      pattern,
      { sessions: Array.from({ length: 300 }, (_, i) => `session-${i}`) },
      /of 2048 characters/,
    ],
  ])('is refused for %s', (_, given, filter, expected) => {
    expect(() => narrowPattern(given, filter, 'r')).toThrow(expected);
  });
});

describe('a queue', () => {
  const rule = 'arn:aws:events:eu-west-1:123456789012:rule/bus/fanout-replay-1';
  const policy = (condition: object | undefined, more: object = {}) =>
    JSON.stringify({
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'sqs:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: ['sqs:SendMessage', 'sqs:GetQueueUrl'],
          Condition: condition,
          ...more,
        },
      ],
    });
  const sourceArn = (arn: string) => ({ ArnEquals: { 'aws:SourceArn': arn } });

  test.each([
    [sourceArn(rule), true],
    [sourceArn('arn:aws:events:eu-west-1:123456789012:rule/bus/fanout-replay-*'), true],
    [{ ArnLike: { 'AWS:SourceArn': ['x', 'arn:aws:events:*:*:rule/bus/fanout-*-?'] } }, true],
    [{ StringEquals: { 'aws:SourceAccount': '123456789012' } }, true],
    [undefined, true],
    [sourceArn('arn:aws:events:eu-west-1:123456789012:rule/bus/other'), false],
    [
      {
        StringEquals: {
          'aws:SourceArn': 'arn:aws:events:eu-west-1:123456789012:rule/bus/fanout-replay-*',
        },
      },
      false,
    ],
    [{ StringEquals: { 'aws:SourceAccount': '999999999999' } }, false],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, false],
  ])('with the condition %j lets the rule send: %j', (condition, expected) => {
    expect(admitsRule(policy(condition), rule)).toBe(expected);
  });

  test('does not count a statement of another action, principal or effect', () => {
    expect(admitsRule(policy(undefined, { Action: 'sqs:ReceiveMessage' }), rule)).toBe(false);
    expect(
      admitsRule(policy(undefined, { Principal: { Service: 's3.amazonaws.com' } }), rule),
    ).toBe(false);
    expect(admitsRule(policy(undefined, { Effect: 'Deny' }), rule)).toBe(false);
    expect(admitsRule('no JSON', rule)).toBe(false);
  });

  test('is evaluated quickly, however many wildcards its policy has', () => {
    const hostile = policy(sourceArn(`${'*a'.repeat(5_000)}b`));
    expect(admitsRule(hostile, `${rule}${'a'.repeat(5_000)}`)).toBe(false);
  });
});
