import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { consumerRowText, settingsText } from './cdk-types.ts';
import { eventTypesText } from './event-types.ts';

/** The sources of the package's entries. */
const entries = [
  'events/consume.ts',
  'events/schemas.ts',
  'lambdas/runtime/consumer.ts',
  'lib/cdk.ts',
];

/** The fields of an inferred type that two compilers' views of it must agree in. */
const flat = `type Flat<T> = T extends (...args: never) => unknown ? T
  : T extends readonly (infer E)[] ? readonly Flat<E>[]
  : T extends object ? { [K in keyof T]: Flat<T[K]> } : T;
type Same<X, Y> = (<T>() => T extends X ? 1 : 2) extends <T>() => T extends Y ? 1 : 2 ? true : false;
type Differing<X, Y extends { [K in keyof X]: unknown }> = { [K in keyof X]: Same<Flat<X[K]>, Flat<Y[K]>> extends true ? never : K }[keyof X];
declare function none<T extends never>(): T;`;

/**
 * Writes the declarations of the package's entries to \`dist/types\`: what the compiler emits, but with plain
 * interfaces where types are inferred from schemas.
 *
 * @throws when a plain interface differs from the type that it stands for
 */
export function writeDeclarations(root: string): void {
  const work = mkdtempSync(join(tmpdir(), 'fanout-types-'));
  try {
    emit(root, work);
    writeFileSync(join(work, 'events/data-of.d.ts'), eventTypesText());
    writeFileSync(join(work, 'lib/consumer-row.d.ts'), consumerRowText());
    writeFileSync(join(work, 'lib/settings.d.ts'), settingsDeclaration(work));
    checkAgainstSources(root, work);
    copyReachable(work, join(root, 'dist/types'));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const options =
  '--ignoreConfig --target es2024 --module nodenext --types node --strict --skipLibCheck --allowImportingTsExtensions';

function tsc(root: string, ...args: string[]): void {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

function emit(root: string, work: string): void {
  const emitting = `--declaration --emitDeclarationOnly --rewriteRelativeImportExtensions --rootDir . --outDir ${work}`;
  tsc(root, ...entries, ...options.split(' '), ...emitting.split(' '));
}

/** What the compiler emits of `lib/settings.ts`, without the schema that the type is inferred from. */
function settingsDeclaration(work: string): string {
  const functions = readFileSync(join(work, 'lib/settings.d.ts'), 'utf8').match(
    /^(\/\*\*(?:(?!\*\/)[\s\S])*?\*\/\n)?export declare function [\s\S]*?;$/gm,
  );
  if (!functions) {
    throw new Error('lib/settings.ts exports no function.');
  }
  return [settingsText(), ...functions, ''].join('\n');
}

/** Compares each plain interface with what the compiler infers. */
function checkAgainstSources(root: string, work: string): void {
  const check = join(root, 'dist/check-types.ts');
  const plain = (file: string) => join(work, file).replace(/\.ts$/, '.js');
  writeFileSync(
    check,
    `import type * as E from '../events/data-of.ts';
import type * as S from '../lib/settings.ts';
import type * as R from '../lib/consumer-row.ts';
import type * as PE from '${plain('events/data-of.ts')}';
import type * as PS from '${plain('lib/settings.ts')}';
import type * as PR from '${plain('lib/consumer-row.ts')}';
${flat}
none<Differing<{ [T in E.BusType]: E.DataOf<T> }, { [T in PE.BusType]: PE.DataOf<T> }>>();
none<Differing<{ [T in E.BusType]: E.BusCategoryOf<T> }, { [T in PE.BusType]: PE.BusCategoryOf<T> }>>();
none<Differing<{ [C in E.Category]: E.EventTypeIn<C> }, { [C in PE.Category]: PE.EventTypeIn<C> }>>();
none<Differing<{ address: E.Address; messageId: E.MessageId; type: E.EventType; category: E.Category }, { address: PE.Address; messageId: PE.MessageId; type: PE.EventType; category: PE.Category }>>();
none<Differing<S.Settings, PS.Settings>>();
none<Differing<{ [K in R.ConsumerKind]: keyof R.RowOf<K> }, { [K in PR.ConsumerKind]: keyof PR.RowOf<K> }>>();
`,
  );
  try {
    tsc(root, check, ...options.split(' '), '--noEmit');
  } finally {
    rmSync(check);
  }
}

/** Copies the declarations that the entries lead to. */
function copyReachable(work: string, to: string): void {
  const waiting = entries.map((entry) => entry.replace(/\.ts$/, '.d.ts'));
  const copied = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (copied.has(file)) {
      continue;
    }
    copied.add(file);
    const text = readFileSync(join(work, file), 'utf8').replace(
      /((?:from |import\()['"]\.[^'"]+)\.ts(?=['"])/g,
      '$1.js',
    );
    mkdirSync(dirname(join(to, file)), { recursive: true });
    writeFileSync(join(to, file), text);
    for (const [, specifier = ''] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)['"]/g)) {
      const imported = join(dirname(file), specifier).replace(/\.js$/, '.d.ts');
      if (!existsSync(join(work, imported))) {
        throw new Error(`${file} imports ${specifier}, which is not there.`);
      }
      waiting.push(imported);
    }
  }
}
