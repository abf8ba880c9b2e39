import { describe, expect, test } from '@jest/globals';
import { fingerprint } from '../../events/fingerprint.ts';

const phone = { kind: 'user', id: '12025550142@c.us', phone: '+12025550142' };
const hidden = { kind: 'user', id: '206158430200142@lid', lid: '206158430200142@lid' };

/** A message that names people wherever a message can. */
const messageBy = (person: object & { readonly id: string }) => ({
  messageId: { id: 'A', fromMe: false, chat: person.id, serialized: `false_${person.id}_A` },
  ...{ chat: person, author: person, direction: 'inbound', body: 'Hi' },
  mentions: [person],
  product: { id: 'p1', seller: person },
  replyTo: { messageId: 'B', author: person, chat: person, body: 'Yes?' },
});

describe('the fingerprint of a fact', () => {
  test('is the same for copies with phone numbers and with hidden ids', () => {
    const both = { ...phone, lid: hidden.lid };
    expect(fingerprint(messageBy(hidden))).toBe(fingerprint(messageBy(phone)));
    expect(fingerprint(messageBy(both))).toBe(fingerprint(messageBy(phone)));
  });

  test('is different for another text, another quoted text and another product', () => {
    const message = messageBy(phone);
    const others = [
      { ...message, body: 'Ho' },
      { ...message, replyTo: { ...message.replyTo, body: 'No?' } },
      { ...message, product: { ...message.product, id: 'p2' } },
    ];
    expect(new Set([message, ...others].map(fingerprint)).size).toBe(4);
  });
});
