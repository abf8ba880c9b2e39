/** A value as DynamoDB's API writes it: one type letter, one content. Checked by `checkValue`. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  /** Base64. */
  | { readonly B: string }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly M: Item }
  | { readonly L: readonly AttributeValue[] }
  | { readonly BOOL: boolean }
  | { readonly NULL: true };

/** An item, or the content of a map: attributes by name. */
export type Item = { readonly [name: string]: AttributeValue };

/** The letter or letters that name a value's type. */
export type ValueType = 'S' | 'N' | 'B' | 'SS' | 'NS' | 'BS' | 'M' | 'L' | 'BOOL' | 'NULL';

/** A value's type. */
export function typeOf(value: AttributeValue): ValueType {
  for (const type in value) return type as ValueType;
  throw new TypeError('A checked value has a type.');
}

/** A value's content, whatever its type. */
export const contentOf = (value: AttributeValue): unknown => Object.values(value)[0];

/** An attribute of an item by its own name; names such as `constructor` mean nothing else here. */
export const attributeOf = (item: Item, name: string): AttributeValue | undefined =>
  Object.hasOwn(item, name) ? item[name] : undefined;
