import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

const phoneAddress = '12025550142@c.us';
const person = { kind: 'user', id: phoneAddress, phone: '+12025550142' };

describe('an answer to an invitation', () => {
  const base = {
    id: `false_${phoneAddress}_RSVP`,
    timestamp: 1767268800,
    from: phoneAddress,
    participant: null,
    fromMe: false,
    source: 'app',
    eventCreationKey: {
      id: `true_${phoneAddress}_EVENT`,
      to: phoneAddress,
      from: 'me',
      fromMe: true,
    },
    ack: null,
    ackName: 'UNKNOWN',
    replyTo: null,
    _data: {},
  };

  test('has the author, the answer and the time', () => {
    const eventResponse = { response: 'GOING', timestampMs: 1767268800250, extraGuestCount: 2 };
    const data = dataOf('event.response', { ...base, eventResponse }, { engine: 'GOWS' });
    expect(data).toMatchObject({
      about: 'calendar-event',
      author: person,
      eventMessage: { id: 'EVENT', fromMe: true },
      answer: 'GOING',
      extraGuests: 2,
      respondedAt: '2026-01-01T12:00:00.250Z',
    });
  });

  test('has no answer if it could not be decrypted', () => {
    const data = dataOf(
      'event.response.failed',
      { ...base, eventResponse: null },
      { engine: 'GOWS' },
    );
    expect(data).toMatchObject({
      about: 'calendar-event',
      author: person,
      respondedAt: '2026-01-01T12:00:00.000Z',
    });
    expect(data).not.toHaveProperty('answer');
  });

  test('from Wawp is the end of an asynchronous request', () => {
    expect(
      dataOf('event.response', { requestId: 'r1', data: { status: 'completed' } }),
    ).toStrictEqual({ about: 'request', requestId: 'r1', status: 'completed' });
    expect(dataOf('event.response.failed', { requestId: 'r2', error: 'TIMEOUT' })).toStrictEqual({
      about: 'request',
      requestId: 'r2',
      error: 'TIMEOUT',
    });
  });
});
