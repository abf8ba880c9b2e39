import type { EventTypeIn } from '../../events/catalog.ts';
import type { EventOf, Wire } from '../../events/envelope.ts';
import { own, ownText } from '../../events/own.ts';
import { stateKey } from '../../events/state/state-key.ts';
import { stateKeys, unnamedSession } from '../../events/state/state-keys.ts';
import { cut } from './bounded.ts';
import { earliest, latest, type Register, type RegistersOf } from './register.ts';

/** What the consumer `sessions` keeps: the status of each session, its number, and its history. */
export const sessionRegisters: RegistersOf<EventTypeIn<'sessions'>> = {
  'session.status': reported,
};

function reported({ meta, data, wire }: EventOf<'session.status'>): readonly Register[] {
  const session = meta.session ?? unnamedSession;
  const { status } = data;
  const pk = stateKeys.sessions;
  const isRestricted = own(data, 'restriction', 'active');
  const restriction =
    typeof isRestricted === 'boolean'
      ? [
          latest({ pk, sk: stateKey('restriction', session) }, meta, {
            session,
            restricted: isRestricted,
          }),
        ]
      : [];
  if (status === undefined) return restriction;
  const account = accountOf(wire);
  const steps = data.history ?? [{ status, at: meta.occurredAt }];
  return [
    ...restriction,
    latest({ pk, sk: stateKey('status', session) }, meta, {
      ...{ session, status, at: meta.occurredAt, sender: meta.sender, engine: meta.engine },
    }),
    ...(account ? [latest({ pk, sk: stateKey('account', session) }, meta, account)] : []),
    ...steps.flatMap((step) => {
      if (step.at === undefined || step.status === undefined) return [];
      const sk = stateKey(step.at, step.status);
      const key = { pk: stateKeys.sessionHistory(session), sk };
      return [earliest(key, meta, { status: step.status, at: step.at })];
    }),
  ];
}

/** Whose number it is. Apart from the status: a session that has failed often does not say it. */
function accountOf(wire: Wire) {
  const id = ownText(own(wire, 'me'), 'id');
  if (id === undefined) return undefined;
  const name = ownText(own(wire, 'me'), 'pushName');
  return { account: cut(id), name: name && cut(name) };
}
