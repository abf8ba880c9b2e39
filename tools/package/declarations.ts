import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { consumerKinds } from '../../lib/consumer-row.ts';
import { documentationOf } from '../../lib/schema.ts';
import { settings } from '../../lib/settings.ts';
import {
  type AnySchema,
  eventTypesText,
  objectText,
  schemaOf,
  type TypeContext,
} from './schema-type.ts';

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
    writeFileSync(join(work, 'lib/settings.d.ts'), settingsText());
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

/** Types of what a row may say and no schema can. */
const customs = {
  pattern: 'EventPattern',
  endpoint: 'string',
  environment: 'Readonly<Record<string, string>>',
  conditions: 'Readonly<Record<string, unknown>>',
  target: 'IRuleTarget | ((undeliverable: IQueue) => IRuleTarget)',
};

/** The name of each kind's row in `./cdk`. */
const rowName = (kind: string) => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Consumer`;

const context: Omit<TypeContext, 'side'> = { names: new Map(), customs, commentOf };

/** The declaration of `Settings`, made from its schema. */
function settingsText(): string {
  const text = objectText(
    { type: 'object', entries: entriesOf(settings) },
    { ...context, side: 'output' },
  );
  return `/** The settings of one deployment, each checked. */\nexport interface Settings ${text}\n`;
}

/** What stands in the published package in place of the types of `lib/consumer-row.ts`. */
function consumerRowText(): string {
  const rows = Object.entries(consumerKinds).map(([kind, schema]) => {
    const members = objectText(schemaOf(schema), { ...context, side: 'input' });
    return `export interface ${rowName(kind)} {\n  readonly kind: '${kind}';\n${members.slice(2)}`;
  });
  const checked = Object.entries(consumerKinds).map(([kind, schema]) => {
    const members = objectText(schemaOf(schema), { ...context, side: 'output' });
    return `  readonly ${kind}: {\n  readonly kind: '${kind}';\n${members.slice(2)};`;
  });
  return [
    "import type { IRuleTarget } from 'aws-cdk-lib/aws-events';",
    "import type { IQueue } from 'aws-cdk-lib/aws-sqs';",
    "import type { EventPattern } from '../events/pattern.js';",
    ...rows,
    `interface Rows {\n${Object.keys(consumerKinds)
      .map((kind) => `  readonly ${kind}: ${rowName(kind)};`)
      .join('\n')}\n}`,
    `interface CheckedRows {\n${checked.join('\n')}\n}`,
    '/** How a consumer gets its events. */\nexport type ConsumerKind = keyof Rows;',
    '/** The row of one kind, as it is written. */\nexport type RowOf<K extends ConsumerKind> = Rows[K];',
    '/** The row of one kind, checked, with its defaults. */\nexport type CheckedRow<K extends ConsumerKind = ConsumerKind> = CheckedRows[K];',
    "/** Something that a function is allowed. */\nexport type Permission = NonNullable<FunctionConsumer['permissions']>[number];",
    '/** One consumer: who it is, what it subscribes to, and how it is delivered. It names `categories` or `pattern`, not both. */\nexport type ConsumerRow = Rows[ConsumerKind];\n',
  ].join('\n');
}

const entriesOf = (entries: object) => entries as Readonly<Record<string, AnySchema>>;

/** What documentation says of a setting. */
function commentOf(_field: string, schema: AnySchema): string | undefined {
  const { summary, allowed, fallback } = documentationOf(
    schema as unknown as Parameters<typeof documentationOf>[0],
  );
  if (summary === 'undefined') {
    return undefined;
  }
  const otherwise = fallback === undefined ? '' : ` @default ${fallback}`;
  return `${summary}. Takes ${allowed}.${otherwise}`;
}
