import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** One file of the page. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer;
}

/** Paths of the page's files below `/console`. Every other path is an address of the page itself. */
export const filePaths: ReadonlySet<string> = new Set([
  '/app.js',
  '/editor.js',
  '/style.css',
  '/icon.svg',
]);

const pack = promisify(gzip);
const sources = fileURLToPath(new URL('../../page/', import.meta.url));

/** The folder of the built page in the published package. */
const published = fileURLToPath(new URL('../../../dist/console/', import.meta.url));

/** The files that are built from the sources. */
const built = ['app.js', 'editor.js', 'style.css'] as const;

/** The scripts and the style sheet of the page. */
export async function buildScripts(): Promise<
  Readonly<Record<(typeof built)[number], Uint8Array>>
> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: ['app.tsx', 'editor.ts', 'style.css'].map((name) => join(sources, name)),
    outdir: '/',
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: ['chrome120', 'firefox121', 'safari17'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const output = (end: string) =>
    outputFiles.find(({ path }) => path.endsWith(end))?.contents ?? new Uint8Array();
  return {
    'app.js': output('app.js'),
    'editor.js': output('editor.js'),
    'style.css': output('style.css'),
  };
}

const types = { js: 'text/javascript', css: 'text/css', html: 'text/html', svg: 'image/svg+xml' };

/** Reads the page, or builds it in memory in about a tenth of a second. Returns the files by path. */
export async function buildPage(): Promise<ReadonlyMap<string, PageFile>> {
  const isBuilt = import.meta.url.endsWith('.js');
  const read = async (name: string) =>
    [name, await readFile(join(isBuilt ? published : sources, name))] as const;
  const files = await Promise.all([
    ...['index.html', 'icon.svg', ...(isBuilt ? built : [])].map(read),
    ...(isBuilt ? [] : Object.entries(await buildScripts())),
  ]);
  return new Map(
    await Promise.all(
      files.map(async ([name, content]): Promise<[string, PageFile]> => {
        const body = Buffer.from(content);
        const type = types[name.slice(name.indexOf('.') + 1) as keyof typeof types];
        const path = name === 'index.html' ? '/' : `/${name}`;
        return [path, { type: `${type}; charset=utf-8`, body, gzipped: await pack(body) }];
      }),
    ),
  );
}
