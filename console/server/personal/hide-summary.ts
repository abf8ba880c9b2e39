import { hideChat } from '../../../ops/redact-envelope.ts';
import type { Summary } from '../journal/summary.ts';

/** A summary without what is personal: nothing of the text, and of the chat two digits. */
export function hideSummary({ preview, chat, key, ...summary }: Summary): Summary {
  return {
    ...summary,
    // The key of a message has its chat in it.
    ...(key !== undefined && { key: '…' }),
    ...(chat !== undefined && { chat: hideChat(chat) }),
    ...(preview !== undefined && { preview: `‹text›` }),
  };
}
