import type { DataOf } from '../envelope.ts';
import type { CategoryDocs, FieldDocs } from '../event-type-docs.ts';

const statusFields: FieldDocs<DataOf<'session.status'>> = {
  status: {
    description:
      'The status of the session, as named by WAHA. `SCAN_QR_CODE` repeats with each new code. NOWEB and GOWS report `STARTING` at each reconnect. `UNKNOWN`: the catalog does not know the status.',
  },
  history: {
    description: 'The last statuses, oldest first, including the current one.',
    absent: 'before WAHA 2025.9.4 and from Wawp',
    source: '`statuses`',
    fields: {
      status: { description: 'The status of the session.' },
      at: { description: 'When it began.', unit: 'ISO-8601 UTC' },
    },
  },
  changedAt: {
    description: 'When the current status began, as far as `history` shows it.',
    unit: 'ISO-8601 UTC',
    absent: 'without `history`',
    source: '`statuses`',
  },
  passkey: {
    description: 'Data for a login with a passkey: the options of `navigator.credentials.get`.',
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
        absent: 'if any passkey may be used',
        fields: {
          id: { description: 'Id of the passkey.', unit: 'base64url' },
          type: { description: 'Usually `public-key`.' },
          transports: { description: 'How the browser reaches the authenticator.' },
        },
      },
      userVerification: { description: 'Whether the authenticator must verify the person.' },
    },
  },
  restriction: {
    description:
      'Whether WhatsApp forbids the account to start chats. It is reported with a repeated status.',
    absent: 'if the sender does not report it, such as WAHA before 2026.7.2',
    source: '`data.reachoutTimelock`, else `me.reachoutTimelock`',
    fields: {
      active: { description: 'Whether the restriction is active; false when it has ended.' },
      type: {
        description: 'WhatsApp’s name of the restriction, such as `RESTRICT_ALL_COMPANIONS`.',
      },
      until: {
        description: 'When it ends.',
        unit: 'ISO-8601 UTC',
        absent: 'if the restriction has no end',
      },
    },
  },
  quota: {
    description: 'Number of new chats that WhatsApp allows the account to start.',
    absent: 'if the sender does not report it, such as WAHA before 2026.8.1',
    source: '`data.messageCapping`, else `me.messageCapping`',
    fields: {
      status: {
        description:
          '`none`, `first-warning`, `second-warning`, `capped`, or another value of WhatsApp.',
      },
      used: { description: 'Chats started in this period.' },
      total: {
        description: 'Chats that may be started in this period.',
        absent: 'if there is no limit',
      },
      from: { description: 'When the period began.', unit: 'ISO-8601 UTC' },
      until: { description: 'When it ends.', unit: 'ISO-8601 UTC' },
    },
  },
};

const stateExample = { connection: 'open', isNewLogin: false };

/** The documentation of the category `sessions`. */
export const sessionsDocs: CategoryDocs<'sessions'> = {
  'session.status': {
    summary: 'The session started, stopped, failed, or waits for a login.',
    variants: [
      'NOWEB omits `name`; `statuses` exists since WAHA 2025.9.4, `data` since 2026.7.',
      'Wawp: `name` and `status` only.',
    ],
    data: statusFields,
    key: 'The sender’s event id and time, because a status can repeat, for example with each new QR code.',
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
    summary: 'The connection of the engine changed; the payload depends on the engine.',
    deprecated:
      'Use `session.status`. The payload may contain a QR code with which anyone can log in.',
    variants: [
      'NOWEB: Baileys’ `connection.update`, every field of which is optional.',
      'WPP: its own state object.',
    ],
    data: {
      connection: {
        description: 'The engine’s name for the state of its connection.',
        source: '`connection` or `state`',
      },
      qr: { description: 'Whether the payload contains a QR code. The code is in `raw` only.' },
      newLogin: { description: 'Whether a login has just happened.' },
    },
    key: 'The sender’s event id and time, and the engine’s data.',
    examples: {
      waha: { engine: 'NOWEB', payload: stateExample },
      wawp: { engine: 'NOWEB', payload: stateExample },
    },
  },
};
