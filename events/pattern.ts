import type { BusType, Category, Unrecognized } from './data-of.ts';
import type { EventIn, EventOf } from './envelope.ts';
import { eventSource } from './event-source.ts';
import type { Where } from './pattern-condition.ts';

/** An event pattern as EventBridge takes it (`aws events put-rule --event-pattern`). */
export interface EventPattern {
  source: string[];
  'detail-type'?: string[];
  detail?: { [field: string]: unknown };
}

type AnyType = BusType;
type AnyCategory = Category | Unrecognized;
type OneOrMore<T> = T | readonly [T, ...T[]];

/** The part of an envelope that patterns can look into: `raw` is the sender's. */
type Detail<E> = E extends { readonly meta: infer M; readonly data: infer D }
  ? { readonly meta: M; readonly data: D }
  : never;

/** Which events a pattern is for. */
export interface PatternSpec<T extends AnyType, C extends AnyCategory> {
  /** The kinds. Default: all. */
  readonly type?: OneOrMore<T>;
  /** The categories. Default: all. */
  readonly category?: OneOrMore<C>;
  /** Conditions on `meta` and `data`. Default: none. */
  readonly where?: Where<Detail<Extract<EventOf<T>, EventIn<C>>>>;
}

/**
 * Makes an event pattern for this pipeline's events, and checks it at compile time: a kind that does
 * not exist, a path that none of the kinds has, or a value that the field cannot have does not compile.
 *
 *     pattern({
 *       type: ['message', 'message.any'],
 *       where: { 'data.chat.kind': 'group', 'meta.fromMe': false },
 *     });
 */
export function pattern<
  const T extends AnyType = AnyType,
  const C extends AnyCategory = AnyCategory,
>(spec: PatternSpec<T, C>): EventPattern {
  const { type, category, where } = spec;
  const detail: Branch = {};
  if (category !== undefined) {
    place(detail, 'meta.category', category);
  }
  if (where !== undefined) {
    placeAll(detail, where as Conditions);
  }
  return {
    source: [eventSource],
    ...(type !== undefined && { 'detail-type': [type].flat() as string[] }),
    ...(Object.keys(detail).length > 0 && { detail }),
  };
}

type Conditions = { readonly [path: string]: unknown };
type Branch = { [name: string]: unknown };

const orKey = '$or';

function placeAll(branch: Branch, where: Conditions): void {
  for (const [path, condition] of Object.entries(where)) {
    if (path === orKey) {
      branch[orKey] = (condition as readonly Conditions[]).map(branchOf);
    } else if (condition !== undefined) {
      place(branch, path, condition);
    }
  }
  checkOr(branch);
}

function branchOf(where: Conditions): Branch {
  const branch: Branch = {};
  placeAll(branch, where);
  return branch;
}

/** Writes a condition at a dotted path. */
function place(branch: Branch, path: string, condition: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  if (names.length === 0 || !/^(meta|data)$/.test(names[0] ?? '')) {
    throw new TypeError(`"${path}" is no path of an envelope: expected meta.… or data.…`);
  }
  let here = branch;
  for (const name of names) {
    const next = Object.hasOwn(here, name) ? here[name] : {};
    here[name] = next;
    here = next as Branch;
  }
  if (Object.hasOwn(here, last)) {
    throw new TypeError(`"${path}" has two sets of conditions.`);
  }
  const conditions = Array.isArray(condition) ? condition : [condition];
  if (conditions.length === 0) {
    throw new TypeError(`"${path}" has no condition, so nothing matches.`);
  }
  here[last] = conditions;
}

/** EventBridge takes one set of conditions for a field: one beside `$or` would hide one inside. */
function checkOr(branch: Branch): void {
  const options = branch[orKey];
  if (!Array.isArray(options)) {
    return;
  }
  const outside = new Set(pathsOf({ ...branch, [orKey]: undefined }));
  const both = options.flatMap((option) => pathsOf(option)).find((path) => outside.has(path));
  if (both) {
    throw new TypeError(`"${both}" has conditions both inside and outside of $or.`);
  }
}

function pathsOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value) && !path.endsWith(orKey)) {
    return [path];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((option) => pathsOf(option, path.slice(0, -orKey.length - 1)));
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    pathsOf(inner, path === '' ? name : `${path}.${name}`),
  );
}
