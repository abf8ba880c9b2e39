import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Which rooms and packages each room may import at run time; types may be imported from `types` too. */
const rooms: Readonly<Record<string, { rooms: string[]; packages: RegExp; types?: string[] }>> = {
  events: { rooms: ['events'], packages: /^(valibot|vcf|node:crypto)$/ },
  lambdas: {
    rooms: ['lambdas', 'events'],
    packages: /^(@aws-sdk\/|@smithy\/|node:)/,
  },
  lib: {
    rooms: ['lib', 'events'],
    packages: /^(aws-cdk-lib|constructs|cdk-nag|node:)/,
    types: ['lambdas'],
  },
  local: { rooms: ['local', 'events'], packages: /^node:/, types: ['lib'] },
  cli: {
    rooms: ['cli', 'console/server', 'events', 'local', 'lib'],
    packages: /^(commander|@aws-sdk\/|@valibot\/to-json-schema$|node:)/,
  },
  examples: {
    rooms: ['examples', 'lib', 'lambdas'],
    packages: /^(aws-cdk-lib|constructs|@aws-sdk\/|node:)/,
  },
  'console/server': {
    rooms: ['console/server', 'cli', 'events', 'local'],
    packages: /^(@aws-sdk\/|esbuild$|node:)/,
  },
  // What runs in the browser knows nothing but itself, and the shapes of the server's answers.
  'console/page': {
    rooms: ['console/page'],
    packages: /^(preact(\/hooks)?|@preact\/signals)$/,
    types: ['console/server', 'events'],
  },
  bin: { rooms: ['bin', 'cli', 'lib', 'local', 'events'], packages: /./ },
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
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.m?tsx?$/.test(name))
      .flatMap((name) => {
        const file = join(root, room, name);
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

/** The console's two halves are rooms of their own. */
function roomOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'console' ? `${first}/${second}` : first;
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

  test('every import names its file, so that Node can run it without a build', () => {
    const wrong = Object.keys(rooms)
      .flatMap(importsIn)
      .filter(({ specifier }) => specifier.startsWith('.') && !/\.(tsx?|mjs|json)$/.test(specifier))
      .map(({ file, specifier }) => `${relative(root, file)} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });
});
