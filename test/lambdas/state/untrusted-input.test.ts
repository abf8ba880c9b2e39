import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { BusType, EventOf } from '../../../events/envelope.ts';
import { normalizeWebhook } from '../../../events/normalize.ts';
import { parse } from '../../../events/parse.ts';
import { callRegisters } from '../../../lambdas/state/call-registers.ts';
import { groupRegisters } from '../../../lambdas/state/group-registers.ts';
import { labelRegisters } from '../../../lambdas/state/label-registers.ts';
import { messageRegisters } from '../../../lambdas/state/message-registers.ts';
import { type RegistersOf, registersOf } from '../../../lambdas/state/register.ts';
import { sessionRegisters } from '../../../lambdas/state/session-registers.ts';
import { toItem } from '../../../lambdas/state/state.ts';
import { arbitraryWebhook } from '../../tools/docs/arbitrary-webhook.ts';
import { ann, reported } from './reported-event.ts';

const consumers: Readonly<Record<string, RegistersOf<BusType>>> = {
  messages: messageRegisters,
  groups: groupRegisters,
  calls: callRegisters,
  labels: labelRegisters,
  sessions: sessionRegisters,
};

/** What DynamoDB takes: bytes of a partition key, a sort key, and an item. */
const limits = { pk: 2_048, sk: 1_024, item: 400 * 1_024 };

/** Checks all that each consumer would write; returns how much that is. */
function checkWrites(event: EventOf<BusType>): number {
  let writes = 0;
  for (const [name, registers] of Object.entries(consumers)) {
    for (const register of registersOf(registers, event)) {
      const item = toItem(register, 30);
      const { pk, sk } = item;
      if (!pk?.S?.startsWith(`${name}#`)) {
        throw new Error('A key is not its consumer’s');
      }
      expect(bytes(pk.S)).toBeLessThanOrEqual(limits.pk);
      expect(bytes(sk?.S)).toBeLessThanOrEqual(limits.sk);
      expect(sk?.S).not.toBe('');
      expect(bytes(JSON.stringify(item))).toBeLessThan(limits.item);
      writes++;
    }
  }
  return writes;
}

const bytes = (text = '') => Buffer.byteLength(text);

test('the state of any event is accepted by DynamoDB', () => {
  let writes = 0;
  fc.assert(
    fc.property(arbitraryWebhook(5), (body) => {
      const request = { receivedAt: new Date('2026-01-01T12:00:00Z'), requestId: 'request' };
      const webhook = Buffer.from(JSON.stringify(body));
      for (const envelope of normalizeWebhook(webhook, request).events) {
        writes += checkWrites(parse(envelope));
      }
    }),
    { numRuns: 1_500 },
  );
  expect(writes).toBeGreaterThan(500);
});

test('an event of the maximum size is stored up to the limits of an item', () => {
  const long = '€'.repeat(100_000);
  const many = Array.from({ length: 300 }, () => long.slice(0, 3_000));
  const messageId = { id: long };
  const s3 = { bucket: long, key: long };
  const person = { ...ann, id: long };
  checkWrites(
    reported(
      'message',
      {
        content: 'text',
        ...{ messageId, chat: person, author: person, authorName: long, body: long },
        ...{
          media: { available: true, url: long, mimetype: long, filename: long, s3 },
          replyTo: { messageId: long },
        },
      },
      { session: long, id: long },
    ),
  );
  checkWrites(
    reported('message.edited', {
      editedMessageId: long,
      author: person,
      body: long,
      previousBody: long,
    }),
  );
  checkWrites(reported('poll.vote', { poll: messageId, voter: person, choices: many }));
});
