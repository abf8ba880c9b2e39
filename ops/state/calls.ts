import { stateKeys } from '../../events/state/state-keys.ts';
import { inParallel } from '../aws/in-parallel.ts';
import type { SessionChoice } from './page.ts';
import { compare, type PageOptions, type Rows, readPage } from './page.ts';
import { type Person, personIn } from './person.ts';
import { type Fact, type StateReader, textOf } from './state-reader.ts';

/** A call, and what became of it. Times are ISO-8601 UTC. */
export interface CallView {
  readonly session: string;
  readonly callId: string | undefined;
  readonly caller: Person | undefined;
  readonly chat: Person | undefined;
  readonly media: string | undefined;
  /** `received`: it rang, and no more is known. `rejected`: it was declined. */
  readonly outcome: 'received' | 'accepted' | 'rejected' | 'missed';
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
  const { entries, next } = await readPage(reader, lists, options);
  const newest = [...new Map(entries.toReversed().map((entry) => [entry.pk, entry])).values()];
  const found = await inParallel(newest.toReversed(), async ({ pk, of, sort }) => {
    const facts = await reader.partition(pk);
    // A call stands in the list once for each thing that happened; it is shown at the last.
    const last = facts.map(({ listSort = '' }) => listSort).sort(compare);
    return last.at(-1) === sort ? [viewCall(of, facts)] : [];
  });
  return { rows: found.flat(), next };
}

/** Builds a call from its facts. An accepted call stays accepted, whatever is reported later. */
export function viewCall(session: string, facts: readonly Fact[]): CallView {
  const [received, accepted, ended] = ['received', 'accepted', 'ended'].map((name) =>
    facts.find(({ sk }) => sk === name),
  );
  const reported = [received, accepted, ended].filter((fact) => fact !== undefined);
  const first = <T>(read: (fact: Fact) => T | undefined) =>
    reported.map(read).find((value) => value !== undefined);
  const isAccepted = accepted !== undefined || ended?.outcome === 'accepted-elsewhere';
  const unaccepted = ended && (ended.turnedDown ? 'rejected' : 'missed');
  return {
    session,
    callId: first((fact) => textOf(fact, 'callId')),
    caller: first((fact) => personIn(fact, 'caller')),
    chat: first((fact) => personIn(fact, 'chat')),
    media: first((fact) => textOf(fact, 'media')),
    outcome: isAccepted ? 'accepted' : (unaccepted ?? 'received'),
    receivedAt: textOf(received, 'at'),
    acceptedAt: textOf(accepted, 'at'),
    endedAt: textOf(ended, 'at'),
  };
}
