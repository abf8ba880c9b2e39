import { compilePattern, matches } from '@event-fanout/event-pattern';
import { type Category, catalog, typesInCategory } from '../events/catalog.ts';
import { derived, derivedTypesIn } from '../events/derived.ts';
import type { BusType } from '../events/envelope.ts';
import { eventSource } from '../events/names.ts';
import { type EventPattern, pattern } from '../events/pattern.ts';
import { unrecognized } from '../events/unrecognized.ts';

/** The part of a consumer's row that says what the consumer subscribes to. */
export interface Subscription {
  /** Categories whose events the consumer receives. */
  readonly categories?: readonly (Category | typeof unrecognized.category)[] | undefined;
  /** A pattern of its own, instead of categories. */
  readonly pattern?: EventPattern | undefined;
}

/**
 * What a consumer's rule lets through: its own pattern, or the types of its categories, but not a
 * fact that was already published as another type, which it would receive a second time.
 */
export function subscriptionPattern({ categories = [], pattern: own }: Subscription): EventPattern {
  if (own) {
    return own;
  }
  const [first, ...others] = categories.flatMap((category): readonly string[] =>
    category === unrecognized.category
      ? [unrecognized.type]
      : [...typesInCategory(category), ...derivedTypesIn(category)],
  ) as BusType[];
  if (!first) {
    throw new Error('A consumer subscribes to nothing: name a category or a pattern.');
  }
  return pattern({
    type: [first, ...others],
    where: { 'meta.duplicateOf': { exists: false } },
  });
}

/** The types of which a consumer's rule lets events through: all of them, or some under a condition. */
export function subscribedTypes(row: Subscription): string[] {
  const { pattern: byType } = takeApart(subscriptionPattern(row));
  if (Object.keys(byType).length === 0) {
    return [...everyType.keys()];
  }
  const compiled = compilePattern(byType);
  return [...everyType].filter(([, event]) => matches(compiled, event)).map(([type]) => type);
}

/**
 * The types that a consumer receives whatever else is in the event. Only these count as subscribed
 * for the catch-all: of a type that consumers receive under a condition, the other events go to the
 * unrouted queue.
 */
export function alwaysSubscribedTypes(row: Subscription): string[] {
  return takeApart(subscriptionPattern(row)).isConditional ? [] : subscribedTypes(row);
}

/** An event of each type, with its type and category only. */
const everyType: ReadonlyMap<string, object> = new Map(
  [...Object.values(catalog), ...Object.values(derived), unrecognized].map(({ type, category }) => [
    type,
    { source: eventSource, 'detail-type': type, detail: { meta: { type, category } } },
  ]),
);

/** Fields of `meta` that are the same for all events of a type, except of a duplicate. */
const fixedFields = ['type', 'category'];

/** The part of a pattern that depends on the type alone, and whether there is another part. */
function takeApart({ source, detail, 'detail-type': type, ...other }: EventPattern): {
  readonly pattern: object;
  readonly isConditional: boolean;
} {
  const { meta, ...data } = (detail ?? {}) as { readonly meta?: object };
  const fields = Object.entries(meta ?? {});
  const fixed = fields.filter(([field]) => fixedFields.includes(field));
  const conditions = fields.filter(
    ([field]) => !fixedFields.includes(field) && field !== 'duplicateOf',
  );
  return {
    pattern: {
      ...(source && { source }),
      ...(type && { 'detail-type': type }),
      ...(fixed.length > 0 && { detail: { meta: Object.fromEntries(fixed) } }),
    },
    isConditional:
      conditions.length > 0 || Object.keys(data).length > 0 || Object.keys(other).length > 0,
  };
}
