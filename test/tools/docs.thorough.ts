import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findStale, makeDocuments, renewDocument } from '../../tools/docs/documents.ts';
import { formatJson, headingAnchor, markdownTable } from '../../tools/docs/markdown.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('every derived document is fresh', () => {
  expect(findStale(root).map(({ path }) => path)).toEqual([]);
});

describe('in a folder with only a README', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fanout-docs-'));
    cpSync(join(root, 'README.md'), join(folder, 'README.md'));
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
    const found = findStale(folder).map(({ path }) => path);
    expect(found.sort()).toEqual([
      'docs/events.md',
      'docs/schemas/message.gone.json',
      'docs/schemas/message.json',
    ]);
    renewAll();
    expect(findStale(folder)).toEqual([]);
  });

  test('a README without the markers of a section is refused', () => {
    writeFileSync(join(folder, 'README.md'), '# Something else');
    expect(() => makeDocuments(folder)).toThrow('<!-- settings:begin -->');
    cpSync(join(root, 'README.md'), join(folder, 'README.md'));
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
