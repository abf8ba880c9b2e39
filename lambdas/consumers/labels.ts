import type { EventTypeIn } from '../../events/catalog.ts';
import { consume } from '../runtime/consume.ts';
import { logHandled } from '../runtime/log.ts';
import { labelRegisters } from '../state/label-registers.ts';
import { state } from '../state/state.ts';

/** The consumer `labels`: keeps the labels, the chats of each label, and the labels of each chat. */
export const handler = consume<EventTypeIn<'labels'>>(
  process.env.STATE_TABLE ? state(labelRegisters) : logHandled,
);
