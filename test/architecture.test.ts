import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Which rooms and packages each room may import at run time; types may be imported from `types` too. */
const rooms: Readonly<Record<string, { rooms: string[]; packages: RegExp; types?: string[] }>> = {
  'packages/event-pattern': { rooms: ['packages/event-pattern'], packages: /^node:/ },
  'packages/local-aws': {
    rooms: ['packages/local-aws'],
    packages: /^(@event-fanout\/event-pattern$|croner$|node:)/,
  },
  events: {
    rooms: ['events'],
    packages: /^(@event-fanout\/event-pattern|valibot|node:crypto)$/,
  },
  lambdas: {
    rooms: ['lambdas', 'events'],
    packages: /^(@aws-sdk\/|@middy\/|@smithy\/|node:)/,
  },
  lib: {
    rooms: ['lib', 'events'],
    packages: /^(@event-fanout\/event-pattern$|aws-cdk-lib|constructs|cdk-nag|valibot$|node:)/,
    types: ['lambdas'],
  },
  cli: {
    rooms: ['cli', 'console/server', 'events', 'lib'],
    packages: /^(@event-fanout\/|commander|@aws-sdk\/|@valibot\/to-json-schema$|node:)/,
  },
  examples: {
    rooms: ['examples', 'lib', 'lambdas'],
    packages: /^(aws-cdk-lib|constructs|@aws-sdk\/|node:)/,
  },
  'console/server': {
    rooms: ['console/server', 'cli', 'events'],
    packages: /^(@event-fanout\/|@aws-sdk\/|esbuild$|node:)/,
  },
  // What runs in the browser knows nothing but itself, and the shapes of the server's answers.
  'console/page': {
    rooms: ['console/page'],
    packages: /^(preact(\/hooks)?|@preact\/signals)$/,
    types: ['console/server', 'events'],
  },
  bin: { rooms: ['bin', 'cli', 'lib', 'events'], packages: /./ },
  tools: {
    rooms: ['tools', 'cli', 'console/server', 'events', 'lambdas', 'lib'],
    packages: /^(@event-fanout\/|aws-cdk-lib$|esbuild$|valibot$|node:)/,
  },
};

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const importPattern =
  /^\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm;

function importsIn(room: string): Import[] {
  return (
    readdirSync(join(root, sourcesOf(room)), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.m?tsx?$/.test(name))
      .flatMap((name) => {
        const file = join(root, sourcesOf(room), name);
        return [...readFileSync(file, 'utf8').matchAll(importPattern)].map(
          ([, typeOnly, fixed, dynamic]) => ({
            file,
            specifier: fixed ?? dynamic ?? '',
            typeOnly: typeOnly !== undefined,
          }),
        );
      })
      // Text that a program writes, not an import of its own.
      .filter(({ specifier }) => !specifier.includes('${'))
  );
}

function isAllowed(room: string, { file, specifier, typeOnly }: Import): boolean {
  const rules = rooms[room];
  if (!rules) return false;
  if (!specifier.startsWith('.')) {
    return (
      rules.packages.test(specifier) ||
      (typeOnly && /^(aws-lambda|@smithy\/types)$/.test(specifier))
    );
  }
  const target = roomOf(relative(root, resolve(dirname(file), specifier)));
  return rules.rooms.includes(target) || (typeOnly && (rules.types ?? []).includes(target));
}

/** A package has its tests beside its sources. */
const sourcesOf = (room: string) => (room.startsWith('packages/') ? `${room}/src` : room);

/** The console's two halves and each package are rooms of their own. */
function roomOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'console' || first === 'packages' ? `${first}/${second}` : first;
}

/** The circles of a room's imports. */
function circlesIn(room: string): string[] {
  const graph = new Map<string, string[]>();
  for (const { file, specifier } of importsIn(room)) {
    const imported = graph.get(relative(root, file)) ?? [];
    graph.set(relative(root, file), imported);
    if (specifier.startsWith('.')) imported.push(relative(root, resolve(dirname(file), specifier)));
  }
  return circlesOf(graph);
}

/** The shortest circle of each file that is in one and not in those before. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: (readonly string[])[] = [];
  for (const start of graph.keys()) {
    if (circles.some((circle) => circle.includes(start))) continue;
    const circle = shortestCircle(start, graph);
    if (circle) circles.push(circle);
  }
  return circles.map((circle) => circle.join(' > '));
}

function shortestCircle(
  start: string,
  graph: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const seen = new Set<string>();
  const paths = [[start]];
  for (const path of paths) {
    for (const next of graph.get(path.at(-1) ?? '') ?? []) {
      if (next === start) return [...path, start];
      if (!seen.has(next)) paths.push([...path, next]);
      seen.add(next);
    }
  }
  return undefined;
}

describe('the rooms of the house', () => {
  test.each(Object.keys(rooms))('%s/ imports only from the rooms it may know', (room) => {
    const imports = importsIn(room);
    expect(imports.length).toBeGreaterThan(0);
    const wrong = imports
      .filter((each) => !isAllowed(room, each))
      .map(({ file, specifier }) => `${relative(root, file)} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });

  test('a line in the wrong room is found', () => {
    const file = join(root, 'events', 'catalog.ts');
    expect(isAllowed('events', { file, specifier: '../lib/ingest.ts', typeOnly: false })).toBe(
      false,
    );
    expect(isAllowed('events', { file, specifier: '@aws-sdk/client-sqs', typeOnly: false })).toBe(
      false,
    );
  });

  test('no file of lib/ imports itself by way of others, types included', () => {
    expect(circlesIn('lib')).toEqual([]);
  });

  test('a circle is found once, and no other way through the files is taken for one', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['d']],
      ['d', ['b']],
    ]);
    expect(circlesOf(graph)).toEqual(['b > d > b', 'c > d > b > c']);
    expect(circlesOf(new Map([...graph, ['d', []]]))).toEqual([]);
  });

  test('every import names its file, so that Node can run it without a build', () => {
    const wrong = Object.keys(rooms)
      .flatMap(importsIn)
      .filter(({ specifier }) => specifier.startsWith('.') && !/\.(tsx?|mjs|json)$/.test(specifier))
      .map(({ file, specifier }) => `${relative(root, file)} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });
});
