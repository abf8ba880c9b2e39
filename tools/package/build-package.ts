import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { buildScripts } from '../../console/server/http/build-page.ts';
import {
  defineAbsent,
  eventStreams,
  externalClients,
  externalModules,
  prebuiltName,
  tableVariables,
} from '../../lib/bundling.ts';
import { localSettings } from '../../ops/local-settings.ts';
import { writeDeclarations } from './declarations.ts';
import { publishedAssembly } from './published-assembly.ts';

/*
 * Makes `dist`, which is what the package holds: JavaScript with declarations for each entry, the handlers'
 * bundles, the command as one file, and the pipeline synthesized for the local run. Nothing in it imports a
 * package, but for aws-cdk-lib and constructs in `./cdk`.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const inRoot = (path: string) => join(root, path);
const inDist = (path: string) => join(root, 'dist', path);

/** The oldest Node.js that the package supports (publishConfig.engines in package.json). */
const target = 'node20';

const shared: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target,
  mainFields: ['module', 'main'],
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
};

/** Files that are read at run time: the path in the project, and the path in the package. */
const placed: Readonly<Record<string, string>> = {
  '.': '..',
  'package.json': '../package.json',
  'cdk.json': './cdk.json',
  'lib/lambdas': './lambdas/',
  'console/page': './console/',
  'dist/console': './console/',
  'dist/assembly': './assembly',
  'packages/local-aws/src/lambda/runtime/bootstrap.mjs': './runtime/bootstrap.mjs',
};

/**
 * Rewrites `new URL('…', import.meta.url)` of sources in many folders for one file in `dist`. Fails for a
 * file that has no place in the package.
 */
const placeFiles: Plugin = {
  name: 'place files',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (path.includes('/node_modules/')) {
        return undefined;
      }
      const text = await readFile(path, 'utf8');
      const contents = text.replace(
        /new URL\('([^']+)', import\.meta\.url\)/g,
        (_, specifier: string) => {
          const from = relative(root, resolve(dirname(path), specifier)) || '.';
          const place =
            placed[from] ?? (unpublished.test(relative(root, path)) ? './unpublished' : undefined);
          if (place === undefined) {
            throw new Error(`${path}: ${from} has no place in the package.`);
          }
          return `new URL('${place}', import.meta.url)`;
        },
      );
      return { contents, loader: 'ts' };
    });
  },
};

/** What only serves work on this project: the published command never loads it. */
const unpublished = /^(cli\/consumer|tools)(\/|\.ts$)/;

/** Modules that the command loads lazily, each from a separate file. */
const loadLater: Plugin = {
  name: 'load later',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
      const full = resolve(resolveDir, path);
      if (kind !== 'dynamic-import') {
        return undefined;
      }
      if (unpublished.test(relative(root, full))) {
        return { path: './unpublished.js', external: true };
      }
      if (full.endsWith('/lib/template-of.ts')) {
        return { path: './template-of.js', external: true };
      }
      return undefined;
    });
    // Needed only with the page's sources.
    onResolve({ filter: /^esbuild$/ }, () => ({ path: './unpublished.js', external: true }));
    // A static import would end the command on Node.js versions without this module.
    onResolve({ filter: /^node:sqlite$/ }, ({ path }) => ({ path, namespace: 'builtin' }));
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
    }));
  },
};

/** The peer dependencies of `./cdk`; cdk-nag is a dependency of the app. */
const cdkPeers: Plugin = {
  name: 'peers',
  setup({ onResolve }) {
    onResolve({ filter: /^(aws-cdk-lib|constructs|cdk-nag)(\/|$)/ }, ({ path }) => ({
      path,
      external: true,
      sideEffects: false,
    }));
  },
};

/** Packages in CommonJS ask for built-in modules by `require`. The name is one that no source imports. */
const withRequire = {
  js: "import { createRequire as requireFrom } from 'node:module';const require=requireFrom(import.meta.url);",
};

/** The beginning of the command: the features of ES2024 that its sources use and Node.js 20 lacks. */
const commandStart = {
  js: [
    withRequire.js,
    // It warns about Node.js 20 at each start, which users of this command cannot change.
    "process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED??='true';",
    'Promise.withResolvers??=function(){let resolve,reject;const promise=new this((a,b)=>{resolve=a;reject=b});return{promise,resolve,reject}};',
    'Map.groupBy??=(items,keyOf)=>{const groups=new Map();let index=0;for(const item of items){const key=keyOf(item,index++);const group=groups.get(key);if(group)group.push(item);else groups.set(key,[item])}return groups};',
  ].join(''),
};

const metafiles: Metafile[] = [];

async function bundle(options: BuildOptions): Promise<void> {
  const { metafile } = await build({ ...shared, ...options });
  if (metafile) {
    metafiles.push(metafile);
  }
}

