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

  test('is the same for an ack that each device of its reader reports with a time of its own', () => {
    const ack = { messageId: { id: 'A' }, recipient: phone, ack: { level: 2, name: 'device' } };
    const at = (time: string) => ({ ...ack, at: time });
    expect(fingerprint(at('2026-01-01T12:00:00.000Z'))).toBe(fingerprint(ack));
    const call = (time: string) => ({ callId: 'A', at: time });
    expect(fingerprint(call('2026-01-01T12:00:00.000Z'))).not.toBe(fingerprint({ callId: 'A' }));
  });

  test('is the same for a picture whose type is unknown because it was not downloaded', () => {
    const [picture, unknown] = [{ content: 'image' }, { content: 'document' }];
    expect(fingerprint(picture)).toBe(fingerprint(unknown));
    expect(fingerprint({ content: 'unavailable' })).not.toBe(fingerprint(unknown));
  });
});
