import { personOf } from '../../events/state/person.ts';
import { printable, printableJson } from '../../ops/printable.ts';
import { type GroupView, readGroups } from '../../ops/state/groups.ts';
import type { MessageView } from '../../ops/state/message-view.ts';
import { nameOf, readChatId, readGroupId } from '../../ops/state/person.ts';
import { readMessages } from '../../ops/state/read-messages.ts';
import type { PageOptions } from '../../ops/state/state-reader.ts';
import { printRows, shortTime } from '../terminal/table.ts';
import { chosenName, printNext, type StateOptions, withState } from './state.ts';

/** `fanout state chat`: the messages of a chat, the newest last. */
export function chat(given: string, options: StateOptions & PageOptions): Promise<void> {
  return withState(options, async (reader) => {
    const id = readChatId(given);
    const { rows, next } = await readMessages(reader, id, options);
    printRows(rows, messageColumns, {
      json: options.json,
      empty: `No message of ${id} is known. "fanout state chats" lists the chats.`,
    });
    printNext(next);
  });
}

const messageColumns = [
  { title: 'sent', cell: ({ sentAt }: MessageView) => shortTime(sentAt) },
  { title: 'who', cell: whoWrote, width: 24 },
  { title: 'message', cell: contentOf, width: 60 },
  { title: 'since then', cell: fateOf, width: 60 },
];

/** The author's name. */
function whoWrote({ direction, author, authorName }: MessageView): string {
  if (direction === 'outbound') {
    return 'me';
  }
  return authorName === undefined ? nameOf(author) : chosenName(authorName);
}

/** Kinds of content that the text alone represents. */
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
  // A vote that was withdrawn, or that could not be decrypted, has no choices.
  const chosen = votes
    .map(({ choices }) => (Array.isArray(choices) ? choices : []))
    .filter((choices) => choices.length > 0);
  return [
    ack ? describeAck(ack) : '',
    edits.length > 0 ? `edited${edits.length > 1 ? ` ${edits.length}×` : ''}` : '',
    reactions.map(({ emoji }) => emoji).join(''),
    chosen.length > 0 ? `${chosen.length} voted: ${chosen.flat().join(', ')}` : '',
    ...refused.map(({ action, by, direction }) => {
      const who = direction === 'outbound' ? 'me' : nameOf(by) || 'the other side';
      return `${action} by ${who} refused`;
    }),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** A receipt level; an error with the code and reason that WhatsApp gave. */
function describeAck({ name, error }: NonNullable<MessageView['ack']>): string {
  const { code, reason } = (error ?? {}) as { readonly code?: unknown; readonly reason?: unknown };
  return [name, code, reason].filter((part) => part !== undefined).join(' ');
}

/** Maximum number of history lines in the table; `--json` has all. */
const shownHistory = 20;

/** `fanout state group`: a group with its settings, members and history. */
export function group(given: string, options: StateOptions): Promise<void> {
  return withState(options, async (reader) => {
    const id = readGroupId(given);
    const groups = await readGroups(reader, id, options);
    for (const view of groups) {
      if (options.json) {
        console.log(printableJson(view));
      } else {
        printGroup(view);
      }
    }
    if (groups.length === 0 && !options.json) {
      console.log(`Nothing is known of ${printable(id)}. Any event about a group makes it known.`);
    }
  });
}

function printGroup({ session, id, info, self, members, requests, history }: GroupView): void {
  console.log(printable(`${info.subject ?? id} (${id}, session ${session})`, 200));
  for (const [field, value] of Object.entries(info)) {
    console.log(printable(`  ${field}: ${personOf(value)?.id ?? value}`, 200));
  }
  if (self !== undefined) {
    console.log(`  this account is ${self ? 'a' : 'no'} member`);
  }
  console.log();
  printRows(
    members,
    [
      { title: 'member', cell: ({ person }) => nameOf(person) },
      { title: 'role', cell: ({ role }) => String(role ?? '') },
      { title: 'since', cell: ({ since }) => shortTime(since) },
    ],
    { empty: 'No member is known.' },
  );
  for (const { person, at } of requests) {
    console.log(printable(`asks to join: ${nameOf(person)}, since ${shortTime(at)}`, 200));
  }
  console.log();
  printRows(
    history.slice(0, shownHistory),
    [
      { title: 'when', cell: ({ at }) => shortTime(at) },
      { title: 'what', cell: ({ action }) => String(action) },
      {
        title: 'who',
        cell: ({ person, changed }) => (person ? nameOf(person) : [changed].flat().join(', ')),
      },
      { title: 'by', cell: ({ by }) => nameOf(by) },
    ],
    { empty: 'No history.' },
  );
}
