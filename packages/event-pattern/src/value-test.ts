import type { FieldValue } from './field-value.ts';

/**
 * A way to find a test by a value instead of trying it: what a value must be, begin or end with.
 * `number` is in millionths, the others in the form of {@link FieldValue.text}.
 */
export type IndexKey =
  | { readonly by: 'exact' | 'prefix' | 'suffix'; readonly text: string }
  | { readonly by: 'number'; readonly millionths: bigint };

/** One entry of a pattern's list, ready to be tried on values. */
export interface ValueTest {
  accepts(value: FieldValue): boolean;
  /** Given when the key finds the test for every value that it accepts. */
  readonly key?: IndexKey;
  /** It compares numbers; such a test in a list changes how the list's IP ranges see numbers. */
  readonly numeric?: true;
  /** It needs the text of numbers. */
  readonly readsNumbers?: true;
  /** `{"exists": false}`: it accepts no value, but the lack of one. */
  readonly absence?: true;
  /** The wildcards in it, which count for the pattern's complexity. */
  readonly wildcards?: readonly string[];
}
