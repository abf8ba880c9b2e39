import * as v from 'valibot';
import { eventIdKey } from '../event-id-key.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
import { type AnyKind, kind } from '../kind.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { own, ownText } from '../own.ts';
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
    status: v.optional(status),
    history: v.optional(
      v.array(
        v.object({
          status: v.optional(status),
          at: v.optional(instant),
        }),
      ),
    ),
    changedAt: v.optional(instant),
    passkey: v.optional(
      v.object({
        code: v.optional(v.string()),
        challenge: v.optional(v.string()),
        relyingParty: v.optional(v.string()),
      }),
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

/** What the engine said, without fields that nobody here knows. */
function knownFieldsOf(payload: OutputOf<typeof statePayload>): unknown {
  const names = Object.keys(statePayload().entries);
  return names.map((name) => own(payload, name) ?? null);
}

/** Reads a status word; one that is not known yet must not cost the event. */
function readStatus(word: string | null | undefined): v.InferOutput<typeof status> | undefined {
  if (!word) return undefined;
  return STATUSES.find((known) => known === word) ?? 'UNKNOWN';
}

/** The account’s sessions: logged in, waiting for a code, failed. */
export const sessions = {
  'session.status': kind({
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
    key: eventIdKey('session.status'),
    occurredAt: (data) => data.changedAt,
  }),
  'state.change': kind({
    payload: statePayload,
    data: () =>
      v.object({
        connection: v.optional(v.string()),
        qr: v.optional(v.boolean()),
        newLogin: v.optional(v.boolean()),
      }),
    read: (wire) =>
      present({
        connection: wire.connection ?? wire.state ?? undefined,
        qr: typeof wire.qr === 'string' ? true : undefined,
        newLogin: wire.isNewLogin ?? undefined,
      }),
    key: {
      name: 'state.change',
      content: ({ payload }) => knownFieldsOf(payload),
    },
  }),
} as const satisfies Record<string, AnyKind>;
