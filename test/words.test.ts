import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from '../cli/program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Words that this project had of its own, each with the field's word that took its place. */
const leftOutWords: Readonly<Record<string, string>> = {
  'tell|tells|telling|told': 'report, publish',
  'hear|hears|hearing|heard': 'subscribes to, categories, types',
  'letter|letters': 'dead-letter message',
  'judge|judges|judged|judging|verdict|verdicts': 'check, result',
  'twin|twins': 'duplicate',
  'ledger|ledgers': 'deduplication table',
  noise: 'filter rule',
  'door|doors': 'endpoint, HTTP API, ingress',
  'desk|desks': 'context, unit of work',
  'mend|mends|mended|mending': 'edit, fix, redrive',
  'keeper|keepers': 'state, read model',
  patience: 'timeout, retry policy',
  foreign: 'untrusted',
  'taker|takers': 'receiver',
  'stamp|stamps': 'time, version',
  'outlet|outlets': 'sink',
  'nobody|whoever|anybody': 'none, any',
};

/** What is no single word: parts of identifiers as they follow each other, in lower case. */
const leftOutParts: Readonly<Record<string, string>> = {
  'keep state': 'state',
  'keeps state': 'state',
  'who listens': 'rules --for',
  'auth way': 'auth scheme',
  'end queue': 'failure queue',
  'end queues': 'failure queues',
  'end role': 'failure role',
  'end roles': 'failure roles',
  'leaves out': 'drop',
  'left out': 'filtered, omitted',
  'take over': 'acquire',
  'takes over': 'acquire',
  'give up': 'send to the dead-letter queue',
  'give back': 'release',
};

/** First parts of the names of limits. */
const limitWord = /^(?:most|longest|deepest|usual|largest|MOST|LONGEST)(?=[A-Z_])/;

/** Where a left-out word is the right one. */
const allowed: readonly { readonly name: RegExp; readonly why: string }[] = [
  {
    name: /dead(?:[-_]|\s+)?letters?/gi,
    why: 'AWS says DeadLetterConfig, DeadLetterQueue, deadLetterTargetArn',
  },
  { name: /^largestPrefixCount$|^deepestLevel$/g, why: 'a maximum that is computed, not a limit' },
  { name: /^FOREIGN$/g, why: 'a reserved word of DynamoDB' },
  { name: /\bFanout\w+[0-9A-F]{8}\b/g, why: 'logical ids of 0.1.0, in the changelog' },
  {
    name: /lower-case\s+letters|a\s+letter\s+first|letters,\s+digits/g,
    why: 'letters of the alphabet',
  },
];

/**
 * What is code in a text of TypeScript: without comments, strings, regular expressions, the text of
 * templates (but with what is between `${` and `}`) and the text of JSX.
 */
