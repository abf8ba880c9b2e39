import { stateKeys } from '../../events/state/state-keys.ts';
import { type Fact, type StateReader, textOf } from './state-reader.ts';

/** The state of a session. Times are ISO-8601 UTC. */
export interface SessionView {
  readonly session: string;
  readonly status: string | undefined;
  /** When its current status began. */
  readonly since: string | undefined;
  /** The account's address, and its name. */
  readonly account: string | undefined;
  readonly name: string | undefined;
  readonly engine: string | undefined;
  /** Whether WhatsApp forbids the account to start chats, as reported by the sender. */
  readonly restricted: boolean;
  /** When the restriction ends. */
  readonly restrictedUntil: string | undefined;
}

/** The history of a session, newest first. */
export async function readHistory(reader: StateReader, session: string) {
  const facts = await reader.partition(stateKeys.sessionHistory(session));
  return facts.map(({ at, status }) => ({ at, status })).reverse();
}

/** Builds the sessions from their facts. */
export function viewSessions(facts: readonly Fact[]): readonly SessionView[] {
  const byKey = new Map(facts.map((fact) => [fact.sk, fact]));
  return facts
    .filter(({ sk }) => sk.startsWith('status#'))
    .map((fact) => {
      const name = fact.sk.slice('status#'.length);
      const account = byKey.get(`account#${name}`);
      const restriction = byKey.get(`restriction#${name}`);
      return {
        session: textOf(fact, 'session') ?? '',
        ...{ status: textOf(fact, 'status'), since: textOf(fact, 'at') },
        ...{ account: textOf(account, 'account'), name: textOf(account, 'name') },
        engine: textOf(fact, 'engine'),
        restricted: restriction?.active === true,
        restrictedUntil: textOf(restriction, 'until'),
      };
    });
}
