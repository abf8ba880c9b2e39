import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What a room may import. */
interface Room {
  /** Other rooms, at run time. */
  readonly rooms: readonly string[];
  /** Packages that are not ours. */
  readonly packages: RegExp;
  /** Rooms of which it may import types only. */
  readonly types?: readonly string[];
}

const pattern = 'packages/event-pattern';
const localAws = 'packages/local-aws';

/** The rooms of CONTRIBUTING's table, the lowest first: a room imports only from those before it. */
const rooms: Readonly<Record<string, Room>> = {
  'packages/event-pattern': { rooms: [], packages: /^node:/ },
  'packages/local-aws': { rooms: [pattern], packages: /^(croner$|node:)/ },
  events: { rooms: [pattern], packages: /^(valibot|vcf|node:crypto)$/ },
  lambdas: { rooms: ['events'], packages: /^(@aws-sdk\/|@middy\/|@smithy\/|node:)/ },
  lib: {
    rooms: ['events', pattern],
    packages: /^(aws-cdk-lib|constructs|cdk-nag|esbuild$|valibot$|node:)/,
    types: ['lambdas'],
  },
  ops: { rooms: ['events', pattern, localAws], packages: /^(@aws-sdk\/|esbuild$|node:)/ },
  'console/server': {
    rooms: ['ops', 'events', pattern, localAws],
    packages: /^(@aws-sdk\/|esbuild$|node:)/,
  },
  // What runs in the browser knows nothing but itself, and the shapes of the server's answers.
  'console/page': {
    rooms: [],
    packages:
      /^(preact(\/hooks)?|preact-iso\/router|@preact\/signals|@codemirror\/[a-z-]+|@lezer\/highlight)$/,
    types: ['console/server', 'events'],
  },
  cli: {
    rooms: ['ops', 'events', 'lib', 'console/server', pattern, localAws],
    packages: /^(commander$|esbuild$|node:)/,
  },
  bin: { rooms: ['cli', 'lib', 'events'], packages: /^(aws-cdk-lib|cdk-nag|commander)$/ },
};

/** Beside the house: nothing of it imports them. */
const outbuildings = ['tools', 'bench', 'examples', 'test', 'packages/*/test'];

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
  /** `import()`, when and if it is wanted. */
  readonly isDynamic?: boolean;
}

const importPattern =
  /^\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm;

function importsIn(folder: string): Import[] {
  return (
    globSync(`${folder}/**/*.{ts,tsx,mjs}`, { cwd: root })
      .flatMap((file) =>
        [...readFileSync(join(root, file), 'utf8').matchAll(importPattern)].map(
          ([, typeOnly, fixed, dynamic]) => ({
            file,
            specifier: fixed ?? dynamic ?? '',
            typeOnly: typeOnly !== undefined,
            isDynamic: dynamic !== undefined,
          }),
        ),
      )
      // Text that a program writes, not an import of its own.
      .filter(({ specifier }) => !specifier.includes('${'))
  );
}

/** What a file imports when it is loaded. */
const staticImportsOf = (file: string) =>
  importsIn(dirname(file)).filter(
    (imported) => imported.file === file && !imported.typeOnly && !imported.isDynamic,
  );

/** A package of ours, by the name that others import it by. */
const ownPackage = /^@event-fanout\/([a-z-]+)/;

/** The file or package that is imported, from the root. */
const targetOf = ({ file, specifier }: Pick<Import, 'file' | 'specifier'>) =>
  relative(root, resolve(root, dirname(file), specifier));

/** The room that is imported; undefined for a package that is not ours. */
function roomOf(imported: Pick<Import, 'file' | 'specifier'>): string | undefined {
  const [, name] = ownPackage.exec(imported.specifier) ?? [];
  if (name !== undefined) {
    return `packages/${name}`;
  }
  if (!imported.specifier.startsWith('.')) {
    return undefined;
  }
  const [first = '', second = ''] = targetOf(imported).split('/');
  return first === 'console' || first === 'packages' ? `${first}/${second}` : first;
}

function isAllowed(room: string, imported: Import): boolean {
  const rules = rooms[room];
  const target = roomOf(imported);
  if (!rules) {
    return false;
  }
  if (target === undefined) {
    return (
      rules.packages.test(imported.specifier) ||
      (imported.typeOnly && /^(aws-lambda|@smithy\/types)$/.test(imported.specifier))
    );
  }
  return (
    target === room ||
    rules.rooms.includes(target) ||
    (imported.typeOnly && (rules.types ?? []).includes(target))
  );
}

/** A package has its tests beside its sources. */
const sourcesOf = (room: string) => (room.startsWith('packages/') ? `${room}/src` : room);

