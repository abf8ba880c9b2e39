import { calls } from './categories/calls.ts';
import { chats } from './categories/chats.ts';
import { engine } from './categories/engine.ts';
import { eventResponses } from './categories/event-responses.ts';
import { groups } from './categories/groups.ts';
import { labels } from './categories/labels.ts';
import { messages } from './categories/messages.ts';
import { polls } from './categories/polls.ts';
import { presence } from './categories/presence.ts';
import { sessions } from './categories/sessions.ts';
import type { AnyEventType } from './event-type.ts';

const byCategory = {
  sessions,
  messages,
  groups,
  presence,
  polls,
  chats,
  calls,
  labels,
  'event-responses': eventResponses,
  engine,
} as const satisfies Record<string, Record<string, AnyEventType>>;

type ByCategory = typeof byCategory;

/** A group of event types that a consumer usually wants together. Each has a file in `categories/`. */
export type Category = keyof ByCategory;

/** The event types of one category. */
export type EventTypeIn<C extends Category> = { [K in C]: keyof ByCategory[K] & string }[C];

/** An event type: the sender's wire name, which is also the detail-type on the bus. */
export type EventType = EventTypeIn<Category>;

/** The category of an event type. */
export type CategoryOf<T extends EventType> = {
  [C in Category]: T extends keyof ByCategory[C] ? C : never;
}[Category];

type Intersection<U> = (U extends unknown ? (member: U) => void : never) extends (
  member: infer I,
) => void
  ? I
  : never;

/** All event types as declared, by wire name. */
type Declared = Intersection<ByCategory[Category]>;

/** The definition of an event type, with its wire name and its category. */
export type CatalogType<T extends EventType = EventType> = Declared[T] & {
  readonly type: T;
  readonly category: CategoryOf<T>;
};

/** All definitions by wire name. */
export type Catalog = { readonly [T in EventType]: CatalogType<T> };

/** Merges the categories. Throws if two of them define the same event type, which object spread would hide. */
export function mergeCategories<Entry extends object>(
  categories: Readonly<Record<string, Readonly<Record<string, Entry>>>>,
): Readonly<Record<string, Entry & { readonly type: string; readonly category: string }>> {
  const merged: Record<string, Entry & { type: string; category: string }> = {};
  for (const [category, types] of Object.entries(categories)) {
    for (const [type, declared] of Object.entries(types)) {
      const earlier = Object.hasOwn(merged, type) ? merged[type] : undefined;
      if (earlier) {
        throw new Error(
          `The event type "${type}" is listed twice: in ${earlier.category} and in ${category}. List it once.`,
        );
      }
      merged[type] = { ...declared, type, category };
    }
  }
  return Object.freeze(merged);
}

/**
 * The catalog: the definition of every event type that senders send, by wire name. Its documentation is in
 * catalog.docs.ts.
 */
export const catalog = mergeCategories<AnyEventType>(byCategory) as unknown as Catalog;

/** All event types. */
export const eventTypes = Object.keys(catalog) as readonly EventType[];

/** The names of all categories. */
export const categories = Object.keys(byCategory) as readonly Category[];

/** The event types of one category. */
export function typesInCategory<C extends Category>(category: C): readonly EventTypeIn<C>[] {
  return Object.keys(byCategory[category]) as EventTypeIn<C>[];
}
