import { compilePattern, matches } from '@event-fanout/event-pattern';
import { describe, expect, test } from '@jest/globals';
import { eventTypes } from '../../events/catalog.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { type EventPattern, pattern } from '../../events/pattern.ts';
import { onlyEvent } from './webhook.ts';

const busEvents = eventTypes.flatMap((type) =>
  (['waha', 'wawp'] as const).map((sender) => ({
    source: 'whatsapp',
    'detail-type': type,
    detail: onlyEvent(exampleWebhook(type, sender)),
  })),
);

/** The event types and senders of the examples that a pattern matches. */
function matched(made: EventPattern): string[] {
  const compiled = compilePattern(made);
  return busEvents
    .filter((event) => matches(compiled, event))
    .map(({ detail }) => `${detail.meta.type} ${detail.meta.sender}`);
}

describe('a pattern', () => {
  test('has the form that EventBridge accepts', () => {
    const made = pattern({
      type: ['message', 'message.any'],
      where: {
        'data.chat.kind': 'group',
        'meta.fromMe': false,
        'data.chat.id': { suffix: '@g.us' },
      },
    });
    expect(made).toStrictEqual({
      source: ['whatsapp'],
      'detail-type': ['message', 'message.any'],
      detail: {
        data: { chat: { kind: ['group'], id: [{ suffix: '@g.us' }] } },
        meta: { fromMe: [false] },
      },
    });
  });

  test('of one event type matches that type from both senders', () => {
    expect(matched(pattern({ type: 'call.received' }))).toStrictEqual([
      'call.received waha',
      'call.received wawp',
    ]);
  });

  test('of a category matches its event types', () => {
    const types = new Set(
      matched(pattern({ category: ['calls', 'presence'] })).map((name) => name.split(' ')[0]),
    );
    expect([...types]).toStrictEqual([
      'presence.update',
      'call.received',
      'call.accepted',
      'call.rejected',
    ]);
  });

  test('without conditions matches everything', () => {
    expect(matched(pattern({}))).toHaveLength(busEvents.length);
  });

  test('of an event type and a category requires both', () => {
    expect(matched(pattern({ type: 'call.received', category: 'labels' }))).toStrictEqual([]);
  });

  test.each<[string, EventPattern, string[]]>([
    [
      'a value',
      pattern({ type: 'message', where: { 'data.authorName': 'Noor' } }),
      ['message waha'],
    ],
    [
      'one of several values',
      pattern({ where: { 'data.outcome': ['ringing', 'accepted'], 'meta.sender': 'waha' } }),
      ['call.received waha', 'call.accepted waha'],
    ],
    [
      'a prefix',
      pattern({ where: { 'meta.type': { prefix: 'label.chat.' }, 'meta.sender': 'wawp' } }),
      ['label.chat.added wawp', 'label.chat.deleted wawp'],
    ],
    [
      'a suffix',
      pattern({ type: 'message', where: { 'data.body': { suffix: 'stock?' } } }),
      ['message waha'],
    ],
    [
      'a wildcard',
      pattern({ type: 'message', where: { 'data.body': { wildcard: '*blue*' } } }),
      ['message waha'],
    ],
    [
      'a text in any case',
      pattern({
        type: 'message',
        where: { 'data.body': { 'equals-ignore-case': 'LISTEN TO THIS' } },
      }),
      ['message wawp'],
    ],
    [
      'a prefix in any case',
      pattern({
        type: 'message',
        where: { 'data.body': { prefix: { 'equals-ignore-case': 'LISTEN' } } },
      }),
      ['message wawp'],
    ],
    [
      'anything but a value',
      pattern({ type: 'message', where: { 'data.body': { 'anything-but': ['Listen to this'] } } }),
      ['message waha'],
    ],
    [
      'anything but a prefix',
      pattern({
        type: 'message',
        where: { 'data.chat.phone': { 'anything-but': { prefix: '+44' } } },
      }),
      ['message waha'],
    ],
    [
      'a field that exists',
      pattern({ type: 'message', where: { 'data.chat.lid': { exists: true } } }),
      ['message waha'],
    ],
    [
      'a field that does not',
      pattern({ type: 'message', where: { 'data.chat.lid': { exists: false } } }),
      ['message wawp'],
    ],
    [
      'a number in a range',
      pattern({ type: 'message.ack', where: { 'data.ack.level': { numeric: ['>=', 3] } } }),
      ['message.ack waha'],
    ],
    [
      'a number between two',
      pattern({ type: 'message.ack', where: { 'data.ack.level': { numeric: ['>', 1, '<', 3] } } }),
      ['message.ack wawp'],
    ],
    [
      'anything but a number',
      pattern({ type: 'message.ack', where: { 'data.ack.level': { 'anything-but': 3 } } }),
      ['message.ack wawp'],
    ],
    [
      'truth',
      pattern({ type: 'chat.archive', where: { 'data.archived': true } }),
      ['chat.archive waha'],
    ],
    [
      'an item of a list',
      pattern({ where: { 'data.participants.role': 'admin' } }),
      ['group.v2.participants wawp'],
    ],
    [
      'a text in a list',
      pattern({ type: 'poll.vote', where: { 'data.choices': 'Thursday' } }),
      ['poll.vote waha', 'poll.vote wawp'],
    ],
    [
      'one of several sets',
      pattern({
        where: {
          $or: [{ 'data.authorName': 'Noor', 'meta.type': 'message' }, { 'data.media': 'video' }],
        },
      }),
      ['message waha', 'call.received wawp'],
    ],
  ])('can match %s', (_what, made, names) => {
    expect(matched(made)).toStrictEqual(names);
  });
});
