import { describe, expect, test } from '@jest/globals';
import { exampleConversation } from '../../events/conversation.docs.ts';
import type { Envelope } from '../../events/envelope.ts';
import { onlyEvent } from './webhook.ts';

const endsAt = Date.UTC(2026, 4, 1, 12);

describe('the example conversation', () => {
  const steps = exampleConversation({ endsAt });
  const events = steps.map(({ webhook }) => onlyEvent(webhook) as Envelope);

  test('is read completely: each webhook becomes an event of its own type', () => {
    expect(events.map(({ meta }) => meta.type)).toEqual(steps.map(({ webhook }) => webhook.event));
  });

  test('is one conversation: every event of the customer’s chat names the same chat', () => {
    const chats = events.flatMap(({ meta }) => meta.chat ?? []);
    expect([...new Set(chats)].sort()).toEqual(['12025550142@c.us', '120363020000000042@g.us']);
  });

  test('shows the parts that consumers use: an order, a poll, a quote, a mention and a missed call', () => {
    const contents = events.map(({ data }) => (data as { content?: string }).content);
    expect(contents.filter(Boolean)).toEqual(['text', 'text', 'poll', 'order', 'text']);
    expect(events).toContainEqual(
      expect.objectContaining({
        data: expect.objectContaining({
          order: expect.objectContaining({ total: { amount: '42.50', currency: 'EUR' } }),
        }),
      }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ data: expect.objectContaining({ outcome: 'missed' }) }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ data: expect.objectContaining({ mentionsMe: true }) }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({
        data: expect.objectContaining({ replyTo: expect.objectContaining({}) }),
      }),
    );
  });

  test('happens in order, and ends when it is said to end', () => {
    const times = steps.map(({ webhook }) => webhook.timestamp);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBe(endsAt);
  });

  test('has new ids at each call, so that no event of it is a duplicate of an earlier one', () => {
    const again = exampleConversation({ endsAt }).map(
      ({ webhook }) => onlyEvent(webhook) as Envelope,
    );
    const ids = new Set(events.map(({ meta }) => meta.id));
    expect(again.filter(({ meta }) => ids.has(meta.id))).toEqual([]);
    expect(ids.size).toBe(events.length);
  });
});
