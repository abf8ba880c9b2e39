import {
  type CallOutcome,
  callOutcome,
  callStarts,
  isStep,
  type StepName,
} from '../../events/state/call-steps.ts';
import { comparePersons, type Person } from '../../events/state/person.ts';
import { stateKeys } from '../../events/state/state-keys.ts';
import { inParallel } from '../aws/connect.ts';
import { completed, personIn } from './person.ts';
import {
  compare,
  type Fact,
  type PageOptions,
  type Rows,
  readRows,
  type SessionChoice,
  type StateReader,
  textOf,
} from './state-reader.ts';

/** A session as the state knows it. Times are ISO-8601 UTC. */
export interface SessionView {
  readonly session: string;
  readonly status: string | undefined;
  /** Time of the last change of the status. */
  readonly since: string | undefined;
  /** The account's address, and its name. */
  readonly account: string | undefined;
  readonly name: string | undefined;
  readonly engine: string | undefined;
  /** Whether WhatsApp forbids the account to start chats now, if the sender reports it. */
  readonly restricted: boolean;
  /** When that ends, or ended. */
  readonly restrictedUntil: string | undefined;
}

/** The history of a session, newest first. */
export async function readHistory(reader: StateReader, session: string) {
  const facts = await reader.partition(stateKeys.sessionHistory(session));
  return facts.map(({ at, status }) => ({ at, status })).reverse();
}

/**
 * Builds the sessions from their facts.
 *
 * @param now epoch milliseconds; a sender need not report that a restriction has ended
 */
export function viewSessions(facts: readonly Fact[], now = Date.now()): readonly SessionView[] {
  const byKey = new Map(facts.map((fact) => [fact.sk, fact]));
  return facts
    .filter(({ sk }) => sk.startsWith('status#'))
    .map((fact) => {
      const name = fact.sk.slice('status#'.length);
      const account = byKey.get(`account#${name}`);
      const restriction = byKey.get(`restriction#${name}`);
      const until = textOf(restriction, 'until');
      return {
        session: textOf(fact, 'session') ?? '',
        ...{ status: textOf(fact, 'status'), since: textOf(fact, 'at') },
        ...{ account: textOf(account, 'account'), name: textOf(account, 'name') },
        engine: textOf(fact, 'engine'),
        restricted: restriction?.active === true && !(Date.parse(until ?? '') <= now),
        restrictedUntil: until,
      };
    });
}

/** A call and its outcome. Times are ISO-8601 UTC. */
export interface CallView {
  readonly session: string;
  readonly callId: string | undefined;
  readonly caller: Person | undefined;
  readonly chat: Person | undefined;
  readonly media: string | undefined;
  readonly outcome: CallOutcome;
  readonly receivedAt: string | undefined;
  readonly acceptedAt: string | undefined;
  readonly endedAt: string | undefined;
}

/** The calls, the newest first, and where the next page begins. */
export async function readCalls(
  reader: StateReader,
  options: PageOptions & SessionChoice,
): Promise<Rows<CallView>> {
  const sessions = await reader.sessions(stateKeys.callSessions, options.session);
  const lists = sessions.map((session) => ({ list: stateKeys.calls(session), of: session }));
  return readRows(reader, lists, options, async (entries) => {
    const found = await inParallel(entries, async (entry) => {
      const { of, sk, call } = entry;
      const facts = await reader.partition(stateKeys.call(of, String(call)));
      const calls = callsIn(await completed(reader, of, facts));
      // The list has an entry for each step of a call; the call is shown at the last one.
      const isLast = (each: readonly Fact[]) =>
        each
          .map(({ at }) => String(at))
          .toSorted(compare)
          .at(-1) === sk.split('#')[0];
      return calls.filter(isLast).map((each) => [entry, viewCall(of, each)] as const);
    });
    // Two steps in one second, or two addresses of a caller, result in two entries of one call.
    return [...new Map(found.flat().map((each) => [JSON.stringify(each[1]), each])).values()];
  });
}

/**
 * Groups the facts of one call id by call: two callers may use the same id, and a caller may use it again.
 * The facts of a call are in the order of their versions.
 */
function callsIn(facts: readonly Fact[]): readonly (readonly Fact[])[] {
  const steps = facts
    .filter((fact) => isStep(fact))
    .sort((a, b) => (a.version < b.version ? -1 : 1));
  const isOf = (caller: Person | undefined) => (fact: Fact) =>
    comparePersons(caller, personIn(fact, 'caller')) !== 'different';
  const callers: (Person | undefined)[] = [];
  for (const fact of steps) {
    const caller = personIn(fact, 'caller');
    if (caller && !callers.some((other) => isOf(other)(fact))) {
      callers.push(caller);
    }
  }
  return (callers.length === 0 ? [undefined] : callers).flatMap((caller) => {
    const own = steps.filter(isOf(caller));
    const startOf = callStarts(own);
    return [...Map.groupBy(own, ({ at }) => startOf(String(at))).values()];
  });
}

/** Builds a call from its facts. If a step was reported more than once, the earliest fact is shown. */
function viewCall(session: string, facts: readonly Fact[]): CallView {
  const stepAt = (name: StepName) =>
    textOf(
      facts.find((fact) => isStep(fact, name)),
      'at',
    );
  const first = <T>(read: (fact: Fact) => T | undefined) =>
    facts.map(read).find((value) => value !== undefined);
  return {
    session,
    callId: first((fact) => textOf(fact, 'callId')),
    caller: first((fact) => personIn(fact, 'caller')),
    chat: first((fact) => personIn(fact, 'chat')),
    media: first((fact) => textOf(fact, 'media')),
    outcome: callOutcome(facts),
    receivedAt: stepAt('received'),
    acceptedAt: stepAt('accepted'),
    endedAt: stepAt('ended'),
  };
}
