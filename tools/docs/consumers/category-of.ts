import { documentedKinds } from '../documented-kind.ts';

const categories: ReadonlyMap<string, string> = new Map(
  documentedKinds().map(({ type, category }) => [type, category]),
);

/** The category of a type on the bus. */
export function categoryOf(type: string): string {
  return categories.get(type) ?? type;
}
