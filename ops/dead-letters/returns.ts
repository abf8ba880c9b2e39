import { hash } from 'node:crypto';
import { messageAttributes } from '../../events/names.ts';
import { ownText } from '../../events/own.ts';
import { attributeText } from './attribute-text.ts';
import type { Letter } from './dead-letter-message.ts';

/**
 * Knows the letters that were sent on and are back already: their consumer failed again, or still no
 * rule matches them. To send them on again and again would never end.
 */
export class Returns {
  readonly #known = new Set<string>();

  /** @param newId the message or event id that the letter's new home gave it */
  expect(letter: Letter, newId: string): void {
    this.#known.add(newId);
    const digest = digestOf(letter);
    if (digest !== undefined) this.#known.add(digest);
  }

  /**
   * SQS keeps the message id when it moves a message to a dead-letter queue; on a bus the event keeps
   * its id. What a function of this project writes is a new message; it has the same body.
   */
  has(letter: Letter): boolean {
    const ids = [letter.messageId, ownText(letter.event, 'id'), digestOf(letter)];
    return ids.some((id) => id !== undefined && this.#known.has(id));
  }
}

function digestOf({ attributes, body }: Letter): string | undefined {
  return attributeText(attributes, messageAttributes.consumer) === undefined
    ? undefined
    : hash('sha256', body);
}
