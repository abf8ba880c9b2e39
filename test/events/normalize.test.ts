import { describe, expect, test } from '@jest/globals';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { context, normalize, onlyEvent, receivedAt, wahaBody } from './webhook.ts';

const message = {
  id: 'false_12025550142@c.us_3EB0AA',
  timestamp: 1767268800,
  from: '12025550142@c.us',
  fromMe: false,
};

describe('the envelope', () => {
  test('has the fields that rules filter on, flat in meta', () => {
    const { meta } = onlyEvent(wahaBody('message', message, { session: 'shop' }));
    expect(meta).toStrictEqual({
      id: expect.stringMatching(/^message:[0-9a-f]{40}$/),
      version: '1',
      category: 'messages',
      type: 'message',
      session: 'shop',
      sender: 'waha',
      engine: 'NOWEB',
      senderVersion: '2026.4.1',
      senderEventId: 'evt_01kdwr7v000000000000000001',
      occurredAt: '2026-01-01T12:00:00.000Z',
      receivedAt: '2026-02-01T08:00:00.000Z',
      chat: '12025550142@c.us',
      fromMe: false,
      account: {
        id: '447700900100@c.us',
        phone: '+447700900100',
        lid: '118832900000100@lid',
      },
      requestId: 'request-1',
    });
  });

  test('omits fields that the body does not have', () => {
    const { meta } = onlyEvent({ event: 'presence.update', payload: {} });
    expect(Object.keys(meta)).toStrictEqual([
      'id',
      'version',
      'category',
      'type',
      'sender',
      'occurredAt',
      'receivedAt',
      'requestId',
    ]);
  });

  test('has the trace of the request, if any', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const bytes = new TextEncoder().encode(JSON.stringify(wahaBody('message', message)));
    const [event] = normalizeWebhook(bytes, { ...context, traceparent }).events;
    expect(event?.meta.traceparent).toBe(traceparent);
  });

  test('has the time of the payload, else of the sender, else of receipt', () => {
    const at = (payload: unknown, timestamp?: unknown) =>
      onlyEvent({ event: 'message', timestamp, payload }).meta.occurredAt;
    expect(at(message, 1769932800123)).toBe('2026-01-01T12:00:00.000Z');
    expect(at({}, 1769932800123)).toBe('2026-02-01T08:00:00.123Z');
    expect(at({}, 'soon')).toBe(receivedAt.toISOString());
    expect(at({})).toBe(receivedAt.toISOString());
  });

  test('does not use the last activity of a chat as the time of its archiving', () => {
    const body = wahaBody('chat.archive', {
      id: '12025550142@c.us',
      archived: true,
      timestamp: 1767268800,
    });
    expect(onlyEvent(body).meta.occurredAt).toBe('2026-02-01T08:00:00.123Z');
  });

  test('has the engine GOWS, which is named in the environment only', () => {
    const { engine, ...body } = wahaBody('message', message, { engine: 'GOWS' });
    expect(onlyEvent(body).meta.engine).toBe('GOWS');
  });

  test('keeps the full body unchanged', () => {
    const body = {
      ...wahaBody('message', { ...message, extra: [{ deep: null }] }),
      metadata: { 'user.id': '7' },
      new: 1,
    };
    expect(onlyEvent(body).raw).toStrictEqual(body);
  });

  test('cuts names that are too long', () => {
    const { meta } = onlyEvent({
      event: 'message',
      session: 's'.repeat(10_000),
      engine: 'e'.repeat(10_000),
    });
    expect(meta.session).toHaveLength(256);
    expect(meta.engine).toHaveLength(256);
  });
});

describe('the sender', () => {
  test('is WAHA if the body has an environment, and Wawp if it has the other fields without it', () => {
    expect(onlyEvent(exampleWebhook('message', 'waha')).meta.sender).toBe('waha');
    expect(onlyEvent(exampleWebhook('message', 'wawp')).meta.sender).toBe('wawp');
  });

  test('is WAHA if it is unknown', () => {
    expect(
      onlyEvent({ event: 'message', session: 'default', engine: 'WEBJS', payload: {} }).meta.sender,
    ).toBe('waha');
  });
});

describe('a body of several events', () => {
  test('as a list becomes one envelope for each, in order', () => {
    const { events } = normalize([wahaBody('message', message), wahaBody('nope', {}), 7]);
    expect(events.map(({ meta }) => meta.type)).toStrictEqual([
      'message',
      'unrecognized',
      'unrecognized',
    ]);
    expect(new Set(events.map(({ meta }) => meta.id)).size).toBe(3);
  });

  test('may have ten, but not eleven', () => {
    const ten = Array.from({ length: 10 }, (_, index) =>
      wahaBody('message', { ...message, id: `false_1@c.us_${index}` }),
    );
    expect(normalize(ten).events).toHaveLength(10);
    const eleven = [...ten, ten[0]];
    const event = onlyEvent(eleven);
    expect(event.data).toStrictEqual({ reason: 'too-many' });
    expect(event.raw).toStrictEqual(eleven);
  });

  test('becomes one unrecognized event if the list is empty', () => {
    expect(onlyEvent([])).toMatchObject({ data: { reason: 'not-an-envelope' }, raw: [] });
  });
});

describe('JSON inside a JSON string', () => {
  test('is read', () => {
    expect(onlyEvent(JSON.stringify(JSON.stringify(wahaBody('message', message)))).meta.type).toBe(
      'message',
    );
  });

  test('is unwrapped once, not twice', () => {
    const twice = JSON.stringify(JSON.stringify(JSON.stringify(wahaBody('message', message))));
    expect(onlyEvent(twice).data).toStrictEqual({ reason: 'not-an-envelope' });
  });

  test('is kept as text if it is not JSON inside', () => {
    expect(onlyEvent('"hello"')).toMatchObject({
      data: { reason: 'not-an-envelope' },
      raw: '"hello"',
    });
  });
});
