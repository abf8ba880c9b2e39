import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeScratchCopy, type ScratchCopy } from './scratch-copy.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const names = ['event-pattern', 'local-aws'];

/** An empty folder into which both packages are installed as `npm pack` makes them. */
let elsewhere: string;
let copy: ScratchCopy;
const packed = new Map<string, { readonly files: readonly string[] }>();

beforeAll(() => {
  copy = makeScratchCopy();
  elsewhere = mkdtempSync(join(tmpdir(), 'fanout-packages-'));
  const npm = (cwd: string, ...args: string[]) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const tarballs = names.map((name) => {
    const json = npm(
      copy.inCopy(`packages/${name}`),
      'pack',
      '--json',
      '--pack-destination',
      elsewhere,
    );
    const [{ filename, files }] = JSON.parse(json) as [
      { readonly filename: string; readonly files: readonly { readonly path: string }[] },
    ];
    packed.set(name, { files: files.map(({ path }) => path) });
    return `./${filename}`;
  });
  // What the local run takes from npm, from here: a test reaches no registry.
  const croner = join(root, 'node_modules/croner');
  const [{ filename }] = JSON.parse(
    npm(root, 'pack', croner, '--json', '--ignore-scripts', '--pack-destination', elsewhere),
  ) as [{ readonly filename: string }];
  tarballs.push(`./${filename}`);
  writeFileSync(join(elsewhere, 'package.json'), '{"type":"module"}');
  npm(elsewhere, 'install', '--offline', '--no-audit', '--no-fund', ...tarballs);
});

afterAll(() => {
  copy.remove();
  rmSync(elsewhere, { recursive: true, force: true });
});

/** The programs of a package's README, each with the output that stands below it. */
function examplesOf(
  name: string,
): { readonly code: string; readonly output: string | undefined }[] {
  const readme = readFileSync(join(root, 'packages', name, 'README.md'), 'utf8');
  return [...readme.matchAll(/```js\n(.*?)```\n(?:\n```text\n(.*?)```\n)?/gs)].map(
    ([, code = '', output]) => ({ code, output }),
  );
}

function run(code: string): string {
  writeFileSync(join(elsewhere, 'example.js'), code);
  return execFileSync(process.execPath, ['example.js'], { cwd: elsewhere, encoding: 'utf8' });
}

describe.each(names)('%s, packed', (name) => {
  test('has JavaScript with types, its README, changelog and licence, and no sources or tests', () => {
    const { files } = packed.get(name) ?? { files: [] };
    expect(files).toEqual(
      expect.arrayContaining([
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'dist/index.js',
        'dist/index.d.ts',
      ]),
    );
    expect(files.filter((file) => !/\.(js|mjs|d\.ts|d\.mts|md)$/.test(file)).sort()).toEqual([
      'LICENSE',
      'package.json',
    ]);
  });

  test('is left as it was by packing it', () => {
    const manifest = (folder: string) =>
      readFileSync(join(folder, 'packages', name, 'package.json'), 'utf8');
    expect(manifest(copy.directory)).toBe(manifest(root));
  });
});

test('the examples of event-pattern print what its README says', () => {
  const examples = examplesOf('event-pattern');
  expect(examples.length).toBeGreaterThan(2);
  for (const { code, output } of examples) {
    expect(run(code)).toBe(output);
  }
});

test('the first example of local-aws runs the app of its README and prints what stands there', () => {
  const [example, app] = examplesOf('local-aws');
  // The app needs the CDK, which an empty folder does not have.
  const folder = copy.inCopy('hello');
  mkdirSync(folder);
  writeFileSync(join(folder, 'app.mjs'), app?.code ?? '');
  execFileSync(process.execPath, ['app.mjs'], { cwd: folder });
  cpSync(join(folder, 'cdk.out'), join(elsewhere, 'cdk.out'), { recursive: true });
  expect(run(example?.code ?? '')).toBe(example?.output);
});

test('both are typed for who installs them', () => {
  symlinkSync(join(root, 'node_modules', '@types'), join(elsewhere, 'node_modules', '@types'));
  symlinkSync(
    join(root, 'node_modules', 'undici-types'),
    join(elsewhere, 'node_modules', 'undici-types'),
  );
  writeFileSync(
    join(elsewhere, 'typed.ts'),
    `import { compilePattern, explainMatch, type LeafFailure } from '@event-fanout/event-pattern';
import { type LocalRun, startLocalRun, SteppedClock } from '@event-fanout/local-aws';
import { synthesize } from '@event-fanout/local-aws/assembly';
export const failures: readonly LeafFailure[] = explainMatch(compilePattern({ a: [1] }), {}).failures;
export async function start(): Promise<LocalRun> {
  await synthesize('.', 'cdk.out');
  return startLocalRun({ assembly: 'cdk.out', clock: new SteppedClock() });
}
// @ts-expect-error a run needs an assembly
export const none = () => startLocalRun({});
`,
  );
  writeFileSync(
    join(elsewhere, 'tsconfig.json'),
    '{"compilerOptions":{"strict":true,"module":"nodenext","target":"es2024","noEmit":true,"types":["node"]},"files":["typed.ts"]}',
  );
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const { stdout } = spawnSync(tsc, ['-p', '.'], { cwd: elsewhere, encoding: 'utf8' });
  expect(stdout).toBe('');
});
