import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readMessage } from '../../../ops/dead-letters/dead-letter-message.ts';
import { groupMessages } from '../../../ops/dead-letters/describe-message.ts';
import { createFilter, describeFilter } from '../../../ops/event-filter.ts';
import { attributesOf, busEvent } from './example-messages.ts';

const messageWith = (
  attributes: Record<string, string>,
  receives = '7',
  maxReceiveCount?: number,
) =>
  readMessage(
    {
      MessageId: 'm',
      Body: busEvent('message', 'work'),
      Attributes: { SentTimestamp: '1000', ApproximateReceiveCount: receives },
      MessageAttributes: attributesOf(attributes),
    },
    maxReceiveCount,
  );

describe('a dead-letter message', () => {
  test('is read from any message of a queue', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (Body) => {
        const message = readMessage({ Body });
        for (const text of [message.type, message.session, message.chat]) {
          expect(['string', 'undefined']).toContain(typeof text);
        }
      }),
    );
  });

  test('has its event type, session and chat', () => {
    expect(messageWith({})).toMatchObject({ type: 'message', session: 'work', sentAt: 1000 });
  });

  test('is read from a bare envelope too', () => {
    const { detail } = JSON.parse(busEvent('call.received', 'x')) as { detail: object };
    const message = readMessage({ Body: JSON.stringify(detail) });
    expect(message).toMatchObject({ type: 'call.received', session: 'x' });
  });

  test('from EventBridge has the error of its delivery, and the number of attempts', () => {
    const { failure } = messageWith({
      RULE_ARN: 'arn:aws:events:eu-west-1:1:rule/bus/rule',
      TARGET_ARN: 'arn:aws:sqs:eu-west-1:1:queue',
      ERROR_CODE: 'NO_PERMISSIONS',
      ERROR_MESSAGE: 'Lack of permissions',
      RETRY_ATTEMPTS: '184',
    });
    expect(failure).toMatchObject({ error: 'NO_PERMISSIONS', attempts: 185 });
    expect(failure.message).toBe('Lack of permissions');
  });

  test('from a consumer has the name of the error', () => {
    const { failure } = messageWith({
      'fanout.reason': 'permanent',
      'fanout.error': 'SchemaError',
      'fanout.attempts': '1',
      'fanout.consumer': 'messages',
    });
    expect(failure).toMatchObject({ error: 'permanent SchemaError', attempts: 1 });
  });

  test("from a consumer has the error's message and place, if the stage sends them", () => {
    const { failure } = messageWith({
      'fanout.reason': 'exhausted',
      'fanout.error': 'TypeError',
      'fanout.errorMessage': "Cannot read properties of undefined (reading 'price')",
      'fanout.errorAt': '/app/orders.ts:12:7',
    });
    expect(failure).toMatchObject({
      error: 'exhausted TypeError',
      message: "Cannot read properties of undefined (reading 'price')",
      at: '/app/orders.ts:12:7',
    });
  });

  test('that SQS moved failed after as many attempts as its queue allows', () => {
    expect(messageWith({}, '9', 5).failure.error).toBe('gave up after 5 attempts');
  });
});

describe('a filter', () => {
  const message = readMessage({
    Body: JSON.stringify({
      'detail-type': 'message',
      detail: { meta: { session: 'work', chat: '12025550142@c.us' } },
    }),
    Attributes: { SentTimestamp: '5000' },
    MessageAttributes: attributesOf({ ERROR_CODE: 'NO_PERMISSIONS' }),
  });

  test.each([
    ['nothing', {}, true],
    ['its type', { types: ['call.received', 'message'] }, true],
    ['another type', { types: ['message.any'] }, false],
    ['its session', { sessions: ['work'] }, true],
    ['another session', { sessions: ['wor'] }, false],
    ['its chat', { chats: ['12025550142@c.us'] }, true],
    ['its chat in another spelling', { chats: ['12025550142@s.whatsapp.net'] }, true],
    ['its phone number', { chats: ['+12025550142'] }, true],
    ['another chat', { chats: ['+12025550143'] }, false],
    ['part of its error', { error: 'no_perm' }, true],
    ['another error', { error: 'Throttling' }, false],
    ['its time', { since: 5000 }, true],
    ['a later time', { since: 5001 }, false],
    ['one thing that it is and one that it is not', { types: ['message'], since: 5001 }, false],
  ])('of %s decides so', (_, filter, expected) => {
    expect(createFilter(filter)(message)).toBe(expected);
  });

  test('is recorded without phone numbers', () => {
    const recorded = JSON.stringify(describeFilter({ chats: ['+12025550142'], since: 0 }));
    expect(recorded).toBe('{"chats":["…42@c.us"],"since":"1970-01-01T00:00:00.000Z"}');
    expect(describeFilter({})).toBeUndefined();
  });
});

describe('groups', () => {
  test('count every message once, the largest group first', () => {
    const errors = fc.array(fc.constantFrom('a', 'b', 'c', '__proto__'), { minLength: 1 });
    fc.assert(
      fc.property(errors, (each) => {
        const messages = each.map((error, sentAt) => ({
          type: 'message',
          session: undefined,
          sentAt,
          failure: {
            error,
            message: undefined,
            at: undefined,
            attempts: 1,
            ruleArn: undefined,
            targetArn: undefined,
          },
        }));
        const groups = groupMessages(messages, 'error');
        const counts = groups.map(({ count }) => count);
        expect(counts.reduce((a, b) => a + b)).toBe(each.length);
        expect(counts).toEqual([...counts].sort((a, b) => b - a));
        expect(new Set(groups.map(({ name }) => name))).toEqual(new Set(each));
      }),
    );
  });
});
