import { invalid } from '../dynamo-error.ts';
import { pathsIn } from '../expressions/paths-in.ts';
import { readExpressions } from '../expressions/read-expressions.ts';
import { namesOf } from '../tables/key-of.ts';
import { readKeyCondition } from './key-condition.ts';
import { indexOf, readPage, readStart } from './read-page.ts';
import type { Action } from './service-tables.ts';

/** Query */
export const query: Action = (input, { catalog, items }) => {
  const table = catalog.named(input.TableName);
  const index = indexOf(input, table);
  const key = index?.key ?? table.key;
  const expressions = readExpressions(input);
  const { keyCondition, filter, placeholders } = expressions;
  if (!keyCondition)
    throw invalid(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  for (const path of filter ? pathsIn(filter) : []) {
    const [name] = placeholders.resolve(path);
    if (namesOf(key).includes(String(name)))
      throw invalid(
        `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`,
      );
  }
  const walk = {
    index,
    ...readKeyCondition(keyCondition, key, table, placeholders),
    backwards: input.ScanIndexForward === false,
    after: readStart(input, table, index),
  };
  return readPage(input, table, index, expressions, items.walk(table, walk));
};
