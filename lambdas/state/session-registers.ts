import type { EventTypeIn } from '../../events/catalog.ts';
import type { EventOf, Meta } from '../../events/envelope.ts';
import { ownText } from '../../events/own.ts';
import { stateKey, stateKeys, unnamedSession } from '../../events/state/state-keys.ts';
import {
  bounded,
  cut,
  earliest,
  happenedAt,
  latest,
  type Register,
  type RegistersOf,
} from './register.ts';

/**
 * The registers of the consumer `sessions`: the status, account and history of each session, and whether
 * WhatsApp restricts the account.
 */
export const sessionRegisters: RegistersOf<EventTypeIn<'sessions'>> = {
  'session.status': reported,
};

function reported({ meta, data, raw }: EventOf<'session.status'>): readonly Register[] {
  const session = meta.session ?? unnamedSession;
  const { status } = data;
  const pk = stateKeys.sessions;
  // Separate from the status, since most events of a session do not contain it.
  const restriction = data.restriction
    ? [
        latest({ pk, sk: stateKey('restriction', session) }, meta, {
          ...{ session, active: data.restriction.active, until: data.restriction.until },
          type: bounded(data.restriction.type),
        }),
      ]
    : [];
  if (status === undefined) {
    return restriction;
  }
  const account = accountOf(meta, raw);
  const { quota, changedAt } = data;
  const steps = data.history ?? [{ status, at: happenedAt(meta) }];
  return [
    ...restriction,
    latest({ pk, sk: stateKey('status', session) }, meta, {
      ...{ session, status, at: happenedAt(meta, changedAt) },
      ...{ sender: meta.sender, engine: meta.engine },
    }),
    ...(account ? [latest({ pk, sk: stateKey('account', session) }, meta, account)] : []),
    ...(quota
      ? [
          latest({ pk, sk: stateKey('quota', session) }, meta, {
            ...{ session, quota: bounded(quota), at: happenedAt(meta) },
          }),
        ]
      : []),
    ...steps.flatMap((step) => {
      if (step.at === undefined || step.status === undefined) {
        return [];
      }
      const sk = stateKey(step.at, step.status);
      const key = { pk: stateKeys.sessionHistory(session), sk };
      return [earliest(key, meta, { status: step.status, at: step.at })];
    }),
  ];
}

/**
 * The account of a session. It is separate from the status, since events of a failed session often do not
 * contain it.
 */
function accountOf(meta: Meta, raw: unknown) {
  const id = ownText(raw, 'me', 'id') ?? meta.account?.id;
  if (id === undefined) {
    return undefined;
  }
  const name = ownText(raw, 'me', 'pushName');
  return { account: cut(id), name: name && cut(name) };
}
