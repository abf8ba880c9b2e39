import { describe, expect, test } from '@jest/globals';
import { normalize, wahaBody } from './webhook.ts';

const driftOf = (body: unknown) => normalize(body).drift;
const fieldsOf = (event: string, payload: unknown) =>
  driftOf(wahaBody(event, payload)).unknownFields.map(({ path, type }) => `${path}: ${type}`);

describe('drift', () => {
  test('reports an event type that the catalog does not know', () => {
    expect(driftOf(wahaBody('message.pinned', { a: 1 }))).toStrictEqual({
      unknownEvents: ['message.pinned'],
      unknownFields: [],
    });
  });

  test('shortens a very long name', () => {
    expect(driftOf({ event: 'x'.repeat(9999) }).unknownEvents[0]).toHaveLength(128);
  });

  test('reports fields that the catalog does not know, with their types and never their values', () => {
    const payload = {
      id: 'false_1@c.us_A',
      viewOnce: true,
      media: { url: 'x', size: 12, dims: { w: 1 } },
      replyTo: { id: 'A', kind: null },
      mentions: ['12025550142@c.us'],
    };
    expect(fieldsOf('message', payload)).toStrictEqual([
      'payload.viewOnce: boolean',
      'payload.media.size: number',
      'payload.media.dims: object',
      'payload.replyTo.kind: null',
      'payload.mentions: array',
    ]);
  });

  test('reports the event type of a field', () => {
    expect(driftOf(wahaBody('chat.archive', { x: 1 })).unknownFields).toStrictEqual([
      { event: 'chat.archive', path: 'payload.x', type: 'number' },
    ]);
  });

  test('reports fields of objects in lists', () => {
    const participants = [{ id: 'a@lid', tag: 'x' }];
    expect(fieldsOf('group.v2.participants', { participants })).toStrictEqual([
      'payload.participants[].tag: string',
    ]);
  });

  test('reports fields beside the payload, and in `me` and `environment`', () => {
    const body = {
      ...wahaBody('presence.update', {}),
      trace: 'x',
      me: { id: '1@c.us', avatar: 'x' },
      environment: { version: '2027.1.1', engine: 'GOWS', region: 7 },
    };
    expect(driftOf(body).unknownFields.map(({ path }) => path)).toStrictEqual([
      'me.avatar',
      'environment.region',
      'trace',
    ]);
  });

  test('ignores the engine’s own object and the user’s metadata', () => {
    expect(fieldsOf('message', { _data: { anything: { at: ['all'] } } })).toStrictEqual([]);
    expect(fieldsOf('engine.event', { event: 'x', data: { anything: 1 } })).toStrictEqual([]);
    expect(
      driftOf({ ...wahaBody('message', {}), metadata: { 'user.id': '7', anything: 'x' } })
        .unknownFields,
    ).toStrictEqual([]);
  });

  test('replaces a name that may be data by a star', () => {
    const payload = { '12025550142@c.us': 1, 'with space': 2, ['x'.repeat(100)]: 3, __proto__x: 4 };
    expect(fieldsOf('message', payload)).toStrictEqual([
      'payload.*: number',
      'payload.*: number',
      'payload.*: number',
      'payload.__proto__x: number',
    ]);
  });

  test('treats an object that Wawp writes instead of a list as the list', () => {
    expect(fieldsOf('message', { vCards: { '0': 'BEGIN:VCARD' } })).toStrictEqual([]);
    expect(
      fieldsOf('group.v2.leave', { chatId: 'x@g.us', participants: { '0': 'a@c.us' } }),
    ).toStrictEqual([]);
  });

  test('reports at most twenty fields, however many there are', () => {
    const payload = Object.fromEntries(
      Array.from({ length: 90_000 }, (_, index) => [`field${index}`, index]),
    );
    expect(fieldsOf('message', payload)).toHaveLength(20);
  });

  test('is collected from all events of a list', () => {
    const drift = driftOf([wahaBody('a', {}), wahaBody('message', { x: 1 }), wahaBody('b', {})]);
    expect(drift.unknownEvents).toStrictEqual(['a', 'b']);
    expect(drift.unknownFields).toHaveLength(1);
  });
});
