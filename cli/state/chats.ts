import { type ChatRow, readChats } from '../../ops/state/chats.ts';
import type { PageOptions } from '../../ops/state/page.ts';
import { nameOf } from '../../ops/state/person.ts';
import { printNext, printRows, type StateOptions, shortTime, withState } from './state-command.ts';

/** `fanout state chats`: the chats by last message. */
export function chats(options: StateOptions & PageOptions): Promise<void> {
  return withState(options, async (reader) => {
    const { rows, next } = await readChats(reader, options);
    printRows(rows, columns, {
      json: options.json,
      empty:
        'No chat is known yet. A message makes one: fanout send message. In AWS the setting state must be all or name messages.',
    });
    printNext(next);
  });
}

const columns = [
  { title: 'chat', cell: ({ chat }: ChatRow) => nameOf(chat) },
  { title: 'name', cell: ({ name }: ChatRow) => name },
  { title: 'last message', cell: ({ lastActivity }: ChatRow) => shortTime(lastActivity) },
  { title: 'what', cell: ({ last, direction }: ChatRow) => `${last} ${direction ?? ''}` },
  { title: 'session', cell: ({ session }: ChatRow) => session },
];
