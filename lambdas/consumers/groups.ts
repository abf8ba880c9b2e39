import type { EventTypeIn } from '../../events/catalog.ts';
import { consume } from '../runtime/consume.ts';
import { logHandled } from '../runtime/log.ts';
import { groupRegisters } from '../state/group-registers.ts';
import { state } from '../state/state.ts';

/** The consumer `groups`: keeps each group's settings, members and history. */
export const handler = consume<EventTypeIn<'groups'>>(
  process.env.STATE_TABLE ? state(groupRegisters) : logHandled,
);
