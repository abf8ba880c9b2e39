/** One word or sign of an expression, and where it begins. */
export interface Token {
  readonly kind: 'name' | 'alias' | 'value' | 'integer' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

const forms =
  /\s*(?:(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|([A-Za-z][A-Za-z0-9_]*)|(\d+)|(<>|<=|>=|[=<>()[\],.+-]))/y;
const kinds = ['alias', 'value', 'name', 'integer', 'sign'] as const;

/** Longest expression (DynamoDB developer guide, "Constraints", Expression parameters). */
export const longestExpression = 4_096;

/** The tokens of an expression, an `end` last. What is none becomes a sign that no grammar takes. */
export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const form = new RegExp(forms);
  for (;;) {
    const from = form.lastIndex;
    const found = form.exec(text);
    if (found) {
      const index = found.slice(1).findIndex((group) => group !== undefined);
      const word = found[index + 1] as string;
      tokens.push({ kind: kinds[index] ?? 'sign', text: word, at: form.lastIndex - word.length });
      continue;
    }
    const rest = text.slice(from).trimStart();
    const at = text.length - rest.length;
    if (rest !== '') tokens.push({ kind: 'sign', text: rest.slice(0, 1), at });
    tokens.push({ kind: 'end', text: '<EOF>', at: text.length });
    return tokens;
  }
}
