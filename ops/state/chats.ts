import type { Person } from '../../events/state/person.ts';
import { stateKeys } from '../../events/state/state-keys.ts';
import { inParallel } from '../aws/in-parallel.ts';
import { type PageOptions, type Rows, readPage, type SessionChoice } from './page.ts';
import { type KnownPerson, knownPerson } from './person.ts';
import { type Fact, type StateReader, textOf } from './state-reader.ts';

/** A chat in the list. */
export interface ChatRow {
  readonly session: string;
  readonly chat: Person | undefined;
  /** Name that the other person chose, or subject of the group. */
  readonly name: string | undefined;
  /** When the last message was sent. */
  readonly lastActivity: string | undefined;
  /** Content of the last message, in one word. */
  readonly last: string | undefined;
  readonly direction: string | undefined;
  /** Other addresses of the same person. */
  readonly aliases: readonly string[];
}

/** Number of list entries in one read. */
const entriesAtOnce = 100;

/** Number of messages of a chat that are searched for its name. */
const messagesWithName = 10;

/**
 * The chats by last message, and where the next page begins. The list has a chat once for each hour in which
 * it had messages; its last message determines its position within the hour.
 */
export async function readChats(
  reader: StateReader,
  { limit, before, session: only }: PageOptions & SessionChoice,
): Promise<Rows<ChatRow>> {
  const sessions = await reader.sessions(stateKeys.messageSessions, only);
  const lists = sessions.map((session) => ({ list: stateKeys.chats(session), of: session }));
  const seen = new Set<string>();
  const rows: ChatRow[] = [];
  let place = before;
  do {
    const { entries, next } = await readPage(
      reader,
      lists,
      { limit: Math.max(limit, entriesAtOnce), before: place },
      hourOfEntry,
    );
    const found = await inParallel(entries, async ({ of, chat }) => {
      const person = await knownPerson(reader, of, (chat as Person).id);
      const key = JSON.stringify([of, person.id]);
      if (seen.has(key)) {
        return [];
      }
      seen.add(key);
      return readChat(reader, of, person);
    });
    // A chat with a later message was on a page before this one.
    rows.push(
      ...found
        .flat()
        .filter(({ lastActivity = '' }) => before === undefined || lastActivity < before),
    );
    place = next;
  } while (place !== undefined && rows.length <= limit);
  const sorted = rows.sort((a, b) => ((a.lastActivity ?? '') < (b.lastActivity ?? '') ? 1 : -1));
  const last = sorted[limit - 1]?.lastActivity;
  const shown = sorted.filter((row, index) => index < limit || row.lastActivity === last);
  return { rows: shown, next: shown.length < sorted.length ? last : undefined };
}

const hourOfEntry = ({ sk }: Fact) => sk.split('#')[0] ?? '';

/** A chat with its last message; none where it has expired. */
async function readChat(
  reader: StateReader,
  session: string,
  { addresses, ...chat }: KnownPerson,
): Promise<readonly ChatRow[]> {
  const lists = addresses.map((address) => ({
    list: stateKeys.timeline(session, address),
    of: session,
  }));
  const { entries } = await readPage(reader, lists, { limit: messagesWithName });
  const [last] = entries;
  if (!last) {
    return [];
  }
  const isGroup = chat.id.endsWith('@g.us');
  const name = isGroup
    ? textOf(await reader.get(stateKeys.group(session, chat.id), 'info', 'subject'), 'value')
    : entries.map((entry) => textOf(entry, 'authorName')).find((each) => each !== undefined);
  return [
    {
      ...{ session, chat, name, lastActivity: textOf(last, 'sentAt') },
      ...{ last: textOf(last, 'content'), direction: textOf(last, 'direction') },
      aliases: addresses.filter((address) => address !== chat.id),
    },
  ];
}
