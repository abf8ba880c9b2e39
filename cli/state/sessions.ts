import { stateKeys } from '../../events/state/state-keys.ts';
import { printableJson } from '../../ops/printable.ts';
import { type Fact, textOf } from '../../ops/state/read-item.ts';
import type { StateReader } from '../../ops/state/state-reader.ts';
import { printRows, shortTime } from './print-rows.ts';
import { type StateOptions, withState } from './with-state.ts';

/** What is known of a session. Times are ISO-8601 UTC. */
export interface SessionView {
  readonly session: string;
  readonly status: string | undefined;
  /** Since when it is in that state. */
  readonly since: string | undefined;
  /** The account's address, and its name. */
  readonly account: string | undefined;
  readonly name: string | undefined;
  readonly engine: string | undefined;
}

/** `fanout sessions`: all of them; with `--session`, one and what it went through. */
export function sessions(options: StateOptions): Promise<void> {
  return withState(options, async (reader) => {
    const facts = await reader.partition(stateKeys.sessions);
    const rows = viewSessions(facts).filter(
      ({ session }) => options.session === undefined || session === options.session,
    );
    const empty = 'No session is known yet. fanout send session.status makes one.';
    const { session } = options;
    if (session === undefined || rows.length === 0) {
      printRows(rows, columns, { json: options.json, empty });
      return;
    }
    const history = await readHistory(reader, session);
    if (options.json) {
      console.log(printableJson({ ...rows[0], history }));
      return;
    }
    printRows(rows, columns, { empty });
    console.log();
    printRows(history, historyColumns, { empty: 'No history.' });
  });
}

const columns = [
  { title: 'session', cell: ({ session }: SessionView) => session },
  { title: 'status', cell: ({ status }: SessionView) => status },
  { title: 'since', cell: ({ since }: SessionView) => shortTime(since) },
  { title: 'account', cell: ({ account }: SessionView) => account },
  { title: 'name', cell: ({ name }: SessionView) => name },
  { title: 'engine', cell: ({ engine }: SessionView) => engine },
];

type Step = Awaited<ReturnType<typeof readHistory>>[number];

const historyColumns = [
  { title: 'when', cell: ({ at }: Step) => shortTime(at) },
  { title: 'status', cell: ({ status }: Step) => String(status) },
];

/** What a session went through, the newest first. */
export async function readHistory(reader: StateReader, session: string) {
  const facts = await reader.partition(stateKeys.sessionHistory(session));
  return facts.map(({ at, status }) => ({ at, status })).reverse();
}

/** Puts the sessions together from their facts. */
export function viewSessions(facts: readonly Fact[]): readonly SessionView[] {
  const accounts = new Map(facts.map((fact) => [fact.sk, fact]));
  return facts
    .filter(({ sk }) => sk.startsWith('status#'))
    .map((fact) => {
      const account = accounts.get(`account#${fact.sk.slice('status#'.length)}`);
      return {
        session: textOf(fact, 'session') ?? '',
        ...{ status: textOf(fact, 'status'), since: textOf(fact, 'at') },
        ...{ account: textOf(account, 'account'), name: textOf(account, 'name') },
        engine: textOf(fact, 'engine'),
      };
    });
}
