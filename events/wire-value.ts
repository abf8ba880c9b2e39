import * as v from 'valibot';

/**
 * The building blocks of wire schemas. Each takes what any engine, version or sender is known to send
 * for that thing, null and absence included, because a schema here must never be stricter than the
 * sender. What does not fit makes the event `unrecognized`; it is never an error.
 */

/** Text, or nothing. */
export const wireText = v.nullish(v.string());

/** True or false, or nothing. */
export const wireFlag = v.nullish(v.boolean());

/** A number, which some senders write as a string, or nothing. */
export const wireNumber = v.nullish(v.union([v.number(), v.string()]));

/** A time in any unit; see `toInstant` for how it is read. */
export const wireTime = wireNumber;

/** Anything at all: the engine's own objects, which no schema describes. */
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

/** A list that Wawp documents as an object with the keys "0", "1", … */
export function wireList<const S extends v.GenericSchema>(item: S) {
  return v.nullish(v.union([v.array(item), v.record(v.string(), item)]));
}

/** The items of a {@link wireList}; undefined where there is none. */
export function itemsOf<T>(
  list: readonly T[] | { readonly [key: string]: T } | null | undefined,
): readonly T[] | undefined {
  if (list === null || list === undefined) {
    return undefined;
  }
  if (Array.isArray(list)) {
    return list;
  }
  // Indexes come first and in order, whatever their order in the text (ECMAScript, OrdinaryOwnPropertyKeys).
  // Other names are put in order here: that of a JSON object's members must not make another event.
  const named = list as Readonly<Record<string, T>>;
  const names = Object.keys(named);
  const others = names.filter((name) => !/^\d+$/.test(name)).sort();
  return [...names.filter((name) => /^\d+$/.test(name)), ...others].map((name) => named[name] as T);
}
