import { stateKeys } from '../../events/state/state-keys.ts';
import { printableJson } from '../../ops/printable.ts';
import { readHistory, type SessionView, viewSessions } from '../../ops/state/sessions.ts';
import { printRows, type StateOptions, shortTime, withState } from './state-command.ts';

/** `fanout state sessions`: all of them; with `--session`, one and what it went through. */
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
  {
    title: 'restricted',
    cell: ({ restricted, restrictedUntil }: SessionView) =>
      restricted ? shortTime(restrictedUntil) || 'yes' : undefined,
  },
];

type Step = Awaited<ReturnType<typeof readHistory>>[number];

const historyColumns = [
  { title: 'when', cell: ({ at }: Step) => shortTime(at) },
  { title: 'status', cell: ({ status }: Step) => String(status) },
];
