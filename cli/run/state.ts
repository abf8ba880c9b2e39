import { stateKeys } from '../../events/state/state-keys.ts';
import type { ConnectionOptions } from '../../ops/aws/connect.ts';
import { printable, printableJson } from '../../ops/printable.ts';
import {
  type ChatRow,
  type LabelChoice,
  type LabelView,
  readAllLabels,
  readChats,
} from '../../ops/state/chats.ts';
import { isGroup, nameOf } from '../../ops/state/person.ts';
import {
  type CallView,
  readCalls,
  readHistory,
  type SessionView,
  viewSessions,
} from '../../ops/state/sessions.ts';
import {
  openState,
  type PageOptions,
  type SessionChoice,
  type StateReader,
} from '../../ops/state/state-reader.ts';
import { printRows, shortTime, timeBeside } from '../terminal/table.ts';
import { withAccess } from '../terminal/with-pipeline.ts';

/** Options of every `state` command. */
export interface StateOptions extends ConnectionOptions, SessionChoice {
  readonly json?: boolean;
}

/** Connects, finds the state table of the stack, and calls `work`. */
export const withState = (
  options: ConnectionOptions,
  work: (reader: StateReader) => Promise<void>,
): Promise<void> => withAccess(options, async (access) => work(await openState(access)));

/** What is printed instead of a table without rows. */
const nothing = (what: string, { session }: SessionChoice, advice: string): string =>
  session === undefined
    ? `No ${what} is known yet. ${advice}`
    : `No ${what} of the session ${printable(session)} is known.`;

/** Prints how to see the next page, on stderr because stdout may be piped to another program. */
export function printNext(next: string | undefined): void {
  if (next !== undefined) {
    console.error(`\nThere are more: --before '${printable(next, 1_000)}'`);
  }
}

/** `fanout state chats`: the chats by last message. */
export function chats(options: StateOptions & PageOptions): Promise<void> {
  return withState(options, async (reader) => {
    const { rows, next } = await readChats(reader, options);
    printRows(rows, chatColumns, {
      json: options.json,
      empty: nothing(
        'chat',
        options,
        'A message makes one: fanout send message. In AWS the setting state must be all or name messages.',
      ),
    });
    printNext(next);
  });
}

/** A name that its owner chose, with a tilde as in WhatsApp, so that no one can appear as `me`. */
export const chosenName = (name: string): string => `~ ${name}`;

const chatColumns = [
  { title: 'chat', cell: ({ chat }: ChatRow) => nameOf(chat) },
  {
    title: 'name',
    cell: ({ chat, name }: ChatRow) =>
      name === undefined || isGroup(chat) ? name : chosenName(name),
  },
  { title: 'last message', cell: ({ lastActivity }: ChatRow) => shortTime(lastActivity) },
  { title: 'what', cell: ({ last, direction }: ChatRow) => `${last} ${direction ?? ''}` },
  { title: 'session', cell: ({ session }: ChatRow) => session },
];

/** `fanout state calls`: the calls, the newest first. */
export function calls(options: StateOptions & PageOptions): Promise<void> {
  return withState(options, async (reader) => {
    const { rows, next } = await readCalls(reader, options);
    printRows(rows, callColumns, {
      json: options.json,
      empty: nothing('call', options, 'fanout send call.received makes one.'),
    });
    printNext(next);
  });
}

/** The earliest known time of a call: the event of its start may be missing. */
const begun = ({ receivedAt, acceptedAt, endedAt }: CallView) =>
  receivedAt ?? acceptedAt ?? endedAt;

const callColumns = [
  { title: 'caller', cell: ({ caller }: CallView) => nameOf(caller) },
  { title: 'outcome', cell: ({ outcome }: CallView) => outcome },
  { title: 'media', cell: ({ media }: CallView) => media },
  { title: 'when', cell: (call: CallView) => shortTime(begun(call)) },
  { title: 'accepted', cell: (call: CallView) => timeBeside(call.acceptedAt, begun(call)) },
  { title: 'ended', cell: (call: CallView) => timeBeside(call.endedAt, begun(call)) },
  { title: 'session', cell: ({ session }: CallView) => session },
];

/** `fanout state labels`: all labels with their chats, the labels of one chat, or one label. */
export function labels(options: StateOptions & LabelChoice): Promise<void> {
  return withState(options, async (reader) => {
    const rows = await readAllLabels(reader, options);
    printRows(
      rows,
      options.label === undefined ? labelColumns : [...labelColumns, carriedByColumn],
      {
        json: options.json,
        empty: nothing('label', options, 'fanout send label.upsert makes one.'),
      },
    );
  });
}

const labelColumns = [
  { title: 'label', cell: ({ id }: LabelView) => id },
  { title: 'name', cell: ({ name }: LabelView) => name },
  { title: 'colour', cell: ({ colorHex }: LabelView) => colorHex },
  { title: 'chats', cell: ({ chats }: LabelView) => chats.length },
  { title: 'session', cell: ({ session }: LabelView) => session },
];

const carriedByColumn = {
  title: 'carried by',
  cell: ({ chats }: LabelView) => chats.map(({ id }) => id).join(' '),
  width: 10_000,
};

/** `fanout state sessions`: all sessions; with `--session`, one session and its history. */
export function sessions(options: StateOptions): Promise<void> {
  return withState(options, async (reader) => {
    const facts = await reader.partition(stateKeys.sessions);
    const rows = viewSessions(facts).filter(
      ({ session }) => options.session === undefined || session === options.session,
    );
    const empty = nothing('session', {}, 'fanout send session.status makes one.');
    const { session } = options;
    if (session === undefined || rows.length === 0) {
      printRows(rows, sessionColumns, { json: options.json, empty });
      return;
    }
    const history = await readHistory(reader, session);
    if (options.json) {
      console.log(printableJson({ ...rows[0], history }));
      return;
    }
    printRows(rows, sessionColumns, { empty });
    console.log();
    printRows(history, historyColumns, { empty: 'No history.' });
  });
}

const sessionColumns = [
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
