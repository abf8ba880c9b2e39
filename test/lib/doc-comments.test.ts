import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const lib = fileURLToPath(new URL('../../lib/', import.meta.url));

/** Interfaces and classes, each with the text before it. */
const declaration =
  /(?<before>.*)\nexport (?:abstract )?(?:interface|class) (?<name>\w+)(?<body>[\s\S]*?)\n}\n/g;

/** Public members, each with its doc comment. */
const member =
  /(?<doc>\/\*\*(?:(?!\*\/)[\s\S])*\*\/)?\n {2}(?:abstract )?readonly (?<name>\w+)(?<optional>\?)?:/g;

/** Whether a doc comment has text before its first tag. */
const says = (doc: string) => !/^\/\*\*[\s*]*@/.test(doc);

/** Exported names, and public methods of classes, each with the line before it. */
const exported =
  /(?<before>.*)\n(?:export (?:abstract |async )?(?:function|const|class|interface|type)| {2}(?:static |override |get )?(?!constructor\b)(?=\w+\([^\n;]*\)[^\n,;]*\{\n)) ?(?<name>\w+)/g;

/** Statements, which look like methods. */
const keywords = new Set(['if', 'for', 'while', 'switch', 'catch']);

/** Exported names and public methods of a source that have no doc comment. */
const silentIn = (source: string) =>
  [...source.matchAll(exported)].flatMap(({ groups: { before = '', name = '' } = {} }) =>
    before.endsWith('*/') || keywords.has(name) ? [] : [name],
  );

/** What is not documented in a source, by `declaration.member`. */
function undocumentedIn(source: string): string[] {
  return [...source.matchAll(declaration)].flatMap(({ groups = {} }) => {
    const { before = '', name = '', body = '' } = groups;
    const members = [...body.matchAll(member)].flatMap(({ groups: found = {} }) => {
      if (!found.doc || !says(found.doc)) {
        return [`${name}.${found.name}`];
      }
      const needsDefault = found.optional && name.endsWith('Props');
      return needsDefault && !found.doc.includes('@default')
        ? [`${name}.${found.name}: @default`]
        : [];
    });
    return before.endsWith('*/') ? members : [name, ...members];
  });
}

const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);
const constructs = sources.filter((file) =>
  /\bextends (Construct|FanoutBus|Stack)\b/.test(read(file)),
);

function read(file: string): string {
  return readFileSync(`${lib}${file}`, 'utf8');
}

describe('the doc comments of lib', () => {
  test.each(sources)('describe each name that %s exports, and each public method', (file) => {
    expect(silentIn(read(file))).toEqual([]);
  });

  test.each(constructs)('describe each prop of %s, and the default of optional ones', (file) => {
    expect(undocumentedIn(read(file))).toEqual([]);
  });

  test('are reported if an exported name or a method has none', () => {
    const source = `
/** The limit. */
export const limit = 5;
export const silent = 6;

/** An alarm. */
export class Alarms {
  constructor() {
    if (limit) {
    }
  }
  /** Adds one. */
  add(name: string): void {
  }
  remove(name: string): void {
    while (name) {
    }
  }
}
`;
    expect(silentIn(source)).toEqual(['silent', 'remove']);
  });

  test('are reported if a prop has none, or only a default', () => {
    const source = `
/** Props. */
export interface IngressProps {
  readonly silent: string;
  /** Where to. */
  readonly path?: string;
  /** How many. @default 1 */
  readonly count?: number;
  /** @default - none */
  readonly limit?: number;
}
`;
    expect(undocumentedIn(source)).toEqual([
      'IngressProps.silent',
      'IngressProps.path: @default',
      'IngressProps.limit',
    ]);
  });
});
