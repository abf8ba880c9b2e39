import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compilePattern, matches } from '@event-fanout/event-pattern';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { consumers } from '../lib/consumers.ts';
import { makeScratchCopy, type ScratchCopy } from './scratch-copy.ts';

interface Rule {
  readonly Description: string;
  readonly EventPattern: object;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** The diff that CONTRIBUTING.md shows: the entry of the category, and its docs. */
const [entryDiff = '', docsDiff = ''] = (
  /<!-- event-type-diff:begin -->\n```diff\n(.*?)```/s.exec(
    readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'),
  )?.[1] ?? ''
).split(/^(?=--- )/m);

/** A consumer's code that only compiles when the types know the event type. */
const consumerOfIt = `
import { type DataOf, type EventIn, pattern } from '../events/consume.ts';

export const pinned: DataOf<'chat.pinned'>['pinned'] = true;
export const rule = pattern({ type: 'chat.pinned', where: { 'data.pinned': true } });
export function read(event: EventIn<'chats'>): boolean | undefined {
  return event.type === 'chat.pinned' ? event.data.pinned : undefined;
}
// @ts-expect-error a pinned chat has no such field
export const wrong = pattern({ type: 'chat.pinned', where: { 'data.archived': true } });
`;

/** Looks at what the rest of the project makes of the event type, and prints it as JSON. */
const look = `
import { exampleWebhook } from '../events/example-webhook.ts';
import { normalizeWebhook } from '../events/normalize.ts';
import { synthesizeTemplate } from './lib/synthesize-app.ts';

const request = { receivedAt: new Date('2026-01-01T12:00:00Z'), requestId: 'request' };
const normalize = (sender) =>
  normalizeWebhook(Buffer.from(JSON.stringify(exampleWebhook('chat.pinned', sender))), request);
const rules = Object.values(synthesizeTemplate().findResources('AWS::Events::Rule'));
console.log(
  JSON.stringify({
    waha: normalize('waha'),
    wawp: normalize('wawp'),
    rules: rules.map(({ Properties }) => Properties),
  }),
);
`;

describe('the event type that CONTRIBUTING.md adds to its category and to the docs of it, and nowhere else', () => {
  let copy: ScratchCopy;
  const inCopy = (path: string) => copy.inCopy(path);
  const run = (...args: string[]) => copy.run(...args);
  const apply = (diff: string) => {
    writeFileSync(inCopy('part.diff'), diff);
    execFileSync('git', ['apply', 'part.diff'], { cwd: copy.directory, stdio: 'pipe' });
    rmSync(inCopy('part.diff'));
  };

  let withoutDocs: Awaited<ReturnType<ScratchCopy['run']>>;

  beforeAll(async () => {
    copy = makeScratchCopy();
    apply(entryDiff);
    withoutDocs = await run('node_modules/typescript/bin/tsc');
    apply(docsDiff);
  });
  afterAll(() => copy.remove());

  test('does not compile without docs, and the compiler says where they are missing', () => {
    expect(withoutDocs.code).not.toBe(0);
    expect(withoutDocs.stdout).toMatch(/^events\/categories\/chats\.docs\.ts.*'"chat\.pinned"'/m);
  });

  test('is in the types that consumers are written against', async () => {
    writeFileSync(inCopy('test/consumer-of-it.ts'), consumerOfIt);
    expect(await run('node_modules/typescript/bin/tsc')).toEqual({ code: 0, stdout: '' });
    rmSync(inCopy('test/consumer-of-it.ts'));
  });

  test('is in the documents and schemas that the docs command makes', async () => {
    expect(await run('tools/docs.ts')).toEqual({
      code: 0,
      stdout: [
        'docs/events.md',
        // The ids of examples count through the catalog, so those behind the new event type change as well.
        ...['chats', 'calls', 'labels', 'event-responses', 'engine'].map(
          (category) => `docs/events/${category}.md`,
        ),
        ...['docs/consumers.md', 'docs/asyncapi.json'],
        ...['examples/python/whatsapp_events.py', 'docs/schemas/chat.pinned.json', ''],
      ].join('\n'),
    });
    expect(readFileSync(inCopy('docs/events.md'), 'utf8')).toContain('events/chats.md#chatpinned');
    expect(readFileSync(inCopy('docs/events/chats.md'), 'utf8')).toContain('## `chat.pinned`');
    const schema = JSON.parse(readFileSync(inCopy('docs/schemas/chat.pinned.json'), 'utf8'));
    expect(schema.properties.data.properties.pinned).toEqual({
      type: 'boolean',
      description: 'Whether it is pinned now.',
    });
    const { channels } = JSON.parse(readFileSync(inCopy('docs/asyncapi.json'), 'utf8'));
    expect(Object.keys(channels['queue.chats'].messages)).toContain('chat.pinned');

    expect((await run('tools/docs.ts', '--check')).code).toBe(0);
  });

  test('is sent, normalized, and let through by the rule of the consumer of its category', async () => {
    writeFileSync(inCopy('test/look.ts'), look);
    const { code, stdout } = await run('test/look.ts');
    expect({ code, stdout: code === 0 ? '' : stdout }).toEqual({ code: 0, stdout: '' });
    const { waha, wawp, rules } = JSON.parse(stdout);
    expect(waha.events[0].meta).toMatchObject({
      type: 'chat.pinned',
      category: 'chats',
      chat: '12025550142@c.us',
    });
    expect(waha.events[0].data.pinned).toBe(true);
    expect(wawp.events[0].data.pinned).toBe(false);
    expect(waha.drift).toEqual({ unknownEvents: [], unknownFields: [] });
    const event = { source: 'whatsapp', 'detail-type': 'chat.pinned', detail: waha.events[0] };
    const matching = (rules as readonly Rule[]).filter(
      // One rule is a schedule and has no pattern.
      ({ EventPattern }) => EventPattern && matches(compilePattern(EventPattern), event),
    );
    expect(matching.map(({ Description }) => Description)).toEqual([consumers.chats?.summary]);
  });
});
