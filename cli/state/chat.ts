import { type MessageView, readMessages } from '../../ops/state/message-view.ts';
import type { PageOptions } from '../../ops/state/page.ts';
import { nameOf, readChatId } from '../../ops/state/person.ts';
import { printNext, printRows, type StateOptions, shortTime, withState } from './state-command.ts';

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

const columns = [
  { title: 'sent', cell: ({ sentAt }: MessageView) => shortTime(sentAt) },
  { title: 'who', cell: whoWrote, width: 24 },
  { title: 'message', cell: contentOf, width: 60 },
  { title: 'since then', cell: fateOf, width: 60 },
];

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
