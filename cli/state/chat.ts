import { type MessageView, readMessages } from '../../ops/state/message-view.ts';
import type { PageOptions } from '../../ops/state/page.ts';
import { nameOf, readChatId } from '../../ops/state/person.ts';
import { printNext, printRows, type StateOptions, shortTime, withState } from './state-command.ts';

/** `fanout state chat`: the messages of a chat, the newest last. */
export function chat(given: string, options: StateOptions & PageOptions): Promise<void> {
  return withState(options, async (reader) => {
    const id = readChatId(given);
    const { rows, next } = await readMessages(reader, id, options);
    printRows(rows, columns, {
      json: options.json,
      empty: `No message of ${id} is known. "fanout state chats" lists the chats.`,
    });
    printNext(next);
  });
}

const columns = [
  { title: 'sent', cell: ({ sentAt }: MessageView) => shortTime(sentAt) },
  { title: 'who', cell: whoWrote, width: 24 },
  { title: 'message', cell: contentOf, width: 60 },
  { title: 'since then', cell: fateOf, width: 60 },
];

/**
 * The author's name. Names chosen by their owner have a tilde, as in WhatsApp, so that no one can pose
 * as `me`.
 */
function whoWrote({ direction, author, authorName }: MessageView): string {
  if (direction === 'outbound') {
    return 'me';
  }
  return authorName === undefined ? nameOf(author) : `~ ${authorName}`;
}

/** Contents whose text says all that there is to say. */
const plain: ReadonlySet<string | undefined> = new Set(['text', undefined]);

function contentOf(message: MessageView): string {
  const { revoked, waiting, body, content, hasMedia, media, location } = message;
  if (revoked) {
    return revoked.byAdmin ? `(deleted by ${nameOf(revoked.by) || 'an admin'})` : '(deleted)';
  }
  if (waiting) {
    return '(not decrypted yet)';
  }
  const { mimetype } = (media ?? {}) as { mimetype?: string };
  const other = location === undefined ? (plain.has(content) ? '' : `[${content}]`) : '[location]';
  return [hasMedia ? `[${mimetype ?? 'file'}]` : other, body ?? '']
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
