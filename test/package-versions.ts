/*
 * Builds a CDK app on the package with the oldest and the newest aws-cdk-lib that it supports, each installed
 * from the registry. Ends with 1 when one of them does not compile or synthesize. Without a registry there is
 * nothing to install: test/package.thorough.ts tests the version that the repository has.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePackageApp } from './package-app.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const npm = (cwd: string, ...args: string[]) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly publishConfig: { readonly peerDependencies: Readonly<Record<string, string>> };
}

const { devDependencies, publishConfig } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
) as Manifest;
const peers = publishConfig.peerDependencies;
const cdkPeers = ['aws-cdk-lib', 'constructs'] as const;

/** The oldest version of a range such as `^2.224.0`. */
const oldestOf = (range = '') => /\d+\.\d+\.\d+/.exec(range)?.[0] ?? range;

/** The newest version of a range that is published. */
const newestOf = (name: string, range = '') =>
  (JSON.parse(npm(root, 'view', `${name}@${range}`, 'version', '--json')) as string[] | string)
    .toString()
    .split(',')
    .at(-1) ?? '';

const ends = [
  cdkPeers.map((name) => `${name}@${oldestOf(peers[name])}`),
  cdkPeers.map((name) => `${name}@${newestOf(name, peers[name])}`),
];

const folder = mkdtempSync(join(tmpdir(), 'fanout-versions-'));
try {
  const [{ filename }] = JSON.parse(
    npm(root, 'pack', '--json', '--pack-destination', folder).replace(/^[^[]*/, ''),
  ) as [{ readonly filename: string }];
  for (const [index, packages] of ends.entries()) {
    const app = mkdtempSync(join(folder, `app-${index}-`));
    writePackageApp(app);
    const tools = ['typescript', '@types/node'].map((name) => `${name}@${devDependencies[name]}`);
    npm(
      app,
      'install',
      '--no-audit',
      '--no-fund',
      join(folder, filename),
      ...packages,
      ...tools,
      'esbuild',
    );
    for (const args of [['node_modules/typescript/bin/tsc', '-p', '.'], ['dist/app.js']]) {
      execFileSync(process.execPath, args, {
        cwd: app,
        env: { ...process.env, CDK_OUTDIR: join(app, 'cdk.out') },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
    }
    console.log(`${packages.join(', ')}: compiles and synthesizes.`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
