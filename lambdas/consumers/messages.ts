import type { EventTypeIn } from '../../events/catalog.ts';
import { consume } from '../runtime/consume.ts';
import { logHandled } from '../runtime/log.ts';
import { messageRegisters } from '../state/message-registers.ts';
import { state } from '../state/state.ts';

/**
 * The consumer `messages`: keeps the timeline of each chat, and the acks, reactions, edits, revocations and
 * votes of each message.
 */
export const handler = consume<EventTypeIn<'messages' | 'polls'>>(
  process.env.STATE_TABLE ? state(messageRegisters) : logHandled,
);
