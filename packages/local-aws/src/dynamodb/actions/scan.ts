import { createHash } from 'node:crypto';
import type { JsonObject } from '../../aws-service.ts';
import { invalid } from '../dynamo-error.ts';
import { readExpressions } from '../expressions/read-expressions.ts';
import type { Key } from '../tables/key-of.ts';
import { indexOf, readPage, readStart } from './read-page.ts';
import type { Action } from './service-tables.ts';

/** Scan. Items come in the order of their keys, where DynamoDB has an order of its own. */
export const scan: Action = (input, { catalog, items }) => {
  const table = catalog.named(input.TableName);
  const index = indexOf(input, table);
  const expressions = readExpressions(input);
  const walk = { index, after: readStart(input, table, index) };
  return readPage(input, table, index, expressions, items.walk(table, walk), segmentOf(input));
};

/** Which keys are in the segment of a parallel scan. */
function segmentOf({ Segment, TotalSegments }: JsonObject): (key: Key) => boolean {
  if (Segment === undefined && TotalSegments === undefined) return () => true;
  if (Segment === undefined || TotalSegments === undefined)
    throw invalid(
      'The Segment and TotalSegments parameters are required together: one of them is missing',
    );
  const segment = Number(Segment);
  const total = Number(TotalSegments);
  if (!(Number.isInteger(segment) && segment >= 0 && segment < total && total <= 1_000_000))
    throw invalid(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  return ({ hash }) => createHash('sha1').update(hash).digest().readUInt32BE(0) % total === segment;
}
