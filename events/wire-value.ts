import * as v from 'valibot';

/**
 * The building blocks of wire schemas. Each accepts everything that a known engine, version or sender sends
 * for the field, including null and absence, because a wire schema must never be stricter than the sender. A
 * payload that does not match makes the event `unrecognized`; it is not an error.
 */

/** Text, null or absent. */
export const wireText = v.nullish(v.string());

/** A boolean, null or absent. */
export const wireFlag = v.nullish(v.boolean());

/** A number, which some senders write as a string; null or absent. */
export const wireNumber = v.nullish(v.union([v.number(), v.string()]));

/** A time in any unit; see `toInstant` for how it is read. */
export const wireTime = wireNumber;

/** Any value: the engine's own objects, which no schema describes. */
export const opaque = v.optional(v.unknown());

/** An address: text, or the object that the browser engines use (`{user, server, _serialized}`). */
export const wireAddress = v.nullish(
  v.union([v.string(), v.object({ _serialized: wireText, user: wireText, server: wireText })]),
);

/** A message id: text, or the key object that WPP and whatsapp-web.js use. */
export const wireMessageId = v.nullish(
  v.union([
    v.string(),
    v.object({
      _serialized: wireText,
      id: wireText,
      fromMe: wireFlag,
      remote: wireAddress,
      remoteJid: wireAddress,
      participant: wireAddress,
    }),
  ]),
);

/** A list. Wawp documents some as an object with the keys "0", "1", …; Go writes a missing item as null. */
export function wireList<const S extends v.GenericSchema>(item: S) {
  return v.nullish(v.union([v.array(v.nullish(item)), v.record(v.string(), v.nullish(item))]));
}

/** The items of a {@link wireList} that are not null; undefined without a list. */
export function itemsOf<T>(
  list: readonly T[] | { readonly [key: string]: T } | null | undefined,
): NonNullable<T>[] | undefined {
  if (list === null || list === undefined) {
    return undefined;
  }
  const items: readonly T[] = Array.isArray(list) ? list : sortedItems(list);
  return items.filter((item): item is NonNullable<T> => item !== null && item !== undefined);
}

function sortedItems<T>(list: object): readonly T[] {
  // Integer keys come first and in ascending order, independent of their order in the text (ECMAScript,
  // OrdinaryOwnPropertyKeys). Other keys are sorted here, so that the order of a JSON object's members does
  // not change the event.
  const named = list as Readonly<Record<string, T>>;
  const names = Object.keys(named);
  const others = names.filter((name) => !/^\d+$/.test(name)).sort();
  return [...names.filter((name) => /^\d+$/.test(name)), ...others].map((name) => named[name] as T);
}