function codeOf(text: string): string {
  const token =
    /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|(?<=(?:[=(,:[!&|?;]|=>|return|^)\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])*\/|[`{}]|[\s\S]/gmy;
  const open: ('`' | '{')[] = [];
  let code = '';
  while (token.lastIndex < text.length) {
    if (open.at(-1) === '`') {
      // Inside a template: up to its end, or to a value in it.
      const part = /(?:\\[\s\S]|(?!\$\{)[^`\\])*(`|\$\{)/y;
      part.lastIndex = token.lastIndex;
      const end = part.exec(text)?.[1];
      token.lastIndex = end ? part.lastIndex : text.length;
      if (end === '`') {
        open.pop();
      } else {
        open.push('{');
      }
      code += ' ';
      continue;
    }
    const [found = ''] = token.exec(text) ?? [];
    if (found === '`' || found === '{') {
      open.push(found);
    } else if (found === '}') {
      open.pop();
    }
    code += found.length === 1 ? found : ' ';
  }
  return code.replace(/>[^<>{}()=;&|]*(?=[<{])/g, '>');
}

/** The words that a name is made of, in lower case. */
const partsOf = (name: string) =>
  (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).map((part) => part.toLowerCase());

const withoutAllowed = (text: string) =>
  allowed.reduce((rest, { name }) => rest.replaceAll(name, ' '), text);

/** What a name says that it should not, if anything. */
function faultOf(name: string): string | undefined {
  const checked = withoutAllowed(name);
  const parts = partsOf(checked);
  const word = Object.entries(leftOutWords).find(([words]) =>
    parts.some((part) => words.split('|').includes(part)),
  );
  const several = Object.entries(leftOutParts).find(([text]) =>
    ` ${parts.join(' ')} `.includes(` ${text} `),
  );
  const better =
    word?.[1] ?? several?.[1] ?? (limitWord.test(checked) ? 'max…, default…' : undefined);
  return better && `${name}: say ${better}`;
}

/** Faults of the names in a path. */
const faultsOfPath = (path: string) =>
  path.split('/').flatMap((name) => {
    const isOfEvents = /\bkinds?\b/.test(name) && !name.includes('consumer-kind');
    return isOfEvents ? [`${name}: say event type`] : (faultOf(name) ?? []);
  });

const identifiersOf = (text: string) => new Set(codeOf(text).match(/[A-Za-z_$][\w$]*/g) ?? []);

/** What a command prints with --help, its examples included, and the same of those below it. */
function helpTexts(command: Command): string[] {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return [text, ...command.commands.flatMap(helpTexts)];
}

/** Faults of a text that people read. */
const faultsOfHelp = (text: string) =>
  (withoutAllowed(text).match(/[\w-]+/g) ?? []).flatMap((word) => faultOf(word) ?? []);

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path && existsSync(`${root}${path}`));

/** What a page says, without blocks and spans of code. */
const proseOf = (markdown: string) =>
  markdown.replace(/^ *(```|~~~)[^\n]*\n.*?^ *\1/gms, '').replace(/`[^`\n]*`/g, '');

const sources = files.filter(
  (path) => /\.(?:ts|tsx|js|mjs|cjs)$/.test(path) && path !== 'test/words.test.ts',
);

describe('names are the words of the field', () => {
  test('no identifier of a source has a word of our own', () => {
    expect(sources.length).toBeGreaterThan(500);
    const faults = sources.flatMap((path) =>
      [...identifiersOf(readFileSync(`${root}${path}`, 'utf8'))].flatMap((name) => {
        const fault = faultOf(name);
        return fault ? [`${path}: ${fault}`] : [];
      }),
    );
    expect(faults).toEqual([]);
  });

  test('no file or folder is called by one, tests included', () => {
    expect(files.some((path) => path.endsWith('.thorough.ts'))).toBe(true);
    expect(files.flatMap(faultsOfPath)).toEqual([]);
  });

  test('no help text says one', () => {
    const texts = helpTexts(createProgram());
    expect(texts.length).toBeGreaterThan(15);
    expect(texts.flatMap(faultsOfHelp)).toEqual([]);
  });

  test.each(files.filter((path) => path.endsWith('.md')))('%s does not say one', (path) => {
    expect(faultsOfHelp(proseOf(readFileSync(`${root}${path}`, 'utf8')))).toEqual([]);
  });

  test('a name of our own is found in code, and in code only', () => {
    const sample = [
      "import { a } from './ledger.ts'; // the verdict",
      'const isTold = `noise ${judge(twinOf)} ${`${hears} patience`} letters`;',
      'const deadLetterQueue = /`mend"/.test(frontDoor) && DeadLetterConfig; /* desk */',
      'const mostEntries = MOST_BYTES + almost + storyteller + atMost;',
      'const view = <p class="door">Told again {foreign}</p>;',
    ].join('\n');
    const found = [...identifiersOf(sample)].filter((name) => faultOf(name));
    expect(found.sort()).toEqual(
      [
        'MOST_BYTES',
        'foreign',
        'frontDoor',
        'hears',
        'isTold',
        'judge',
        'mostEntries',
        'twinOf',
      ].sort(),
    );
    expect(['who-listens.ts', 'keepState', 'keeps-state'].filter(faultOf)).toHaveLength(3);
    expect(faultsOfPath('test/noise/adding-a-kind.thorough.ts')).toEqual([
      'noise: say filter rule',
      'adding-a-kind.thorough.ts: say event type',
    ]);
    expect(faultsOfPath('lib/consumer-kinds/connect-target.ts')).toEqual([]);
    expect(faultsOfHelp('Who hears what\na dead-letter queue, front door')).toEqual([
      'hears: say subscribes to, categories, types',
      'door: say endpoint, HTTP API, ingress',
    ]);
  });
});
