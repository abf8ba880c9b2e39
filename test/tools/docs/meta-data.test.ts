import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Meta } from '../../../events/envelope.ts';
import type { OutputOf } from '../../../events/lazy-schema.ts';
import { metaFields } from '../../../events/meta-data.docs.ts';
import { metaData } from '../../../events/meta-data.ts';
import { toDocumentedSchema } from '../../../tools/docs/documented-schema.ts';

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;

test('the documented fields of meta are those of its type', () => {
  const same: Same<Writable<Meta>, OutputOf<typeof metaData>> = true;
  expect(same).toBe(true);
});

/** The doc comments of the fields of the interface `Meta`, by field. */
function commentsOnMeta(): Map<string, string> {
  const source = readFileSync(new URL('../../../events/envelope.ts', import.meta.url), 'utf8');
  const [, body = ''] = /export interface Meta<[^{]*\{(.*?)\n\}/s.exec(source) ?? [];
  return new Map(
    [...body.matchAll(/\/\*\*(.*?)\*\/\s*readonly (\w+)/gs)].map(([, comment = '', name = '']) => [
      name,
      comment.replace(/\s*\n\s*\*\s*/g, ' ').trim(),
    ]),
  );
}

test('the documents describe a field of meta as editors show it', () => {
  const { properties = {} } = toDocumentedSchema(metaData, metaFields);
  const sentences = Object.entries(properties).map(([name, { description, absent }]) => [
    name,
    absent ? `${description} Absent ${absent}.` : description,
  ]);
  expect(new Map(sentences as [string, string][])).toEqual(commentsOnMeta());
});
