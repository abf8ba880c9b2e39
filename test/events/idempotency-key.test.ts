import { describe, expect, test } from '@jest/globals';
import { eventTypes } from '../../events/catalog.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { type BodyFields, onlyEvent, wahaBody } from './webhook.ts';

const PHONE = '12025550142@c.us';
const LID = '206158430200142@lid';

const key = (event: string, payload: unknown, fields?: BodyFields) =>
  onlyEvent(wahaBody(event, payload, fields)).meta.id;

const first: BodyFields = { id: 'evt_01kdwr7v000000000000000001', timestamp: 1769932800001 };
const second: BodyFields = { id: 'evt_01kdwr7v000000000000000002', timestamp: 1769932800002 };

describe('a missing id', () => {
  test.each(eventTypes)('of an empty payload makes the event id and time stand in: %s', (type) => {
    expect(key(type, {}, first)).not.toBe(key(type, {}, second));
    expect(key(type, {}, first)).toBe(key(type, {}, first));
    expect(key(type, {}, first)).not.toBe(key(type, {}, { ...first, session: 'other' }));
  });

  test.each(eventTypes)(
    'of an event that is only a placeholder does not make one of two: %s',
    (type) => {
      const placeholder = { id: 'evt_01...', timestamp: 1634567890123 };
      const other = eventTypes.find(
        (name) => name !== type && !(name.startsWith('message') && type.startsWith('message')),
      );
      expect(key(type, {}, placeholder)).not.toBe(key(other ?? '', {}, placeholder));
    },
  );

  test('of a message that is only a placeholder does not make one of two', () => {
    const of = (body: string) => ({ id: `false_${PHONE}_...`, newBody: body, prevBody: 'x' });
    const placeholder = { id: 'evt_01...', timestamp: 1634567890123 };
    expect(key('message.edited', of('a'), placeholder)).not.toBe(
      key('message.edited', of('b'), placeholder),
    );
  });

  test('of the event, with other data beside the same event id, is another fact', () => {
    expect(key('session.status', { status: 'WORKING' }, first)).not.toBe(
      key('session.status', { status: 'FAILED' }, first),
    );
  });

  test('and no time at all leave what the payload says', () => {
    const old = { id: undefined, timestamp: undefined };
    expect(key('presence.update', { id: PHONE }, old)).toBe(
      key('presence.update', { id: PHONE }, old),
    );
    expect(key('presence.update', { id: PHONE }, old)).not.toBe(
      key('presence.update', { id: LID }, old),
    );
  });
});

describe('a key', () => {
  test.each(eventTypes)('is short, printable, and tells nothing of the content: %s', (type) => {
    for (const sender of ['waha', 'wawp'] as const) {
      const { id } = onlyEvent(exampleWebhook(type, sender)).meta;
      expect(id).toMatch(/^[a-z0-9.-]+:[0-9a-f]{40}$/);
      expect(id.length).toBeLessThanOrEqual(128);
      expect(id).not.toMatch(/12025550142|447700900/);
    }
  });

  test('keeps its parts apart whatever characters they hold', () => {
    expect(key('call.received', { id: 'a","b' }, { session: 's' })).not.toBe(
      key('call.received', { id: 'b' }, { session: 's","a' }),
    );
  });
});
