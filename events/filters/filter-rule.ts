import type { Meta } from '../envelope.ts';

/** The action of a filter rule on an event. */
export type Measure =
  /** It is dropped. */
  | { readonly kind: 'drop' }
  /** One of every `oneIn` is published, chosen by its id: the same one for retries and duplicates. */
  | { readonly kind: 'sample'; readonly oneIn: number }
  /** It is published unless it repeats, within `seconds`, the last published event of its chat. */
  | { readonly kind: 'debounce'; readonly seconds: number };

/** A filter rule: an action and the events that it is for. */
export interface FilterRule {
  /** As it is written in the setting. */
  readonly text: string;
  /** Event types of the catalog; never `unrecognized`. */
  readonly types: ReadonlySet<string>;
  /** Whether it is for what this account did itself only. */
  readonly ownOnly: boolean;
  readonly measure: Measure;
}

/** The first rule that is for an event, if there is one. */
export function filterRuleFor(
  { type, fromMe }: Pick<Meta, 'type' | 'fromMe'>,
  rules: readonly FilterRule[],
): FilterRule | undefined {
  return rules.find(({ types, ownOnly }) => types.has(type) && (!ownOnly || fromMe === true));
}