/** Who imports whom in some folders, types included. */
function graphOf(folders: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const graph = new Map<string, string[]>();
  for (const imported of folders.flatMap(importsIn)) {
    const known = graph.get(imported.file) ?? [];
    graph.set(imported.file, known);
    if (imported.specifier.startsWith('.')) {
      known.push(targetOf(imported));
    }
  }
  return graph;
}

/** The shortest circle of each file that is in one and not in those before. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: (readonly string[])[] = [];
  for (const start of graph.keys()) {
    if (circles.some((circle) => circle.includes(start))) {
      continue;
    }
    const circle = shortestCircle(start, graph);
    if (circle) {
      circles.push(circle);
    }
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
      if (next === start) {
        return [...path, start];
      }
      if (!seen.has(next)) {
        paths.push([...path, next]);
      }
      seen.add(next);
    }
  }
  return undefined;
}

const allSources = [...Object.keys(rooms).map(sourcesOf), ...outbuildings];

describe('the rooms of the house', () => {
  test.each(Object.keys(rooms))('%s/ imports only from the rooms it may know', (room) => {
    const imports = importsIn(sourcesOf(room));
    expect(imports.length).toBeGreaterThan(0);
    const wrong = imports
      .filter((each) => !isAllowed(room, each))
      .map(({ file, specifier }) => `${file} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });

  test('stand on floors: none imports from one above it', () => {
    const floors = Object.keys(rooms);
    const upwards = Object.entries(rooms).flatMap(([room, { rooms: others, types = [] }]) =>
      [...others, ...types]
        .filter((other) => floors.indexOf(other) >= floors.indexOf(room))
        .map((other) => `${room} > ${other}`),
    );
    expect(upwards).toEqual([]);
  });

  test('are those that CONTRIBUTING shows, and the others there are beside the house', () => {
    const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    const shown = [...contributing.matchAll(/^\| `([a-z/-]+)\/` \|/gm)].map(([, room]) => room);
    expect([...shown].sort()).toEqual(
      [...Object.keys(rooms), 'tools', 'bench', 'examples', 'test', 'docs'].sort(),
    );
  });

  test('a webhook is followed from the handler to PutEvents in at most 12 files, as CONTRIBUTING does', () => {
    const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    const section = contributing
      .split('\n## ')
      .find((each) => each.startsWith('Follow one webhook'));
    const tour = [...(section ?? '').matchAll(/^\d+\. \[`[^`]+`\]\(([^)]+)\)/gm)].map(
      ([, file = '']) => file,
    );
    const graph = graphOf(['lambdas', 'events']);
    const strangers = tour.filter(
      (file, index) =>
        index > 0 && !tour.slice(0, index).some((earlier) => graph.get(earlier)?.includes(file)),
    );
    expect(strangers).toEqual([]);
    expect(tour.length).toBeGreaterThan(5);
    expect(tour.length).toBeLessThanOrEqual(12);
    expect(tour[0]).toBe('lambdas/ingest/ingest.ts');
    const published = tour.findIndex((file) =>
      readFileSync(join(root, file), 'utf8').includes('PutEventsCommand'),
    );
    expect(published).toBeGreaterThan(0);
  });

  test('a line in the wrong room is found', () => {
    const file = 'events/catalog.ts';
    const isWrong = (specifier: string, typeOnly = false) =>
      !isAllowed('events', { file, specifier, typeOnly });
    expect(isWrong('../lib/ingest.ts')).toBe(true);
    expect(isWrong('../lib/ingest.ts', true)).toBe(true);
    expect(isWrong('@aws-sdk/client-sqs')).toBe(true);
    expect(isWrong('@event-fanout/local-aws')).toBe(true);
    expect(isWrong('@event-fanout/event-pattern')).toBe(false);
  });

  test('no file imports itself by way of others, types included', () => {
    expect(circlesOf(graphOf(allSources))).toEqual([]);
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

  test('what every command loads, to print its help, has neither the AWS SDK nor the CDK in it', () => {
    const loaded = ['bin/fanout.ts'];
    const heavy: string[] = [];
    for (const file of loaded) {
      for (const imported of staticImportsOf(file)) {
        const target = targetOf(imported);
        if (!imported.specifier.startsWith('.')) {
          if (/^(@aws-sdk\/|aws-cdk|esbuild)/.test(imported.specifier)) {
            heavy.push(`${file} imports ${imported.specifier}`);
          }
        } else if (!loaded.includes(target)) {
          loaded.push(target);
        }
      }
    }
    expect(heavy).toEqual([]);
    expect(loaded).toContain('cli/doctor.ts');
  });

  test('every import names its file, so that Node can run it without a build', () => {
    const wrong = allSources
      .flatMap(importsIn)
      .filter(
        ({ specifier }) =>
          specifier.startsWith('.') && !/\.(tsx?|m?js|cjs|json|css)$/.test(specifier),
      )
      .map(({ file, specifier }) => `${file} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });
});
