/*
 * The `prepack` and `postpack` steps of `npm pack` and `npm publish`, for the packages in this folder and for the
 * root. In the repository, exports and commands name TypeScript sources, which Node runs directly. The packed
 * package.json names JavaScript that is built from them, because Node does not strip types below node_modules.
 * npm reads package.json again after `prepack`. The fields of `publishConfig` replace the fields of the same name,
 * as in pnpm.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** npm never packs a file with this ending. */
const original = 'package.json.orig';
const licence = 'LICENSE';

/** Fields that are needed only in the repository. */
const repositoryOnly = ['allowScripts', 'devDependencies', 'overrides', 'publishConfig', 'scripts'];

/**
 * Further fields of the root: its dependencies are in its bundles, or peer dependencies in
 * `publishConfig`.
 */
const rootOnly = ['dependencies', 'optionalDependencies', 'workspaces'];

const [when] = process.argv.slice(2);
// Also removes the files of an interrupted pack.
if (existsSync(original)) {
  renameSync(original, 'package.json');
  if (!isRoot()) {
    rmSync(licence, { force: true });
  }
}
if (when === 'before') {
  const text = readFileSync('package.json', 'utf8');
  const manifest = JSON.parse(text);
  const root = isRoot();
  if (root) {
    execFileSync('npm', ['run', '--silent', 'build:package'], { stdio: 'inherit' });
  } else {
    const sources = Object.values(manifest.exports).filter((path) => path.endsWith('.ts'));
    build(sources);
    for (const [path, source] of Object.entries(manifest.exports)) {
      if (sources.includes(source)) {
        manifest.exports[path] = builtFrom(source);
      }
    }
  }
  Object.assign(manifest, manifest.publishConfig);
  for (const field of [...repositoryOnly, ...(root ? rootOnly : [])]) {
    delete manifest[field];
  }
  writeFileSync(original, text);
  writeFileSync('package.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
  if (!root) {
    cpSync(join('../..', licence), licence);
  }
}

/** The root has its own licence file, and workspaces. */
function isRoot() {
  return JSON.parse(readFileSync('package.json', 'utf8')).workspaces !== undefined;
}

/** @param {string} source */
function builtFrom(source) {
  const path = source.replace('./src/', './dist/').replace(/\.ts$/, '');
  return { types: `${path}.d.ts`, default: `${path}.js` };
}

/**
 * Builds `dist`: JavaScript and declarations of each source; JavaScript files are copied.
 *
 * @param {readonly string[]} sources what the package exports
 */
function build(sources) {
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
  const options =
    '--ignoreConfig --declaration --rewriteRelativeImportExtensions --rootDir .. --outDir dist/all ' +
    '--target es2024 --module nodenext --types node --strict --skipLibCheck';
  rmSync('dist', { recursive: true, force: true });
  execFileSync(
    process.execPath,
    [join(dirname(typescript), 'bin/tsc'), ...sources, ...options.split(' ')],
    { stdio: 'inherit' },
  );
  // Sources of a package that this one imports are among them.
  cpSync(join('dist/all', basename(process.cwd()), 'src'), 'dist', { recursive: true });
  rmSync('dist/all', { recursive: true });
  cpSync('src', 'dist', { recursive: true, filter: (path) => !/(?<!\.d)\.ts$/.test(path) });
}
