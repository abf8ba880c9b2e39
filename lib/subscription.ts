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
 * The event pattern of a consumer's rule: its own pattern, or the event types of its categories without
 * duplicates. A duplicate (`meta.duplicateOf`) reports a fact that was already published as another type.
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

/** The event types that a consumer receives, unconditionally or under a condition. */
export function subscribedTypes(row: Subscription): string[] {
  const { pattern: byType } = takeApart(subscriptionPattern(row));
  if (Object.keys(byType).length === 0) {
    return [...everyType.keys()];
  }
  const compiled = compilePattern(byType);
  return [...everyType].filter(([, event]) => matches(compiled, event)).map(([type]) => type);
}

/**
 * The event types that a consumer receives unconditionally. Only these count as subscribed for the catch-all
 * rule: if consumers receive a type only under a condition, its other events go to the unrouted queue.
 */
export function alwaysSubscribedTypes(row: Subscription): string[] {
  return takeApart(subscriptionPattern(row)).isConditional ? [] : subscribedTypes(row);
}

/** A minimal event of each type, with type and category only. */
const everyType: ReadonlyMap<string, object> = new Map(
  [...Object.values(catalog), ...Object.values(derived), unrecognized].map(({ type, category }) => [
    type,
    { source: eventSource, 'detail-type': type, detail: { meta: { type, category } } },
  ]),
);

/** Fields of `meta` that are the same for all events of a type. */
const fixedFields = ['type', 'category'];

/** Splits a pattern: the part that depends only on the event type, and whether there are further conditions. */
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
