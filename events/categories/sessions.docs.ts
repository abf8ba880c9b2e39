import type { DataOf } from '../envelope.ts';
import type { CategoryDocs, FieldDocs } from '../kind-docs.ts';

const statusFields: FieldDocs<DataOf<'session.status'>> = {
  status: {
    description:
      'What the session does now, in WAHA’s words. `SCAN_QR_CODE` repeats with each new code; NOWEB and GOWS go through `STARTING` whenever they reconnect. `UNKNOWN` is a word that is not known yet.',
  },
  history: {
    description: 'The last states, oldest first, the present one included.',
    absent: 'before WAHA 2025.9.4 and from Wawp',
    source: '`statuses`',
    fields: {
      status: { description: 'What the session did.' },
      at: { description: 'Since when.', unit: 'ISO-8601 UTC' },
    },
  },
  changedAt: {
    description: 'When the session came into this state.',
    unit: 'ISO-8601 UTC',
    absent: 'without `history`',
    source: 'the last of `statuses`',
  },
  passkey: {
    description: 'What a person needs to log in with a passkey.',
    absent: 'except in the two passkey states',
    source: '`data`',
    fields: {
      code: { description: 'Code to compare with the one on the phone.' },
      challenge: { description: 'Challenge for the browser’s WebAuthn call.' },
      relyingParty: { description: 'Domain that the passkey belongs to.', source: '`data.rpId`' },
    },
  },
};

const stateExample = { connection: 'open', isNewLogin: false };

/** What documents and demos need of sessions. */
export const sessionsDocs: CategoryDocs<'sessions'> = {
  'session.status': {
    summary: 'The session started, stopped, failed, or waits for somebody to log in.',
    variants: [
      'NOWEB leaves `name` out; `statuses` exists since WAHA 2025.9.4, `data` since 2026.7.',
      'Wawp: `name` and `status` only.',
    ],
    data: statusFields,
    key: 'The sender’s event id and time: a state may legitimately repeat, as each new QR code does.',
    examples: {
      waha: {
        engine: 'NOWEB',
        payload: {
          name: 'default',
          status: 'WORKING',
          statuses: [
            { status: 'STARTING', timestamp: 1767268790000 },
            { status: 'SCAN_QR_CODE', timestamp: 1767268795000 },
            { status: 'WORKING', timestamp: 1767268800000 },
          ],
          data: null,
        },
      },
      wawp: { engine: 'WEBJS', payload: { name: 'default', status: 'SCAN_QR_CODE' } },
    },
  },
  'state.change': {
    summary: 'The engine’s own connection changed; its shape differs with the engine.',
    deprecated:
      'Use `session.status`. The payload may hold a QR code, with which anyone could log in.',
    variants: [
      'NOWEB: Baileys’ `connection.update`, every field of which is optional.',
      'WPP: its own state object.',
    ],
    data: {
      connection: {
        description: 'The engine’s word for its connection.',
        source: '`connection` or `state`',
      },
      qr: { description: 'Whether the payload holds a QR code. The code itself stays in `raw`.' },
      newLogin: { description: 'Whether somebody has just logged in.' },
    },
    key: 'The sender’s event id and time, and what the engine said.',
    examples: {
      waha: { engine: 'NOWEB', payload: stateExample },
      wawp: { engine: 'NOWEB', payload: stateExample },
    },
  },
};
