import type { Person } from '../../events/state/person.ts';
import { stateKeys } from '../../events/state/state-keys.ts';
import { inParallel } from '../aws/connect.ts';
import {
  completed,
  isGroup,
  type KnownPerson,
  knownPerson,
  latestByPerson,
  personIn,
  readChatId,
} from './person.ts';
import {
  type Fact,
  type PageOptions,
  type Rows,
  readPage,
  type SessionChoice,
  type StateReader,
  textOf,
} from './state-reader.ts';

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

/** Number of list entries that are read at once. */
const entriesAtOnce = 100;

/** Number of messages of a chat that are searched for its name. */
const messagesWithName = 10;

/**
 * The chats by last message, and where the next page begins. The stored list has one entry for each chat and
 * hour; within an hour the time of the last message determines the order.
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
  return { rows: shown, next: shown.length < sorted.length ? last : place };
}

const hourOfEntry = ({ sk }: Fact) => sk.split('#')[0] ?? '';

/** A chat with its last message; nothing if the message has expired. */
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
  const [newest] = entries;
  if (!newest) {
    return [];
  }
  // The entry of a message without content sorts after the one with its content.
  const last = entries.find(({ sk }) => newest.sk === `${sk}#waiting`) ?? newest;
  const name = isGroup(chat)
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

/** Which labels to read. @default - all */
export interface LabelChoice extends SessionChoice {
  /** Only the labels of this chat, by address or phone number. */
  readonly chat?: string;
  /** Only the label with this id. */
  readonly label?: string;
}

/** A label and the chats that have it. */
export interface LabelView {
  readonly session: string;
  readonly id: string;
  readonly name: string | undefined;
  readonly colorHex: string | undefined;
  readonly chats: readonly Person[];
}

/** The labels of every session, with the chats that have them. */
export async function readAllLabels(
  reader: StateReader,
  options: LabelChoice = {},
): Promise<readonly LabelView[]> {
  const sessions = await reader.sessions(stateKeys.labelSessions, options.session);
  const found = await inParallel(sessions, (session) => readLabels(reader, session, options));
  return found.flat();
}

async function readLabels(
  reader: StateReader,
  session: string,
  { chat, label: only }: LabelChoice,
): Promise<readonly LabelView[]> {
  const facts = await reader.partition(stateKeys.labels(session));
  const ids = only === undefined ? idsOf(facts) : [only];
  const carried = chat === undefined ? undefined : await labelsOf(reader, session, chat);
  const known = ids.filter((id) => carried === undefined || carried.has(id));
  const views = await inParallel(known, async (id) => {
    const of = (name: string) =>
      facts.find(({ sk, labelId }) => sk.startsWith(`${name}#`) && labelId === id);
    const label = of('label');
    if (label?.deleted === true) {
      return [];
    }
    const changes = await reader.partition(stateKeys.label(session, id));
    const byChat = latestByPerson(await completed(reader, session, changes), 'chat');
    const assigned = byChat.filter(({ on }) => on);
    if (!label && assigned.length === 0) {
      return [];
    }
    const chats = assigned.flatMap((fact) => personIn(fact, 'chat') ?? []);
    const name = textOf(label, 'name') ?? textOf(of('hint'), 'name');
    const colorHex = textOf(label, 'colorHex') ?? textOf(of('hint'), 'colorHex');
    return [{ session, id, name, colorHex, chats }];
  });
  return views.flat();
}

const idsOf = (facts: readonly Fact[]) => [
  ...new Set(facts.flatMap((fact) => textOf(fact, 'labelId') ?? [])),
];

/** The labels of a chat. The last change counts, under any address of the chat. */
async function labelsOf(reader: StateReader, session: string, chat: string): Promise<Set<string>> {
  const { addresses } = await knownPerson(reader, session, readChatId(chat));
  const found = await inParallel(addresses, (address) =>
    reader.partition(stateKeys.chatLabels(session, address)),
  );
  const facts = found.flat().sort((a, b) => (a.version < b.version ? -1 : 1));
  const carried = new Map(facts.map((fact) => [textOf(fact, 'labelId') ?? '', fact.on === true]));
  return new Set([...carried].flatMap(([label, isOn]) => (isOn ? [label] : [])));
}
