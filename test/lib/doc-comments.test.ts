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

/** What is not documented in a source, by `declaration.member`. */
function undocumentedIn(source: string): string[] {
  return [...source.matchAll(declaration)].flatMap(({ groups = {} }) => {
    const { before = '', name = '', body = '' } = groups;
    const members = [...body.matchAll(member)].flatMap(({ groups: found = {} }) => {
      if (!found.doc) {
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

const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && /\bextends (Construct|FanoutBus|Stack)\b/.test(read(file)),
);

function read(file: string): string {
  return readFileSync(`${lib}${file}`, 'utf8');
}

describe('the doc comments of constructs', () => {
  test.each(files)('describe each prop of %s, and the default of optional ones', (file) => {
    expect(undocumentedIn(read(file))).toEqual([]);
  });

  test('are reported if a prop has none', () => {
    const source = `
/** Props. */
export interface IngressProps {
  readonly silent: string;
  /** Where to. */
  readonly path?: string;
  /** How many. @default 1 */
  readonly count?: number;
}
`;
    expect(undocumentedIn(source)).toEqual(['IngressProps.silent', 'IngressProps.path: @default']);
  });
});
