import { stateKeys } from '../../events/state/state-keys.ts';
import { inParallel } from '../../ops/aws/in-parallel.ts';
import { type MessageView, viewMessage } from '../../ops/state/message-view.ts';
import { type PageOptions, type Rows, readPage } from '../../ops/state/page.ts';
import { nameOf, readChatId } from '../../ops/state/person.ts';
import { textOf } from '../../ops/state/read-item.ts';
import type { Entry, StateReader } from '../../ops/state/state-reader.ts';
import { printNext, printRows, shortTime } from './print-rows.ts';
import { type StateOptions, withState } from './with-state.ts';

/** `fanout chat`: the messages of a chat, the newest last. */
export function chat(given: string, options: StateOptions & PageOptions): Promise<void> {
  return withState(options, async (reader) => {
    const id = readChatId(given);
    const { rows, next } = await readMessages(reader, id, options);
    printRows(rows, columns, {
      json: options.json,
      empty: `No message of ${id} is known. "fanout chats" lists the chats.`,
    });
    printNext(next);
  });
}

/** The messages of a chat, the newest last, and where the next page begins. */
export async function readMessages(
  reader: StateReader,
  id: string,
  options: PageOptions & Pick<StateOptions, 'session'>,
): Promise<Rows<MessageView>> {
  const sessions = await reader.sessions(stateKeys.messageSessions, options.session);
  const lists = await inParallel(sessions, async (session) =>
    (await addressesOf(reader, session, id)).map((address) => ({
      list: stateKeys.timeline(session, address),
      of: session,
    })),
  );
  const { entries, next } = await readPage(reader, lists.flat(), options);
  const unique = [...new Map(entries.map((entry) => [entry.pk, entry])).values()];
  const views = await inParallel(unique, (entry) => readMessage(reader, entry.of, entry));
  return { rows: views.filter((view) => view !== undefined).reverse(), next };
}

const columns = [
  { title: 'sent', cell: ({ sentAt }: MessageView) => shortTime(sentAt) },
  { title: 'who', cell: whoWrote, width: 24 },
  { title: 'message', cell: contentOf, width: 60 },
  { title: 'since then', cell: fateOf, width: 60 },
];

/** The chat's address, and others of the same person that were seen. */
async function addressesOf(reader: StateReader, session: string, id: string): Promise<string[]> {
  const facts = await reader.partition(stateKeys.chat(session, id));
  return [id, ...facts.flatMap((fact) => textOf(fact, 'alias') ?? [])];
}

async function readMessage(
  reader: StateReader,
  session: string,
  { pk, sort }: Entry,
): Promise<MessageView | undefined> {
  const facts = await reader.partition(pk);
  // A message that waited for its content may stand in the list twice: at its content's place it counts.
  const content = facts.find((fact) => fact.sk === 'content');
  if (content?.listSort !== undefined && content.listSort !== sort) return undefined;
  return viewMessage(session, facts);
}

function whoWrote({ direction, author, authorName }: MessageView): string {
  return direction === 'outbound' ? 'me' : (authorName ?? nameOf(author));
}

function contentOf({ revoked, waiting, body, hasMedia, media, location }: MessageView): string {
  if (revoked) return '(deleted)';
  if (waiting) return '(not decrypted yet)';
  const { mimetype } = (media ?? {}) as { mimetype?: string };
  return [
    hasMedia ? `[${mimetype ?? 'file'}]` : location === undefined ? '' : '[location]',
    body ?? '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function fateOf({ edits, reactions, ack, votes }: MessageView): string {
  const chosen = votes.flatMap(({ choices }) => (Array.isArray(choices) ? choices : []));
  return [
    ack ? String(ack.name) : '',
    edits.length > 0 ? `edited${edits.length > 1 ? ` ${edits.length}×` : ''}` : '',
    reactions.map(({ emoji }) => emoji).join(''),
    votes.length > 0 ? `${votes.length} voted: ${chosen.join(', ')}` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}
