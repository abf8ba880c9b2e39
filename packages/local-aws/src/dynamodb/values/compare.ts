import { isDeepStrictEqual } from 'node:util';
import { type AttributeValue, contentOf, typeOf } from './attribute-value.ts';
import { readDecimal, sortableDecimal } from './decimal.ts';

/** Bytes that sort as values of this type do: text by UTF-8, binary by byte, numbers by worth. */
export function sortable(value: AttributeValue): Buffer {
  if ('S' in value) return Buffer.from(value.S);
  if ('B' in value) return Buffer.from(value.B, 'base64');
  if ('N' in value) return sortableDecimal(readDecimal(value.N));
  throw new TypeError(`A ${typeOf(value)} has no order.`);
}

/** Order of two values of the same scalar type: below, at or above 0; undefined for any other two. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if (typeOf(a) !== typeOf(b)) return undefined;
  if (!('S' in a || 'B' in a || 'N' in a)) return undefined;
  return Buffer.compare(sortable(a), sortable(b));
}

/** Whether two checked values are the same; the order of a set means nothing. */
export function sameValue(a: AttributeValue, b: AttributeValue): boolean {
  if (typeOf(a) !== typeOf(b)) return false;
  if ('SS' in a || 'NS' in a || 'BS' in a)
    return isDeepStrictEqual(sorted(contentOf(a)), sorted(contentOf(b)));
  if ('L' in a && 'L' in b)
    return (
      a.L.length === b.L.length &&
      a.L.every((each, index) => sameValue(each, b.L[index] as AttributeValue))
    );
  if ('M' in a && 'M' in b) {
    const names = Object.keys(a.M);
    const other = b.M;
    return (
      names.length === Object.keys(other).length &&
      names.every(
        (name) =>
          Object.hasOwn(other, name) &&
          sameValue(a.M[name] as AttributeValue, other[name] as AttributeValue),
      )
    );
  }
  return contentOf(a) === contentOf(b);
}

const sorted = (members: unknown) => [...(members as readonly string[])].sort();
