import { own } from '../../../events/own.ts';
import type { DeadLetterMessage } from '../../../ops/dead-letters/dead-letter-message.ts';
import { createFilter } from '../../../ops/event-filter.ts';
import { BadRequest } from '../http/read-json-body.ts';

/** Which messages a job is for. */
export interface Selection {
  /** Undefined: all of them. */
  readonly matches: ((message: DeadLetterMessage) => boolean) | undefined;
  /** For the record that is kept: without what is personal. */
  readonly described: Readonly<Record<string, unknown>> | undefined;
}

const maxChosen = 1_000;

/**
 * Reads which messages are selected: those with these ids, those of one cause, or with `all` every one. A
 * request without any of these is refused.
 *
 * @throws BadRequest
 */
export function readSelection(body: unknown): Selection {
  const ids = own(body, 'ids');
  const error = own(body, 'error');
  if (Array.isArray(ids) && ids.length > 0 && ids.length <= maxChosen) {
    const chosen = new Set(ids.map(String));
    const matches = ({ messageId }: DeadLetterMessage) => chosen.has(messageId);
    return { matches, described: { messageIds: ids.length } };
  }
  if (typeof error === 'string' && error !== '') {
    // The group's own name: another cause that has it in it is not meant.
    const hasIt = createFilter({ error });
    const matches = (message: DeadLetterMessage) =>
      hasIt(message) && message.failure.error === error;
    return { matches, described: { error } };
  }
  if (own(body, 'all') === true) {
    return { matches: undefined, described: undefined };
  }
  throw new BadRequest(`Say which messages: up to ${maxChosen} "ids", an "error", or "all".`);
}
