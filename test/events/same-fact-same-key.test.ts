import { describe, expect, test } from '@jest/globals';
import { eventTypes } from '../../events/catalog.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import {
  bareId,
  first,
  groupAddress,
  key,
  lidAddress,
  message,
  phoneAddress,
  second,
} from './one-message.ts';
import { isOneFact, onlyEvent, wahaBody } from './webhook.ts';

describe('the same fact reported twice has one key', () => {
  test('as message and as message.any, with one event id (NOWEB, GOWS) or two (WEBJS, WPP)', () => {
    expect(key('message.any', message, first)).toBe(key('message', message, first));
    expect(key('message.any', message, second)).toBe(key('message', message, first));
  });

  test('as message and message.any without an id but with one event id', () => {
    const { id: _, ...withoutId } = message;
    expect(key('message.any', withoutId, first)).toBe(key('message', withoutId, first));
  });

  test('as the copy by hidden id and the copy by phone number', () => {
    const byLid = { ...message, id: `false_${lidAddress}_${bareId}`, from: lidAddress };
    const byPhone = wahaBody('message', message, first);
    expect(isOneFact(wahaBody('message', byLid, second), byPhone)).toBe(true);
    expect(isOneFact(wahaBody('message.any', byLid, second), byPhone)).toBe(true);
  });

  test('as the copy by hidden id and the copy by phone number in a group, whose author has two addresses', () => {
    const copy = (author: string) => ({
      ...message,
      id: `false_${groupAddress}_${bareId}_${author}`,
      ...{ from: groupAddress, participant: author },
    });
    const byPhone = wahaBody('message', copy(phoneAddress), first);
    expect(isOneFact(wahaBody('message.any', copy(lidAddress), second), byPhone)).toBe(true);
  });

  test.each([
    ['the server of NOWEB', '12025550142@s.whatsapp.net'],
    ['a device', '12025550142:7@c.us'],
    ['a device of NOWEB', '12025550142:12@s.whatsapp.net'],
  ])('by a phone number with %s', (_form, address) => {
    const copy = { ...message, id: `false_${address}_${bareId}`, from: address };
    expect(key('message', copy, second)).toBe(key('message', message, first));
  });

  test('as a repeated acknowledgement', () => {
    const ack = {
      id: `true_${phoneAddress}_${bareId}`,
      from: phoneAddress,
      fromMe: true,
      ack: 3,
      ackName: 'READ',
    };
    expect(key('message.ack', ack, second)).toBe(key('message.ack', ack, first));
    const byLid = { ...ack, id: `true_${lidAddress}_${bareId}`, from: lidAddress };
    const byPhone = wahaBody('message.ack', ack, first);
    expect(isOneFact(wahaBody('message.ack', byLid, second), byPhone)).toBe(true);
  });

  test('as a group’s acknowledgement before WAHA 2025.12.2 and since', () => {
    const ack = {
      id: `true_${groupAddress}_${bareId}_${lidAddress}`,
      from: groupAddress,
      participant: phoneAddress,
      fromMe: true,
      ack: 3,
      ackName: 'READ',
    };
    expect(key('message.ack', ack, second)).toBe(key('message.ack.group', ack, first));
  });

  test.each(eventTypes)('by the webhook of the session and the global webhook: %s', (type) => {
    const body = exampleWebhook(type, 'waha');
    const again = onlyEvent(structuredClone(body));
    expect(again.meta.id).toBe(onlyEvent(body).meta.id);
  });

  test('as a deletion that is reported twice', () => {
    const after = { ...message, id: `false_${phoneAddress}_ACTION` };
    const revoked = { after, before: null, revokedMessageId: bareId };
    expect(key('message.revoked', revoked, second)).toBe(key('message.revoked', revoked, first));
  });

  test('as the end of one request of Wawp', () => {
    const payload = { requestId: 'r1', data: { status: 'completed' } };
    expect(key('event.response', payload, second)).toBe(key('event.response', payload, first));
  });
});
