import type { EventTypeIn } from '../../events/catalog.ts';
import { consume } from '../runtime/consume.ts';
import { logHandled } from '../runtime/log.ts';
import { sessionRegisters } from '../state/session-registers.ts';
import { state } from '../state/state.ts';

/** The consumer `sessions`: keeps the status, account and history of each session. */
export const handler = consume<EventTypeIn<'sessions'>>(
  process.env.STATE_TABLE ? state(sessionRegisters) : logHandled,
);
