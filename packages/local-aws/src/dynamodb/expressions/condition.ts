import type { Path } from './token-reader.ts';

/** Signs that compare two operands. */
export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** An operand: a value at a path, a `:value` of the request, or the size of the value at a path. */
export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly placeholder: string }
  | { readonly kind: 'size'; readonly of: Operand };

/** A condition, filter or key condition, parsed. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly remaining: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | {
      readonly kind: 'compare';
      readonly comparator: Comparator;
      readonly remaining: Operand;
      readonly right: Operand;
    }
  | {
      readonly kind: 'between';
      readonly operand: Operand;
      readonly low: Operand;
      readonly high: Operand;
    }
  | { readonly kind: 'in'; readonly operand: Operand; readonly among: readonly Operand[] }
  | { readonly kind: 'exists' | 'missing'; readonly path: Path }
  | {
      readonly kind: 'type' | 'begins' | 'contains';
      readonly operand: Operand;
      readonly argument: Operand;
    };
