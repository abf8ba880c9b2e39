import { compilePattern, matches } from '@event-fanout/event-pattern';
import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { eventTypes } from '../../../events/catalog.ts';
import { documentedEventTypes } from '../../../tools/docs/documented-event-type.ts';
import { toDocumentedSchema } from '../../../tools/docs/documented-schema.ts';
import { eventTypeSection } from '../../../tools/docs/event-type-section.ts';
import { eventsPages } from '../../../tools/docs/events-page.ts';
import { eventTypePattern, headingAnchor } from '../../../tools/docs/markdown.ts';

const documented = documentedEventTypes();
const pages = eventsPages();

test('every type has one section, on the page of its category, and a row in the index', () => {
  expect(documented.map(({ type }) => type)).toEqual([
    ...eventTypes,
    'call.missed',
    'unrecognized',
  ]);
  const index = pages.get('docs/events.md');
  for (const { type, category } of documented) {
    const withSection = [...pages].filter(([, page]) => page.includes(`\n## \`${type}\`\n`));
    expect(withSection.map(([path]) => path)).toEqual([`docs/events/${category}.md`]);
    expect(index).toContain(`(events/${category}.md#${headingAnchor(type)})`);
  }
});

test.each([...pages])('on %s no two headings have the same anchor', (_path, page) => {
  const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    headingAnchor(heading),
  );
  expect(anchors.length).toBe(new Set(anchors).size);
});

test.each(documented.map((eventType) => [eventType.type, eventType] as const))(
  'the section on %s has everything that a consumer needs to know',
  (type, eventType) => {
    const section = eventTypeSection(eventType);
    for (const part of [eventType.summary, eventType.key.rule, ...eventType.variants]) {
      expect(section).toContain(part);
    }
    for (const name of Object.keys(
      toDocumentedSchema(eventType.data, eventType.fields).properties ?? {},
    )) {
      expect(section).toContain(`| \`${name}\` |`);
    }
    for (const { detail } of eventType.examples) {
      expect(detail.meta.type).toBe(type);
      expect(section).toContain(`"id": "${detail.meta.id}"`);
    }
  },
);

test('no document is made when a field has no description, or a description has no field', () => {
  const data = () => v.object({ about: v.object({ name: v.string() }), tags: v.array(v.string()) });
  const name = { description: 'The name.' };
  const tags = { description: 'The tags.' };
  const about = { description: 'What it is about.', fields: { name } };
  expect(toDocumentedSchema(data, { about, tags }).properties?.about?.properties?.name).toEqual({
    type: 'string',
    description: 'The name.',
  });
  expect(() => toDocumentedSchema(data, { about })).toThrow('The field .tags has no docs.');
  expect(() => toDocumentedSchema(data, { about: tags, tags })).toThrow(
    'The field .about.name has no docs.',
  );
  expect(() => toDocumentedSchema(data, { about, tags, name })).toThrow(
    'There are docs of .name, but no such field.',
  );
  expect(() => toDocumentedSchema(data, { about, tags: { ...tags, fields: { name } } })).toThrow(
    'There are docs of .tags[].name, but no such field.',
  );
});

test('the rule of an event type matches its examples, and those of no other type', () => {
  for (const { type } of documented) {
    const compiled = compilePattern(eventTypePattern(type));
    const matched = documented.filter(({ examples }) =>
      examples.some(({ detail }) =>
        matches(compiled, { source: 'whatsapp', 'detail-type': detail.meta.type, detail }),
      ),
    );
    expect(matched.map((eventType) => eventType.type)).toEqual([type]);
  }
});

test.each([...pages])(
  'on %s all rows of a table have as many cells as its header',
  (_path, page) => {
    for (const [table] of page.matchAll(/(^\|.*\n)+/gm)) {
      const widths = table
        .trim()
        .split('\n')
        .map((row) => row.replaceAll('\\|', '').split('|').length);
      expect(new Set(widths).size).toBe(1);
    }
  },
);

test.each([...pages])('GitHub shows %s: it is smaller than 512 KB', (_path, page) => {
  expect(Buffer.byteLength(page)).toBeLessThan(512 * 1024);
});
