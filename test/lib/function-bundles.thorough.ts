import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readAssembly } from '@event-fanout/local-aws/assembly';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { busDocs, catalogDocs } from '../../events/catalog.docs.ts';
import { eventTypes } from '../../events/catalog.ts';
import type { AnyFieldDocs } from '../../events/event-type-docs.ts';
import { handlerBuild } from '../../lib/bundling.ts';
import { consumers } from '../../lib/consumers.ts';
import { assembleProject } from '../end-to-end/assembly.ts';

interface Bundle {
  readonly code: string;
  readonly files: readonly string[];
}

function readBundle(directory: string): Bundle {
  const files = readdirSync(directory);
  return {
    code: files.map((name) => readFileSync(join(directory, name), 'utf8')).join('\n'),
    files,
  };
}

/** Phone numbers and ids in a value: runs of ten or more digits and capitals. */
function idsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    return value.match(/[0-9A-Z]*\d[0-9A-Z]{9,}/g) ?? [];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(idsIn) : [];
}

function sentencesIn(docs: AnyFieldDocs): string[] {
  return Object.values(docs).flatMap(({ description, unit, absent, source, fields }) => [
    ...[description, unit, absent, source].filter((text) => text !== undefined),
    ...sentencesIn(fields ?? {}),
  ]);
}

/**
 * The longest part of a text that stands in a bundle as it is: esbuild escapes quotes and what is not
 * ASCII, and a number may be put in when the code runs.
 */
const asInBundle = (text: string) =>
  text.split(/[^a-z .,:;-]/i).reduce((max, part) => (part.length > max.length ? part : max));

const sentences = Object.values(busDocs).flatMap(({ summary, deprecated, variants, key, data }) => [
  ...[summary, deprecated ?? [], ...variants, key].flat(),
  ...sentencesIn(data),
]);

/** What no function needs. Short parts and single words are left out: other code may have the same. */
const texts = [
  ...new Set([
    ...Object.values(catalogDocs).flatMap(({ examples }) => idsIn(examples)),
    ...sentences.map(asInBundle).filter((part) => part.length >= 16 && part.includes(' ')),
  ]),
];

const functionConsumers = Object.entries(consumers).flatMap(([name, { kind }]) =>
  kind === 'function' ? [name] : [],
);

/** The source files of documents that esbuild takes code from for a bundle. */
function docsIn(entry: string): string[] {
  const { metafile } = buildSync({
    entryPoints: [fileURLToPath(new URL(`../../${entry}`, import.meta.url))],
    ...{ bundle: true, minify: true, format: 'esm', platform: 'node', write: false },
    ...{ outdir: 'bundle', metafile: true, mainFields: ['module', 'main'] },
  });
  return Object.values(metafile?.outputs ?? {})
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([source, { bytesInOutput }]) => source.endsWith('.docs.ts') && bytesInOutput > 0)
    .map(([source]) => source);
}

const textsIn = ({ code }: Bundle) => texts.filter((text) => code.includes(text));

describe('the bundles of functions', () => {
  const bundles = new Map<string, Bundle>();

  beforeAll(async () => {
    for (const { template, assets } of readAssembly(await assembleProject())) {
      for (const { Type, Properties = {} } of Object.values(template.Resources ?? {})) {
        if (Type !== 'AWS::Lambda::Function') {
          continue;
        }
        const { S3Key } = Properties.Code as { S3Key: string };
        bundles.set(String(Properties.FunctionName), readBundle(assets.get(S3Key) ?? ''));
      }
    }
  });

  test('are ingest with the catalog, and one for each consumer that runs code', () => {
    const named = (name: string) =>
      [...bundles].find(([functionName]) => functionName.split('-').includes(name))?.[1];
    for (const type of eventTypes) {
      expect(named('ingest')?.code).toContain(type);
    }
    for (const [name, { kind }] of Object.entries(consumers)) {
      if (kind === 'function') {
        expect([name, named(name)?.code.length]).not.toContain(undefined);
      }
    }
  });

  test('contain no example webhook, no summary and no description of a field or key', () => {
    const found = [...bundles].flatMap(([name, bundle]) =>
      textsIn(bundle).map((text) => `${name}: ${text}`),
    );
    expect(found).toEqual([]);
  });

  test('contain no file for documents and demos', () => {
    const entries = ['ingest/ingest', ...functionConsumers.map((name) => `consumers/${name}`)];
    for (const entry of entries) {
      expect(docsIn(`lambdas/${entry}.ts`)).toEqual([]);
    }
  });

  test('contain only code: a source map would be six times as large', () => {
    for (const [, { files }] of bundles) {
      expect(files).toEqual(['index.mjs']);
    }
  });
});

test('would be reported if they contained an example or a description', () => {
  const directory = mkdtempSync(join(tmpdir(), 'fanout-docs-bundle-'));
  try {
    buildSync({
      entryPoints: [fileURLToPath(new URL('../../events/catalog.docs.ts', import.meta.url))],
      outfile: join(directory, 'docs.mjs'),
      ...{ bundle: true, minify: true, format: 'esm', platform: 'node' },
    });
    const bundle = readBundle(directory);
    expect(texts.length).toBeGreaterThan(300);
    expect(textsIn(bundle)).toEqual(texts);
    expect(docsIn('events/catalog.docs.ts')).not.toEqual([]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test.each(['lambdas/ingest/ingest.ts', 'lambdas/watch/watch.ts', 'lambdas/republish/republish.ts'])(
  'the bundle of %s has no module that is imported late, which would slow down the others',
  (entry) => {
    const { metafile } = buildSync({ ...handlerBuild(entry), write: false, metafile: true });
    const [output] = Object.values(metafile.outputs);
    const late = Object.entries(metafile.inputs).flatMap(([source, { imports }]) =>
      imports
        .filter(
          ({ kind, path }) => kind === 'dynamic-import' && output?.inputs[path]?.bytesInOutput,
        )
        .map(({ path }) => `${source}: ${path}`),
    );
    expect(late).toEqual([]);
  },
);

test("a consumer's bundle has event streams, which the services that it calls may use", () => {
  expect(handlerBuild('lambdas/consumers/calls.ts').external).not.toContain(
    '@smithy/core/event-streams',
  );
});
