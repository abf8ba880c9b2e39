import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What the files of a folder may import. */
interface Folder {
  /** Other folders, at run time. */
  readonly folders: readonly string[];
  /** Packages that are not ours. */
  readonly packages: RegExp;
  /** Folders of which it may import types only. */
  readonly types?: readonly string[];
}

const pattern = 'packages/event-pattern';
const localAws = 'packages/local-aws';

/** The folders of CONTRIBUTING's table, the lowest layer first: a folder imports only from those before it. */
const layers: Readonly<Record<string, Folder>> = {
  'packages/event-pattern': { folders: [], packages: /^node:/ },
  'packages/local-aws': { folders: [pattern], packages: /^(croner$|node:)/ },
  events: { folders: [pattern], packages: /^(valibot|vcf|node:crypto)$/ },
  lambdas: { folders: ['events'], packages: /^(@aws-sdk\/|@middy\/|@smithy\/|node:)/ },
  lib: {
    folders: ['events', pattern],
    packages: /^(aws-cdk-lib|constructs|cdk-nag|esbuild$|valibot$|node:)/,
    types: ['lambdas'],
  },
  ops: { folders: ['events', pattern, localAws], packages: /^(@aws-sdk\/|esbuild$|node:)/ },
  'console/server': {
    folders: ['ops', 'events', pattern, localAws],
    packages: /^(@aws-sdk\/|esbuild$|node:)/,
  },
  // What runs in the browser imports only itself, and the types of the server's responses.
  'console/page': {
    folders: [],
    packages:
      /^(preact(\/hooks)?|preact-iso\/router|@preact\/signals|@codemirror\/[a-z-]+|@lezer\/highlight)$/,
    types: ['console/server', 'events'],
  },
  cli: {
    folders: ['ops', 'events', 'lib', 'console/server', pattern, localAws],
    packages: /^(commander$|esbuild$|node:)/,
  },
  bin: { folders: ['cli', 'lib', 'events'], packages: /^(aws-cdk-lib|cdk-nag|commander)$/ },
};

/** Folders that nothing of the product imports. */
const unimported = ['tools', 'bench', 'examples', 'test', 'packages/*/test'];

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

/** The folder that is imported; undefined for a package that is not ours. */
function folderOf(imported: Pick<Import, 'file' | 'specifier'>): string | undefined {
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

function isAllowed(folder: string, imported: Import): boolean {
  const rules = layers[folder];
  const target = folderOf(imported);
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
    target === folder ||
    rules.folders.includes(target) ||
    (imported.typeOnly && (rules.types ?? []).includes(target))
  );
}

/** A package has its tests beside its sources. */
const sourcesOf = (folder: string) => (folder.startsWith('packages/') ? `${folder}/src` : folder);

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

/** The shortest import cycle of each file that is in one and not in those before. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: (readonly string[])[] = [];
  for (const start of graph.keys()) {
    if (cycles.some((cycle) => cycle.includes(start))) {
      continue;
    }
    const cycle = shortestCycle(start, graph);
    if (cycle) {
      cycles.push(cycle);
    }
  }
  return cycles.map((cycle) => cycle.join(' > '));
}

function shortestCycle(
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

const allSources = [...Object.keys(layers).map(sourcesOf), ...unimported];

describe('the folders of the project', () => {
  test.each(Object.keys(layers))('%s/ imports only from the folders of its row', (folder) => {
    const imports = importsIn(sourcesOf(folder));
    expect(imports.length).toBeGreaterThan(0);
    const wrong = imports
      .filter((each) => !isAllowed(folder, each))
      .map(({ file, specifier }) => `${file} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });

  test('are layers: none imports from one above it', () => {
    const order = Object.keys(layers);
    const upwards = Object.entries(layers).flatMap(([folder, { folders: others, types = [] }]) =>
      [...others, ...types]
        .filter((other) => order.indexOf(other) >= order.indexOf(folder))
        .map((other) => `${folder} > ${other}`),
    );
    expect(upwards).toEqual([]);
  });

  test('are those that CONTRIBUTING shows, together with those that nothing imports', () => {
    const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    const shown = [...contributing.matchAll(/^\| `([a-z/-]+)\/` \|/gm)].map(([, folder]) => folder);
    expect([...shown].sort()).toEqual(
      [...Object.keys(layers), 'tools', 'bench', 'examples', 'test', 'docs'].sort(),
    );
  });

  test.each(Object.entries(layers))(
    '%s/ may import of this project what its row in CONTRIBUTING names',
    (folder, { folders, types = [] }) => {
      const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
      const row = contributing.split('\n').find((line) => line.startsWith(`| \`${folder}/\` |`));
      const cell = row?.split('|').at(-2) ?? '';
      const packages = cell.includes('both packages') ? [pattern, localAws] : [];
      const named = [...cell.matchAll(/`([a-z/-]+)`/g)]
        .map(([, name = '']) => (name === 'event-pattern' ? pattern : name))
        .filter((name) => name in layers);
      expect([...packages, ...named].sort()).toEqual([...folders, ...types].sort());
    },
  );

  test('a webhook is followed from the handler to PutEvents in at most 12 files, as CONTRIBUTING does', () => {
    const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    const section = contributing
      .split('\n## ')
      .find((each) => each.startsWith('Follow one webhook'));
    const tour = [...(section ?? '').matchAll(/^\d+\. \[`[^`]+`\]\(([^)]+)\)/gm)].map(
      ([, file = '']) => file,
    );
    const graph = graphOf(['lambdas', 'events']);
    const unconnected = tour.filter(
      (file, index) =>
        index > 0 && !tour.slice(0, index).some((earlier) => graph.get(earlier)?.includes(file)),
    );
    expect(unconnected).toEqual([]);
    expect(tour.length).toBeGreaterThan(5);
    expect(tour.length).toBeLessThanOrEqual(12);
    expect(tour[0]).toBe('lambdas/ingest/ingest.ts');
    const published = tour.findIndex((file) =>
      readFileSync(join(root, file), 'utf8').includes('PutEventsCommand'),
    );
    expect(published).toBeGreaterThan(0);
  });

  test('an import from the wrong folder is found', () => {
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
    expect(cyclesOf(graphOf(allSources))).toEqual([]);
  });

  test('a cycle is found once, and no other path through the files is reported', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['d']],
      ['d', ['b']],
    ]);
    expect(cyclesOf(graph)).toEqual(['b > d > b', 'c > d > b > c']);
    expect(cyclesOf(new Map([...graph, ['d', []]]))).toEqual([]);
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
