import { compilePattern, matches } from '@event-fanout/event-pattern';
import { expect, test } from '@jest/globals';
import { documentedKinds } from '../../cli/docs/documented-kind.ts';
import { toDocumentedSchema } from '../../cli/docs/documented-schema.ts';
import { eventsPage } from '../../cli/docs/events-page.ts';
import { headingAnchor } from '../../cli/docs/heading-anchor.ts';
import { kindSection } from '../../cli/docs/kind-section.ts';
import { kindPattern } from '../../cli/docs/rule.ts';
import { eventTypes } from '../../events/catalog.ts';

const kinds = documentedKinds();
const page = eventsPage();

test('every kind has a section of its own, with an anchor that no other heading has', () => {
  expect(kinds.map(({ type }) => type)).toEqual([...eventTypes, 'call.missed', 'unrecognized']);
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  const anchors = headings.map(headingAnchor);
  expect(anchors.length).toBe(new Set(anchors).size);
  expect(headings).toEqual(expect.arrayContaining(kinds.map(({ type }) => `\`${type}\``)));
});

test.each(kinds.map((kind) => [kind.type, kind] as const))(
  'the section on %s tells all that a consumer needs to know',
  (type, kind) => {
    const section = kindSection(kind);
    for (const part of [kind.summary, kind.key.rule, ...kind.variants]) {
      expect(section).toContain(part);
    }
    for (const name of Object.keys(toDocumentedSchema(kind.data).properties ?? {})) {
      expect(section).toContain(`| \`${name}\` |`);
    }
    for (const { detail } of kind.examples) {
      expect(detail.meta.type).toBe(type);
      expect(section).toContain(`"id": "${detail.meta.id}"`);
    }
  },
);

test('every field of every kind is explained', () => {
  const unexplained = kinds.flatMap(({ type, data }) =>
    Object.entries(toDocumentedSchema(data).properties ?? {})
      .filter(([, { description }]) => !description)
      .map(([name]) => `${type} ${name}`),
  );
  expect(unexplained).toEqual([]);
});

test('the rule of a kind lets its examples through and those of no other kind', () => {
  for (const { type } of kinds) {
    const compiled = compilePattern(kindPattern(type));
    const matched = kinds.filter(({ examples }) =>
      examples.some(({ detail }) =>
        matches(compiled, { source: 'whatsapp', 'detail-type': detail.meta.type, detail }),
      ),
    );
    expect(matched.map((kind) => kind.type)).toEqual([type]);
  }
});

test('all rows of a table have as many cells as its header', () => {
  for (const [table] of page.matchAll(/(^\|.*\n)+/gm)) {
    const widths = table
      .trim()
      .split('\n')
      .map((row) => row.replaceAll('\\|', '').split('|').length);
    expect(new Set(widths).size).toBe(1);
  }
});

test('GitHub shows the page: it is smaller than 512 KB', () => {
  expect(Buffer.byteLength(page)).toBeLessThan(512 * 1024);
});
