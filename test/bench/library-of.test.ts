import { expect, test } from '@jest/globals';
import { libraryOf } from '../../bench/bundles/library-of.ts';

test.each([
  ['node_modules/@smithy/core/dist-es/index.js', '@smithy/core'],
  ['node_modules/valibot/dist/index.mjs', 'valibot'],
  ['node_modules/@aws-sdk/core/node_modules/tslib/tslib.es6.mjs', 'tslib'],
  ['lambdas/ingest/ingest.ts', 'lambdas/'],
  ['events/catalog.ts', 'events/'],
])('%s belongs to %s', (source, library) => {
  expect(libraryOf(source)).toBe(library);
});
