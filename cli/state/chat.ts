import { stateKeys } from '../../events/state/state-keys.ts';
import { inParallel } from '../aws/in-parallel.ts';
import { viewGroup } from './group-view.ts';
import { type MessageView, viewMessage } from './message-view.ts';
import { type PageOptions, type Rows, readPage } from './page.ts';
import { nameOf, type Person, readChatId } from './person.ts';
import { printNext, printRows, shortTime } from './print-rows.ts';
import { textOf } from './read-item.ts';
import type { StateReader } from './state-reader.ts';
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
  const lists = await inParallel(sessions, async (session) => {
    const addresses = await addressesOf(reader, session, id);
    return addresses.map((address) => ({
      list: stateKeys.timeline(session, address),
      of: { session, addresses },
    }));
  });
  const { entries, next } = await readPage(reader, lists.flat(), options);
  const admins = adminsOf(reader, id);
  const views = await inParallel(entries, async ({ pk, sk, of }) => {
    const facts = await reader.partition(pk);
    const isRevoked = facts.some((fact) => fact.sk.startsWith('revoked#'));
    return viewMessage(of.session, facts, {
      ...{ sk, aliases: of.addresses, admins: isRevoked ? await admins(of.session) : [] },
    });
  });
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

/** The admins of a group, as far as the state knows its members; read once for each session, and only if it is asked for. */
function adminsOf(reader: StateReader, id: string) {
  const known = new Map<string, Promise<readonly Person[]>>();
  const read = async (session: string) =>
    viewGroup(session, id, await reader.partition(stateKeys.group(session, id)))
      .members.filter(({ role }) => role === 'admin' || role === 'superadmin')
      .flatMap(({ person }) => person ?? []);
  return (session: string) => {
    if (!id.endsWith('@g.us')) return [];
    const found = known.get(session) ?? read(session);
    known.set(session, found);
    return found;
  };
}

/**
 * Who wrote it. A name that somebody has chosen has a tilde, as WhatsApp shows it, so that nobody can
 * call himself `me`.
 */
function whoWrote({ direction, author, authorName }: MessageView): string {
  if (direction === 'outbound') return 'me';
  return authorName === undefined ? nameOf(author) : `~ ${authorName}`;
}

function contentOf({ revoked, waiting, body, hasMedia, media, location }: MessageView): string {
  if (revoked)
    return revoked.byAdmin ? `(deleted by ${nameOf(revoked.by) || 'an admin'})` : '(deleted)';
  if (waiting) return '(not decrypted yet)';
  const { mimetype } = (media ?? {}) as { mimetype?: string };
  return [
    hasMedia ? `[${mimetype ?? 'file'}]` : location === undefined ? '' : '[location]',
    body ?? '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function fateOf({ edits, reactions, ack, votes, refused }: MessageView): string {
  const chosen = votes.flatMap(({ choices }) => (Array.isArray(choices) ? choices : []));
  return [
    ack ? String(ack.name) : '',
    edits.length > 0 ? `edited${edits.length > 1 ? ` ${edits.length}×` : ''}` : '',
    reactions.map(({ emoji }) => emoji).join(''),
    votes.length > 0 ? `${votes.length} voted: ${chosen.join(', ')}` : '',
    ...refused.map(({ action, by, direction }) => {
      const who = direction === 'outbound' ? 'me' : nameOf(by) || 'the other side';
      return `${action} by ${who} refused`;
    }),
  ]
    .filter((part) => part !== '')
    .join(', ');
}
