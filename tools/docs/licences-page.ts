import { markdownTable } from './markdown.ts';

/** The parts of a package-lock.json that are read here. */
interface PackageLock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly license?: string;
        readonly dev?: boolean;
        readonly link?: boolean;
      }
    >
  >;
}

/** Licences (SPDX) that allow this project to be redistributed. */
const permissive: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
]);

/** Also allowed for development dependencies, which are not distributed. */
const allowedForWork: ReadonlySet<string> = new Set(['CC-BY-4.0', 'MPL-2.0']);

/** One package that is installed, with its licence. */
interface Licensed {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Whether it is only a development dependency. */
  readonly isForWork: boolean;
  readonly isAllowed: boolean;
}

/** All packages of a lock file, in order of their names. */
export function licencesIn({ packages }: PackageLock): readonly Licensed[] {
  const all = Object.entries(packages)
    // The project itself and its own packages are in no node_modules, except as links.
    .filter(([path, { link }]) => path.includes('node_modules/') && !link)
    .map(([path, { version = '', license = 'none given', dev = false }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license,
      isForWork: dev,
      isAllowed: isAllowed(license, dev),
    }));
  return all.sort((a, b) => compare(`${a.name}@${a.version}`, `${b.name}@${b.version}`));
}

/** One of several licences to choose from is enough: `(MIT OR GPL-3.0-or-later)`. */
const isAllowed = (licence: string, isForWork: boolean) =>
  licence
    .replace(/^\(|\)$/g, '')
    .split(' OR ')
    .some((each) => permissive.has(each) || (isForWork && allowedForWork.has(each)));

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** docs/licences.md. */
export function licencesPage(lock: PackageLock): string {
  const all = licencesIn(lock);
  const shipped = all.filter(({ isForWork }) => !isForWork);
  const forWork = Map.groupBy(
    all.filter(({ isForWork }) => isForWork),
    ({ licence }) => licence,
  );
  return `${[
    '<!-- Made by `npm run docs` from package-lock.json. Do not edit. -->',
    '# Licences',
    'This project is under Apache-2.0. Its dependencies are under the licences below; a test refuses any other licence. `npm run sbom` prints all dependencies as CycloneDX, with versions, hashes and licences.',
    '## What you install with it',
    markdownTable(
      ['package', 'version', 'licence'],
      shipped.map(({ name, version, licence }) => [name, version, licence]),
    ),
    '## What is used for work on the project',
    markdownTable(
      ['licence', 'packages'],
      [...forWork].map(([licence, packages]) => [licence, String(packages.length)]).sort(),
    ),
  ].join('\n\n')}\n`;
}
