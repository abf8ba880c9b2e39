import * as v from 'valibot';
import { type AnyEventType, defineEventType } from '../event-type.ts';
import { eventIdKey } from '../fact-key.ts';
import { toInstant } from '../instant.ts';
import { instant } from '../instant-data.ts';
import { lazySchema, type OutputOf } from '../lazy-schema.ts';
import { listOf, readCount } from '../message/engines/raw-value.ts';
import { own, ownText, present, presentOrNone } from '../own.ts';
import { itemsOf, opaque, wireFlag, wireList, wireText, wireTime } from '../wire-value.ts';

const statuses = [
  'STOPPED',
  'STARTING',
  'SCAN_QR_CODE',
  'PASSKEY_REQUIRED',
  'PASSKEY_CONFIRMATION_REQUIRED',
  'WORKING',
  'FAILED',
] as const;

const status = v.picklist([...statuses, 'UNKNOWN']);

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

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
        timeout: v.optional(count),
        relyingParty: v.optional(v.string()),
        allowCredentials: v.optional(
          v.array(
            v.object({
              id: v.optional(v.string()),
              type: v.optional(v.string()),
              transports: v.optional(v.array(v.string())),
            }),
          ),
        ),
        userVerification: v.optional(v.string()),
      }),
    ),
    restriction: v.optional(
      v.object({
        active: v.boolean(),
        type: v.optional(v.string()),
        until: v.optional(instant),
      }),
    ),
    quota: v.optional(
      v.object({
        status: v.string(),
        used: v.optional(count),
        total: v.optional(count),
        from: v.optional(instant),
        until: v.optional(instant),
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

/** The engine's report, without unknown fields. */
function knownFieldsOf(payload: OutputOf<typeof statePayload>): unknown {
  const names = Object.keys(statePayload().entries);
  return names.map((name) => own(payload, name) ?? null);
}

/** Reads a status. An unknown status is `UNKNOWN`, so that the event is still recognized. */
function readStatus(word: string | null | undefined): v.InferOutput<typeof status> | undefined {
  if (!word) {
    return undefined;
  }
  return statuses.find((known) => known === word) ?? 'UNKNOWN';
}

type Status = OutputOf<typeof statusData>;

/** When the current status began. A session may report the same status several times. */
function startOfRun(history: Status['history'], now: Status['status']): string | undefined {
  let start: string | undefined;
  for (const step of history?.toReversed() ?? []) {
    if (step.status !== now) {
      break;
    }
    start = step.at;
  }
  return start;
}

/** Reads the arguments for `navigator.credentials.get` of a browser, and the code that the phone shows. */
function readPasskey(data: unknown): Status['passkey'] {
  const credentials = listOf(own(data, 'allowCredentials')).map((credential) =>
    present({
      id: ownText(credential, 'id'),
      type: ownText(credential, 'type'),
      transports: textsOf(own(credential, 'transports')),
    }),
  );
  return presentOrNone({
    code: ownText(data, 'code'),
    challenge: ownText(data, 'challenge'),
    timeout: readCount(own(data, 'timeout')),
    relyingParty: ownText(data, 'rpId'),
    allowCredentials: credentials.length > 0 ? credentials : undefined,
    userVerification: ownText(data, 'userVerification'),
  });
}

function textsOf(value: unknown): string[] | undefined {
  const texts = listOf(value).filter((each) => typeof each === 'string');
  return texts.length > 0 ? texts : undefined;
}

/**
 * Reads whether WhatsApp forbids the account to start chats. `isActive: false` means that the restriction has
 * ended.
 */
function readRestriction(lock: unknown): Status['restriction'] {
  const active = own(lock, 'isActive') ?? own(lock, 'active');
  if (typeof active !== 'boolean') {
    return undefined;
  }
  return present({
    active,
    type: ownText(lock, 'enforcementType'),
    until: toInstant(own(lock, 'timeEnforcementEnds') ?? own(lock, 'until')),
  });
}

/** Reads how many new chats the account may start. WAHA writes -1 if there is no limit. */
function readQuota(capping: unknown): Status['quota'] {
  const word = ownText(capping, 'cappingStatus');
  if (word === undefined) {
    return undefined;
  }
  return present({
    status: word.slice(0, 64).toLowerCase().replaceAll('_', '-'),
    used: readCount(own(capping, 'usedQuota')),
    total: readCount(own(capping, 'totalQuota')),
    from: toInstant(own(capping, 'cycleStart')),
    until: toInstant(own(capping, 'cycleEnd')),
  });
}

/** The account’s sessions: logged in, waiting for a code, failed. */
export const sessions = {
  'session.status': defineEventType({
    payload: () =>
      v.object({
        name: wireText,
        status: wireText,
        statuses: wireList(v.object({ status: wireText, timestamp: wireTime })),
        data: opaque,
      }),
    data: statusData,
    read(wire, { limits }) {
      const history = itemsOf(wire.statuses)?.map((entry) =>
        present({ status: readStatus(entry.status), at: toInstant(entry.timestamp) }),
      );
      const now = readStatus(wire.status);
      return present({
        status: now,
        history: history?.length ? history : undefined,
        changedAt: startOfRun(history, now),
        passkey: readPasskey(wire.data),
        restriction: readRestriction(
          own(wire.data, 'reachoutTimelock') ??
            own(wire.data, 'restriction') ??
            limits?.reachoutTimelock,
        ),
        quota: readQuota(own(wire.data, 'messageCapping') ?? limits?.messageCapping),
      });
    },
    key: eventIdKey('session.status'),
    isIdentified: (data) => data.status !== undefined,
    about: 'a status',
    // A status that is reported again because the account changed has its own time.
    occurredAt: ({ history, status: now }) => {
      const last = history?.at(-1);
      return last?.status === now ? last?.at : undefined;
    },
  }),
  'state.change': defineEventType({
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
    // Every field is optional, and the content may be in fields that are not read.
    isIdentified: (_data, payload) => Object.keys(payload).length > 0,
    about: 'a state',
  }),
} as const satisfies Record<string, AnyEventType>;