/** Every file in `lambdas` that exports a handler. */
function handlerSources(): string[] {
  return readdirSync(inRoot('lambdas'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `lambdas/${name}`)
    .filter((path) => /^export const handler\b/m.test(readFileSync(inRoot(path), 'utf8')));
}

/** The bundles of all handlers, as a stack makes them at synth. */
async function buildHandlers(): Promise<void> {
  for (const entry of handlerSources()) {
    const variants = entry.startsWith('lambdas/consumers/') ? [[], tableVariables] : [[]];
    for (const absent of variants) {
      await bundle({
        entryPoints: [entry],
        outfile: inDist(`lambdas/${prebuiltName(entry, absent)}/index.mjs`),
        target: 'node24',
        minify: true,
        sourcemap: 'external',
        sourcesContent: false,
        external: externalModules(entry),
        define: defineAbsent(absent),
      });
    }
  }
}

async function buildCommand(): Promise<void> {
  await bundle({
    entryPoints: { fanout: 'bin/fanout.ts' },
    outdir: inDist(''),
    minifySyntax: true,
    minifyWhitespace: true,
    plugins: [loadLater, placeFiles],
    banner: commandStart,
  });
  await bundle({
    entryPoints: { 'template-of': 'lib/template-of.ts' },
    outdir: inDist(''),
    plugins: [cdkPeers, placeFiles],
  });
  chmodSync(inDist('fanout.js'), 0o755);
  cpSync(inRoot('cdk.json'), inDist('cdk.json'));
  cpSync(inRoot('packages/local-aws/src/lambda/runtime'), inDist('runtime'), {
    recursive: true,
    filter: (path) => !path.endsWith('.d.mts'),
  });
  // The modules that ingest takes from Lambda's own SDK (lib/bundling.ts).
  await bundle({
    entryPoints: { 'client-s3': '@aws-sdk/client-s3' },
    outdir: inDist('runtime/sdk/@aws-sdk'),
    outExtension: { '.js': '.mjs' },
    minify: true,
    external: [...externalClients].filter((name) => name !== '@aws-sdk/client-s3'),
    banner: withRequire,
  });
  mkdirSync(inDist('console'));
  for (const name of ['index.html', 'icon.svg']) {
    cpSync(inRoot(`console/page/${name}`), inDist(`console/${name}`));
  }
  for (const [name, content] of Object.entries(await buildScripts())) {
    writeFileSync(inDist(`console/${name}`), content);
  }
}

rmSync(inDist(''), { recursive: true, force: true });
for (const [name, entry] of Object.entries({
  events: 'events/consume.ts',
  schemas: 'events/schemas.ts',
})) {
  await bundle({
    entryPoints: [entry],
    outfile: inDist(`${name}.js`),
    platform: 'neutral',
    external: ['node:*'],
  });
}
await bundle({
  entryPoints: { consumer: 'lambdas/runtime/consumer.ts' },
  outdir: inDist(''),
  external: [...externalClients],
  minifySyntax: true,
});
await bundle({
  entryPoints: { cdk: 'lib/cdk.ts' },
  outdir: inDist(''),
  plugins: [cdkPeers, placeFiles],
});
await buildHandlers();
await buildCommand();
checkImports();
publishedAssembly(inDist(''), localSettings);
writeDeclarations(root);
writeFileSync(inDist('THIRD-PARTY-LICENCES.txt'), thirdPartyLicences(root, metafiles));

/** Fails when something in `dist` imports a package that is not installed with it. */
function checkImports(): void {
  for (const { outputs } of metafiles) {
    for (const [file, { imports }] of Object.entries(outputs)) {
      for (const { path, external, kind } of imports) {
        const isPeer =
          /^dist\/(cdk|template-of)\.js$/.test(file) &&
          /^(aws-cdk-lib|constructs)(\/|$)/.test(path);
        const isOfLambda = [...externalClients, eventStreams].includes(path);
        const isLambdas = isOfLambda && kind === 'dynamic-import';
        if (!external || isPeer || isLambdas || path.startsWith('.') || isBuiltinModule(path)) {
          continue;
        }
        throw new Error(`${file} imports ${path}, which is not installed with it.`);
      }
    }
  }
}

function isBuiltinModule(path: string): boolean {
  return process.getBuiltinModule(path) !== undefined;
}

/** The licences of all packages whose code is in bundles, as their terms ask for. */
export function thirdPartyLicences(root: string, metafiles: readonly Metafile[]): string {
  const folders = new Set<string>();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
        const [folder] = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
        if (folder !== undefined && bytesInOutput > 0) {
          folders.add(folder);
        }
      }
    }
  }
  return [...folders]
    .sort()
    .map((folder) => licenceOf(join(root, folder)))
    .join('\n\n');
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as { name: string; version: string; license?: string };
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice)/i.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`==== ${name} ${version} (${license ?? 'see below'})`, ...texts].join('\n\n');
}
