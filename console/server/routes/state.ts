import { stateKeys } from '../../../events/state/state-keys.ts';
import { type ChatRow, readAllLabels, readChats } from '../../../ops/state/chats.ts';
import { readGroups } from '../../../ops/state/groups.ts';
import { readMessages } from '../../../ops/state/read-messages.ts';
import { readCalls, readHistory, viewSessions } from '../../../ops/state/sessions.ts';
import { findStateTable, type Rows, StateReader } from '../../../ops/state/state-reader.ts';
import type { ConsoleContext, Requested, Route } from '../console-context.ts';
import { BadRequest, readCount } from '../http/read-request.ts';
import { hidePersonal } from '../personal/hide-personal.ts';

export type { ChatRow, LabelView } from '../../../ops/state/chats.ts';
export type { GroupView } from '../../../ops/state/groups.ts';
export type { MessageView } from '../../../ops/state/message-view.ts';
/** What the answers are made of. */
export type { CallView, SessionView } from '../../../ops/state/sessions.ts';
export type { Rows } from '../../../ops/state/state-reader.ts';

/** Rows of one page unless the page says otherwise. */
const defaultLimit = 50;

/** A route that reads the state table, and hides personal content unless the user chose to see it. */
const stateRoute =
  (read: (reader: StateReader, requested: Requested) => Promise<unknown>): Route =>
  async (context, requested) => {
    const answer = await read(await openState(context), requested);
    return requested.reveal ? answer : hidePersonal(answer);
  };

const pageOf = ({ query }: Requested) => ({
  limit: readCount(query, 'limit', 200) ?? defaultLimit,
  before: query.get('before') || undefined,
  session: query.get('session') || undefined,
});

/** `GET chats?search=`: the chats by last activity; those whose name or number has the text in it. */
export const listChats = stateRoute((reader, requested) => {
  const search = requested.query.get('search')?.trim().toLowerCase();
  return search
    ? searchChats(reader, pageOf(requested), search)
    : readChats(reader, pageOf(requested));
});

/** Chats that are searched at most: the user waits for them. */
const maxSearched = 2_000;

async function searchChats(
  reader: StateReader,
  { limit, before, session }: ReturnType<typeof pageOf>,
  search: string,
): Promise<Rows<ChatRow>> {
  const digits = search.replace(/[\s+()-]/g, '');
  const isFound = ({ chat, name, aliases }: ChatRow) =>
    name?.toLowerCase().includes(search) ||
    (/^\d+$/.test(digits) &&
      [chat?.id ?? '', ...aliases].some((address) => address.includes(digits))) ||
    [chat?.id ?? '', ...aliases].includes(search);
  const rows: ChatRow[] = [];
  let next = before;
  let searched = 0;
  do {
    const page = await readChats(reader, { limit: 100, before: next, session });
    rows.push(...page.rows.filter(isFound));
    searched += page.rows.length;
    next = page.next;
  } while (next !== undefined && rows.length < limit && searched < maxSearched);
  return { rows, next };
}

/** `GET chat?id=`: the messages of a chat with what became of them. */
export const showChat = stateRoute((reader, requested) =>
  readMessages(reader, requested.query.get('id') ?? '', pageOf(requested)),
);

/** `GET group?id=`: a group's settings, members and history. */
export const showGroup = stateRoute((reader, { query }) =>
  readGroups(reader, query.get('id') ?? '', { session: query.get('session') || undefined }),
);

/** `GET calls`: the calls with what became of them. */
export const listCalls = stateRoute((reader, requested) => readCalls(reader, pageOf(requested)));

/** `GET labels`: the labels and the chats that carry them. */
export const listLabels = stateRoute((reader) => readAllLabels(reader));

/** `GET sessions`: every session with what it went through. */
export const listSessions = stateRoute(async (reader) => {
  const sessions = viewSessions(await reader.partition(stateKeys.sessions));
  return Promise.all(
    sessions.map(async (view) => ({
      ...view,
      history: (await readHistory(reader, view.session)).slice(0, 20),
    })),
  );
});

const tables = new WeakMap<ConsoleContext, string>();

async function openState(context: ConsoleContext): Promise<StateReader> {
  const access = await context.view.access();
  const { stackName } = await context.view.pipeline();
  const table = tables.get(context) ?? (await findStateTable(access, stackName));
  if (table === undefined) {
    throw new BadRequest('The stack keeps no state.', 404);
  }
  tables.set(context, table);
  return new StateReader(access.dynamoDb, table);
}
