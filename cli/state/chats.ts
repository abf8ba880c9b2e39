import { stateKeys } from '../../events/state/state-keys.ts';
import { inParallel } from '../../ops/aws/in-parallel.ts';
import { type PageOptions, type Rows, readPage } from '../../ops/state/page.ts';
import { nameOf, type Person, personIn } from '../../ops/state/person.ts';
import { textOf } from '../../ops/state/read-item.ts';
import type { StateReader } from '../../ops/state/state-reader.ts';
import { printNext, printRows, shortTime } from './print-rows.ts';
import { type StateOptions, withState } from './with-state.ts';

/** A chat in the list. */
export interface ChatRow {
  readonly session: string;
  readonly chat: Person | undefined;
  /** Name that the other person chose, or subject of the group. */
  readonly name: string | undefined;
  readonly lastActivity: string | undefined;
  /** Type of the last event. */
  readonly last: string | undefined;
  readonly direction: string | undefined;
  /** Other addresses of the same person. */
  readonly aliases: readonly string[];
}

/** `fanout chats`: the chats by last activity. */
export function chats(options: StateOptions & PageOptions): Promise<void> {
  return withState(options, async (reader) => {
    const { rows, next } = await readChats(reader, options);
    printRows(rows, columns, {
      json: options.json,
      empty:
        'No chat is known yet. A message makes one: fanout send message. In AWS, only where the setting keepState is all or names messages.',
    });
    printNext(next);
  });
}

/** The chats by last activity, and where the next page begins. */
export async function readChats(
  reader: StateReader,
  options: PageOptions & Pick<StateOptions, 'session'>,
): Promise<Rows<ChatRow>> {
  const sessions = await reader.sessions(stateKeys.messageSessions, options.session);
  const lists = sessions.map((session) => ({ list: stateKeys.chats(session), of: session }));
  const { entries, next } = await readPage(reader, lists, options);
  const rows = await inParallel(entries, ({ pk, of }) => readChat(reader, of, pk));
  return { rows: withoutAliases(rows), next };
}

const columns = [
  { title: 'chat', cell: ({ chat }: ChatRow) => nameOf(chat) },
  { title: 'name', cell: ({ name }: ChatRow) => name },
  { title: 'last activity', cell: ({ lastActivity }: ChatRow) => shortTime(lastActivity) },
  { title: 'what', cell: ({ last, direction }: ChatRow) => `${last} ${direction ?? ''}` },
  { title: 'session', cell: ({ session }: ChatRow) => session },
];

async function readChat(reader: StateReader, session: string, pk: string): Promise<ChatRow> {
  const facts = await reader.partition(pk);
  const activity = facts.find(({ sk }) => sk === 'activity');
  const chat = personIn(activity, 'chat');
  const named = facts.find(({ sk }) => sk === 'name');
  const subject =
    named === undefined && chat?.id.endsWith('@g.us')
      ? await reader.get(stateKeys.group(session, chat.id), 'info', 'subject')
      : undefined;
  return {
    ...{ session, chat, name: textOf(named, 'name') ?? textOf(subject, 'value') },
    lastActivity: textOf(activity, 'at'),
    ...{ last: textOf(activity, 'type'), direction: textOf(activity, 'direction') },
    aliases: facts.flatMap((fact) => textOf(fact, 'alias') ?? []),
  };
}

/** One row for a person who stands there by phone number and by hidden id: the newer one. */
function withoutAliases(rows: readonly ChatRow[]): readonly ChatRow[] {
  const seen = new Set<string>();
  return rows.filter(({ session, chat, aliases }) => {
    const names = [chat?.id ?? '', ...aliases].map((id) => JSON.stringify([session, id]));
    if (seen.has(names[0] ?? '')) return false;
    for (const name of names) seen.add(name);
    return true;
  });
}
