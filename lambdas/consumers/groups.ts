import type { EventTypeIn } from '../../events/catalog.ts';
import { consume } from '../runtime/consume.ts';
import { logHandled } from '../runtime/log-handled.ts';

/** The consumer `groups`: says what it was given. */
export const handler = consume<EventTypeIn<'groups'>>(logHandled);
