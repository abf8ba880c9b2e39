import { type Category, catalog, categories, typesInCategory } from '../catalog.ts';
import type { Meta } from '../envelope.ts';

/** One rule, such as `presence:debounce/30`, `message.any@fromMe:drop` or `message.ack:sample/10`. */
const ruleShape = /^([a-z0-9.-]+)(@fromMe)?:(drop|(sample|debounce)\/(\d{1,6}))$/;

/**
 * Maximum numbers of the actions. A longer window would exceed the lifetime of a function instance, which
 * remembers it.
 */
const max = { sample: 100_000, debounce: 900 } as const;

/**
 * Reads the setting `filters`: `none`, or rules separated by commas.
 *
 * @throws for the first invalid rule: the error names it and what is allowed
 */
export function readFilterRules(setting: string): readonly FilterRule[] {
  if (setting === 'none') {
    return [];
  }
  const rules = setting.split(',').map(readRule);
  for (const [index, rule] of rules.entries()) {
    refuseIdle(rule, rules.slice(0, index));
  }
  return rules;
}

function readRule(text: string): FilterRule {
  const [, name = '', own, action, numbered, digits] = ruleShape.exec(text) ?? [];
  if (!action) {
    refuse(
      text,
      'is no rule. A rule is <event type or category>[@fromMe]:<drop, sample/N or debounce/SECONDS>',
    );
  }
  return {
    text,
    types: typesOf(name, text),
    ownOnly: own !== undefined,
    action: readAction(text, numbered as keyof typeof max | undefined, Number(digits)),
  };
}

function readAction(
  text: string,
  kind: keyof typeof max | undefined,
  number: number,
): FilterAction {
  if (!kind) {
    return { kind: 'drop' };
  }
  const least = kind === 'sample' ? 2 : 1;
  if (number < least || number > max[kind]) {
    refuse(text, `has ${number}, but ${kind}/ takes a whole number from ${least} to ${max[kind]}`);
  }
  return kind === 'sample' ? { kind, oneIn: number } : { kind, seconds: number };
}

/** The event types for a name. A misspelt name is an error, since its rule would filter nothing. */
function typesOf(name: string, text: string): ReadonlySet<string> {
  if (Object.hasOwn(catalog, name)) {
    return new Set([name]);
  }
  if (categories.includes(name as Category)) {
    return new Set(typesInCategory(name as Category));
  }
  return refuse(
    text,
    `names ${name}, which no event type and no category is called. Categories: ${categories.join(', ')}. Types: ${Object.keys(catalog).join(', ')}`,
  );
}

/** Refuses a rule without effect: earlier rules already match all its events. */
function refuseIdle(rule: FilterRule, earlier: readonly FilterRule[]): void {
  const remaining = [...rule.types].filter(
    (type) => !earlier.some(({ types, ownOnly }) => types.has(type) && (!ownOnly || rule.ownOnly)),
  );
  if (remaining.length > 0) {
    return;
  }
  refuse(
    rule.text,
    'does nothing, because rules before it take all of its events. The first that fits counts',
  );
}

function refuse(text: string, why: string): never {
  throw new Error(`The setting "filters" is wrong: ${JSON.stringify(text)} ${why}.`);
}

/** The action of a filter rule on an event. */
export type FilterAction =
  /** Drops the event. */
  | { readonly kind: 'drop' }
  /** Publishes one of every `oneIn` events. The id decides, so retries and duplicates get the same result. */
  | { readonly kind: 'sample'; readonly oneIn: number }
  /** Drops the event if it repeats the last published event of its chat within `seconds`. */
  | { readonly kind: 'debounce'; readonly seconds: number };

/** A filter rule: an action, and the events that it matches. */
export interface FilterRule {
  /** The rule as written in the setting. */
  readonly text: string;
  /** Event types of the catalog; never `unrecognized`. */
  readonly types: ReadonlySet<string>;
  /** Whether it matches only events of this account's own actions. */
  readonly ownOnly: boolean;
  readonly action: FilterAction;
}

/** The first rule that matches an event, if any. */
export function filterRuleFor(
  { type, fromMe }: Pick<Meta, 'type' | 'fromMe'>,
  rules: readonly FilterRule[],
): FilterRule | undefined {
  return rules.find(({ types, ownOnly }) => types.has(type) && (!ownOnly || fromMe === true));
}
