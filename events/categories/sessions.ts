import * as v from 'valibot';
import { field, instant } from '../data-field.ts';
import { eventIdKey } from '../event-id-key.ts';
import { toInstant } from '../instant.ts';
import { type AnyKind, kind } from '../kind.ts';
import { lazySchema } from '../lazy-schema.ts';
import { ownText } from '../own.ts';
import { present, presentOrNone } from '../present.ts';
import { opaque, wireFlag, wireText, wireTime } from '../wire-value.ts';

const STATUSES = [
  'STOPPED',
  'STARTING',
  'SCAN_QR_CODE',
  'PASSKEY_REQUIRED',
  'PASSKEY_CONFIRMATION_REQUIRED',
  'WORKING',
  'FAILED',
] as const;

const status = v.picklist([...STATUSES, 'UNKNOWN']);

const statusData = lazySchema(() =>
  v.object({
    status: field(
      status,
      'What the session does now, in WAHA’s words. `SCAN_QR_CODE` repeats with each new code; NOWEB and GOWS go through `STARTING` whenever they reconnect. `UNKNOWN` is a word that is not known yet.',
    ),
    history: field(
      v.array(
        v.object({
          status: field(status, 'What the session did.'),
          at: field(instant, 'Since when.', { unit: 'ISO-8601 UTC' }),
        }),
      ),
      'The last states, oldest first, the present one included.',
      { absent: 'before WAHA 2025.9.4 and from Wawp', source: '`statuses`' },
    ),
    changedAt: field(instant, 'When the session came into this state.', {
      unit: 'ISO-8601 UTC',
      absent: 'without `history`',
      source: 'the last of `statuses`',
    }),
    passkey: field(
      v.object({
        code: field(v.string(), 'Code to compare with the one on the phone.'),
        challenge: field(v.string(), 'Challenge for the browser’s WebAuthn call.'),
        relyingParty: field(v.string(), 'Domain that the passkey belongs to.', {
          source: '`data.rpId`',
        }),
      }),
      'What a person needs to log in with a passkey.',
      { absent: 'except in the two passkey states', source: '`data`' },
    ),
  }),
);

const statePayload = lazySchema(() =>
  v.object({
    connection: wireText,
    state: wireText,
    qr: wireText,
    isNewLogin: wireFlag,
    isOnline: wireFlag,
    receivedPendingNotifications: wireFlag,
    lastDisconnect: opaque,
  }),
);

const stateExample = { connection: 'open', isNewLogin: false };

/** Reads a status word; one that is not known yet must not cost the event. */
function readStatus(word: string | null | undefined): v.InferOutput<typeof status> | undefined {
  if (!word) return undefined;
  return STATUSES.find((known) => known === word) ?? 'UNKNOWN';
}

/** The account’s sessions: logged in, waiting for a code, failed. */
export const sessions = {
  'session.status': kind({
    summary: 'The session started, stopped, failed, or waits for somebody to log in.',
    variants: [
      'NOWEB leaves `name` out; `statuses` exists since WAHA 2025.9.4, `data` since 2026.7.',
      'Wawp: `name` and `status` only.',
    ],
    payload: () =>
      v.object({
        name: wireText,
        status: wireText,
        statuses: v.nullish(v.array(v.object({ status: wireText, timestamp: wireTime }))),
        data: opaque,
      }),
    data: statusData,
    read(wire) {
      const history = wire.statuses?.map((entry) =>
        present({ status: readStatus(entry.status), at: toInstant(entry.timestamp) }),
      );
      const now = readStatus(wire.status);
      const last = history?.at(-1);
      return present({
        status: now,
        history: history?.length ? history : undefined,
        changedAt: last?.status === now ? last?.at : undefined,
        passkey: presentOrNone({
          code: ownText(wire.data, 'code'),
          challenge: ownText(wire.data, 'challenge'),
          relyingParty: ownText(wire.data, 'rpId'),
        }),
      });
    },
    key: eventIdKey('session.status', 'a state may legitimately repeat, as each new QR code does.'),
    occurredAt: (data) => data.changedAt,
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
  }),
  'state.change': kind({
    summary: 'The engine’s own connection changed; its shape differs with the engine.',
    deprecated:
      'Use `session.status`. The payload may hold a QR code, with which anyone could log in.',
    variants: [
      'NOWEB: Baileys’ `connection.update`, every field of which is optional.',
      'WPP: its own state object.',
    ],
    payload: statePayload,
    data: () =>
      v.object({
        connection: field(v.string(), 'The engine’s word for its connection.', {
          source: '`connection` or `state`',
        }),
        qr: field(
          v.boolean(),
          'Whether the payload holds a QR code. The code itself stays in `raw`.',
        ),
        newLogin: field(v.boolean(), 'Whether somebody has just logged in.'),
      }),
    read: (wire) =>
      present({
        connection: wire.connection ?? wire.state ?? undefined,
        qr: typeof wire.qr === 'string' ? true : undefined,
        newLogin: wire.isNewLogin ?? undefined,
      }),
    key: {
      name: 'state.change',
      rule: 'The sender’s event id and time, else what the engine said.',
      parts: () => undefined,
      content: ({ payload }) => payload,
    },
    examples: {
      waha: { engine: 'NOWEB', payload: stateExample },
      wawp: { engine: 'NOWEB', payload: stateExample },
    },
  }),
} as const satisfies Record<string, AnyKind>;
