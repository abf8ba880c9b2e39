import type { DataOf } from '../envelope.ts';
import type { CategoryDocs, FieldDocs } from '../event-type-docs.ts';

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
      status: { description: 'The status of the session.' },
      at: { description: 'Since when.', unit: 'ISO-8601 UTC' },
    },
  },
  changedAt: {
    description:
      'When the session came into this state: the first of the last run of equal states, as far as `history` goes back.',
    unit: 'ISO-8601 UTC',
    absent: 'without `history`',
    source: '`statuses`',
  },
  passkey: {
    description:
      'What a person needs to log in with a passkey: what `navigator.credentials.get` takes.',
    absent: 'except in the two passkey states',
    source: '`data`',
    fields: {
      code: { description: 'Code to compare with the one on the phone.' },
      challenge: { description: 'Challenge for the browser’s WebAuthn call.' },
      timeout: { description: 'How long the browser may wait.', unit: 'milliseconds' },
      relyingParty: {
        description: 'Domain that the passkey belongs to: `rpId` of the call.',
        source: '`data.rpId`',
      },
      allowCredentials: {
        description: 'The passkeys that may be used.',
        absent: 'where any may',
        fields: {
          id: { description: 'Id of the passkey.', unit: 'base64url' },
          type: { description: 'Mostly `public-key`.' },
          transports: { description: 'How the browser reaches the authenticator.' },
        },
      },
      userVerification: { description: 'Whether the person must prove who they are.' },
    },
  },
  restriction: {
    description:
      'Whether WhatsApp forbids the account to begin chats. It comes with a state that repeats.',
    absent: 'where the sender says nothing of it, as before WAHA 2026.7.2',
    source: '`data.reachoutTimelock`, else `me.reachoutTimelock`',
    fields: {
      active: { description: 'False: the restriction has ended.' },
      type: { description: 'WhatsApp’s word for it, such as `RESTRICT_ALL_COMPANIONS`.' },
      until: {
        description: 'When it ends.',
        unit: 'ISO-8601 UTC',
        absent: 'where no end is given',
      },
    },
  },
  quota: {
    description: 'How many new chats WhatsApp lets the account begin.',
    absent: 'where the sender says nothing of it, as before WAHA 2026.8.1',
    source: '`data.messageCapping`, else `me.messageCapping`',
    fields: {
      status: {
        description:
          '`none`, `first-warning`, `second-warning`, `capped`, or another word of WhatsApp’s.',
      },
      used: { description: 'Chats begun in this period.' },
      total: { description: 'Chats that may be begun in it.', absent: 'where there is no limit' },
      from: { description: 'When the period began.', unit: 'ISO-8601 UTC' },
      until: { description: 'When it ends.', unit: 'ISO-8601 UTC' },
    },
  },
};

const stateExample = { connection: 'open', isNewLogin: false };

/** The documentation of the category `sessions`. */
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
