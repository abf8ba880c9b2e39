import { stateKeys } from '../../events/state/state-keys.ts';
import { inParallel } from '../aws/in-parallel.ts';
import type { SessionChoice } from './page.ts';
import { type PageOptions, type Rows, readPage } from './page.ts';
import { type Person, personIn } from './person.ts';
import { type StateReader, textOf } from './state-reader.ts';

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

/** The chats by last activity, and where the next page begins. */
export async function readChats(
  reader: StateReader,
  options: PageOptions & SessionChoice,
): Promise<Rows<ChatRow>> {
  const sessions = await reader.sessions(stateKeys.messageSessions, options.session);
  const lists = sessions.map((session) => ({ list: stateKeys.chats(session), of: session }));
  const { entries, next } = await readPage(reader, lists, options);
  const rows = await inParallel(entries, ({ pk, of }) => readChat(reader, of, pk));
  return { rows: withoutAliases(rows), next };
}

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

/** Merges the two rows of a person with a phone number and a hidden id: keeps the newer one. */
function withoutAliases(rows: readonly ChatRow[]): readonly ChatRow[] {
  const seen = new Set<string>();
  return rows.filter(({ session, chat, aliases }) => {
    const names = [chat?.id ?? '', ...aliases].map((id) => JSON.stringify([session, id]));
    if (seen.has(names[0] ?? '')) {
      return false;
    }
    for (const name of names) {
      seen.add(name);
    }
    return true;
  });
}
