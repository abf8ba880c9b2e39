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
export const filePaths: ReadonlySet<string> = new Set(['/app.js', '/style.css', '/icon.svg']);

const pack = promisify(gzip);
const sources = fileURLToPath(new URL('../../page/', import.meta.url));

/** Where the published package has the page, built. */
const published = fileURLToPath(new URL('../../../dist/console/', import.meta.url));

/** The script and the style sheet of the page. */
export async function buildScripts(): Promise<
  Readonly<Record<'app.js' | 'style.css', Uint8Array>>
> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: { app: join(sources, 'app.tsx'), style: join(sources, 'style.css') },
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
  return { 'app.js': output('app.js'), 'style.css': output('style.css') };
}

/** Reads the page, or builds it in memory, which takes about a tenth of a second. The files by path. */
export async function buildPage(): Promise<ReadonlyMap<string, PageFile>> {
  const isBuilt = import.meta.url.endsWith('.js');
  const read = (name: string) => readFile(join(isBuilt ? published : sources, name));
  const [scripts, html, icon] = await Promise.all([
    isBuilt
      ? { 'app.js': await read('app.js'), 'style.css': await read('style.css') }
      : buildScripts(),
    read('index.html'),
    read('icon.svg'),
  ]);
  const file = async (type: string, content: Uint8Array): Promise<PageFile> => {
    const body = Buffer.from(content);
    return { type: `${type}; charset=utf-8`, body, gzipped: await pack(body) };
  };
  return new Map([
    ['/', await file('text/html', html)],
    ['/app.js', await file('text/javascript', scripts['app.js'])],
    ['/style.css', await file('text/css', scripts['style.css'])],
    ['/icon.svg', await file('image/svg+xml', icon)],
  ]);
}
