import type { Meta } from '../envelope.ts';

/** What is done with an event that a stage has called noise. */
export type Measure =
  /** It is left out. */
  | { readonly kind: 'drop' }
  /** One of so many is told, chosen by its id: a retry and a twin have the same fate. */
  | { readonly kind: 'sample'; readonly oneIn: number }
  /** It is told unless it repeats, within so many seconds, what was told last of its chat. */
  | { readonly kind: 'debounce'; readonly seconds: number };

/** Which events a measure is for. */
export interface FilterRule {
  /** As it stands in the setting. */
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
