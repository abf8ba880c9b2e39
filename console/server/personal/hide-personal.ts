import { hideChat } from '../../../ops/redact-envelope.ts';
import type { Summary } from '../journal/summary.ts';

/** Fields of the state's views without personal data. All other fields are hidden. */
const harmless: ReadonlySet<string> = new Set([
  ...['rows', 'next', 'session', 'status', 'since', 'engine', 'history', 'at', 'lastActivity'],
  ...['last', 'direction', 'outcome', 'media', 'receivedAt', 'acceptedAt', 'endedAt', 'sentAt'],
  ...['hasMedia', 'waiting', 'edits', 'reactions', 'ack', 'reached', 'votes', 'level', 'role'],
  ...['action', 'members', 'requests', 'self', 'info', 'colorHex', 'chats', 'aliases', 'person'],
  ...['chat', 'caller', 'author', 'by', 'revoked', 'mimetype', 'changed', 'refused', 'content'],
]);

const address = /@(c\.us|g\.us|lid|newsletter|broadcast|s\.whatsapp\.net)$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** Short words without spaces or digits, as the views use for states and kinds. */
const word = /^[A-Za-z_.-]{1,24}$/;

/**
 * A view of the state without personal content: two digits of each address, no names and no texts. Lists keep
 * their length, so that the view keeps its form.
 */
export function hidePersonal(value: unknown, name = 'rows'): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => hidePersonal(each, name));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([inner, each]) => [inner, hidePersonal(each, inner)]),
    );
  }
  if (typeof value !== 'string') {
    return value;
  }
  if (address.test(value)) {
    return hideChat(value);
  }
  if (instant.test(value)) {
    return value;
  }
  return name === 'session' || (harmless.has(name) && word.test(value)) ? value : '‹text›';
}

/** A summary without personal content: no text, and two digits of the chat. */
export function hideSummary({ preview, chat, key, ...summary }: Summary): Summary {
  return {
    ...summary,
    messageIds: [],
    // The key of a message has its chat in it.
    ...(key !== undefined && { key: '…' }),
    ...(chat !== undefined && { chat: hideChat(chat) }),
    ...(preview !== undefined && { preview: `‹text›` }),
  };
}
