import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatJson, headingAnchor, markdownTable } from '../../tools/docs/markdown.ts';
import { findStale, makeDocuments, renewDocument } from '../../tools/docs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('every derived document is fresh', () => {
  expect(findStale(root).map(({ path }) => path)).toEqual([]);
});

describe('in an empty folder', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fanout-docs-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const renewAll = () => {
    for (const document of findStale(folder)) {
      renewDocument(folder, document);
    }
  };

  test('all documents are made, and then they are fresh', () => {
    renewAll();
    expect(findStale(folder)).toEqual([]);
    expect(readFileSync(join(folder, 'docs/events.md'), 'utf8')).toContain('# Events');
  });

  test('a changed, a missing and a left-over document are each found and corrected', () => {
    renewAll();
    writeFileSync(join(folder, 'docs/events.md'), 'changed by hand');
    rmSync(join(folder, 'docs/schemas/message.json'));
    writeFileSync(join(folder, 'docs/schemas/message.gone.json'), '{}');
    writeFileSync(join(folder, 'docs/events/gone.md'), '# Gone');
    const found = findStale(folder).map(({ path }) => path);
    expect(found.sort()).toEqual([
      'docs/events.md',
      'docs/events/gone.md',
      'docs/schemas/message.gone.json',
      'docs/schemas/message.json',
    ]);
    renewAll();
    expect(findStale(folder)).toEqual([]);
  });
});

test('documents are the same however often they are made', () => {
  expect([...makeDocuments(root)]).toEqual([...makeDocuments(root)]);
});

test('JSON for people is the same value as before', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(formatJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('fields without a value are left out of JSON for people', () => {
  const long = 'x'.repeat(100);
  expect(JSON.parse(formatJson({ a: undefined, b: long, c: { d: undefined } }))).toEqual({
    b: long,
    c: {},
  });
});

test('a heading gets the anchor that GitHub gives it', () => {
  expect(headingAnchor('`group.v2.participants.join-request`')).toBe(
    'groupv2participantsjoin-request',
  );
  expect(headingAnchor('What a consumer receives')).toBe('what-a-consumer-receives');
});

test('a cell of a table can hold a bar and a line break', () => {
  expect(markdownTable(['a'], [['x | y\nz']])).toBe('| a |\n|---|\n| x \\| y z |');
});

test('a cell of a table shows what stands between angle brackets, except for the tags in use', () => {
  expect(markdownTable(['a'], [['rules <type>, `<name>`<br>2 < 3']])).toBe(
    '| a |\n|---|\n| rules &lt;type>, `<name>`<br>2 &lt; 3 |',
  );
});
