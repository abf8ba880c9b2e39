/**
 * Numbers by name, as `--set` and `--prices` give them.
 *
 * @throws for a name that is not there, and for what is no number
 */
export function readNumbers<Name extends string>(
  given: Iterable<readonly [string, unknown]>,
  names: readonly Name[],
  what: string,
): Partial<Record<Name, number>> {
  const numbers: Partial<Record<Name, number>> = {};
  for (const [name, value] of given) {
    if (!names.includes(name as Name)) {
      throw new Error(`There is no ${what} "${name}". There are: ${names.join(', ')}.`);
    }
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) {
      throw new Error(
        `The ${what} "${name}" is ${JSON.stringify(value)}, but must be a number from 0 on.`,
      );
    }
    numbers[name as Name] = number;
  }
  return numbers;
}
