import { describe, expect, test } from '@jest/globals';
import { dataOf } from '../webhook.ts';

describe('a session', () => {
  const statuses = [
    { status: 'STARTING', timestamp: 1767268799000 },
    { status: 'WORKING', timestamp: 1767268800000 },
  ];

  test('has its status, its history and the time of the status', () => {
    expect(
      dataOf('session.status', { name: 'default', status: 'WORKING', statuses, data: null }),
    ).toStrictEqual({
      status: 'WORKING',
      history: [
        { status: 'STARTING', at: '2026-01-01T11:59:59.000Z' },
        { status: 'WORKING', at: '2026-01-01T12:00:00.000Z' },
      ],
      changedAt: '2026-01-01T12:00:00.000Z',
    });
  });

  test('has only its status from Wawp and from old versions', () => {
    expect(dataOf('session.status', { name: 'default', status: 'STOPPED' })).toStrictEqual({
      status: 'STOPPED',
    });
    expect(dataOf('session.status', { status: 'STOPPED', statuses: [] })).toStrictEqual({
      status: 'STOPPED',
    });
  });

  test('has no time of the status if the history ends in another one', () => {
    expect(dataOf('session.status', { status: 'FAILED', statuses })).not.toHaveProperty(
      'changedAt',
    );
  });

  test('may have an unknown status', () => {
    expect(dataOf('session.status', { status: 'HIBERNATING' })).toStrictEqual({
      status: 'UNKNOWN',
    });
  });

  test('has the data that a person needs to log in with a passkey', () => {
    const challenge = {
      challenge: '9WVUYm9A',
      timeout: 60000,
      rpId: 'web.whatsapp.com',
      allowCredentials: [],
      userVerification: 'required',
    };
    expect(
      dataOf('session.status', { status: 'PASSKEY_REQUIRED', data: challenge }).passkey,
    ).toStrictEqual({
      challenge: '9WVUYm9A',
      timeout: 60000,
      relyingParty: 'web.whatsapp.com',
      userVerification: 'required',
    });
    expect(
      dataOf('session.status', { status: 'PASSKEY_CONFIRMATION_REQUIRED', data: { code: '1234' } })
        .passkey,
    ).toStrictEqual({ code: '1234' });
  });

  test('keeps a QR code out of its data', () => {
    const data = dataOf('state.change', { qr: '2@secret', connection: 'connecting' });
    expect(data).toStrictEqual({ connection: 'connecting', qr: true });
  });
});

describe('an event of the engine', () => {
  test.each([
    ['WAHA', { event: 'contacts.update', data: [1, 2] }],
    ['WAHA with the session', { session: 'default', event: 'contacts.update', data: 'text' }],
    ['Wawp', { raw: { event: 'contacts.update', data: {} } }],
  ])('has its name, from %s, and its content in `raw` only', (_sender, payload) => {
    expect(dataOf('engine.event', payload)).toStrictEqual({ name: 'contacts.update' });
  });
});
