import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from '../../../cli/program.ts';
import { readSettings } from '../../../lib/read-settings.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const documents = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: root }).sort();

/** A command of `fanout` or `cdk` that a document shows. */
interface ShownCommand {
  readonly program: 'fanout' | 'cdk';
  readonly words: readonly string[];
  /** The file that the shell writes its output into. */
  readonly redirectedTo?: string;
  /** Whether it is shown to be run as it is, or only named in a sentence. */
  readonly isComplete: boolean;
}

/** The words of one command, as a POSIX shell splits them, up to a comment or the next command. */
function splitWords(line: string): { words: string[]; redirectedTo?: string } {
  const words: string[] = [];
  let redirectedTo: string | undefined;
  let redirect: string | undefined;
  const token =
    /\s+|#.*|&&|\|\|?|;|\d?>>?|<(?=\s)|'([^']*)'|"((?:\\.|[^"\\])*)"|(?:\\.|[^\s'"|;>&\\])+|./gy;
  let word: string | undefined;
  const finish = () => {
    if (word === undefined) {
      return;
    }
    if (redirect === undefined) {
      words.push(word);
    } else if (redirect !== '<') {
      redirectedTo = word;
    }
    redirect = undefined;
    word = undefined;
  };
  for (const [text, single, double] of line.matchAll(token)) {
    if (/^\s/.test(text)) {
      finish();
    } else if (text.startsWith('#') && word === undefined) {
      break;
    } else if (/^(&&|\|\|?|;)$/.test(text)) {
      break;
    } else if (/^(\d?>>?|<)$/.test(text)) {
      finish();
      redirect = text;
    } else {
      word = (word ?? '') + (single ?? double ?? text);
    }
  }
  finish();
  return redirectedTo === undefined ? { words } : { words, redirectedTo };
}

/** The command in a line of a shell; undefined for a line that is none of ours. */
function readCommand(line: string, isComplete = true): ShownCommand | undefined {
  const shown = /^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(npx )?(fanout|cdk) (.+)$/.exec(line);
  if (!shown) {
    return undefined;
  }
  const [, npx, program, rest = ''] = shown;
  return {
    program: program as ShownCommand['program'],
    ...splitWords(rest),
    isComplete: isComplete || npx !== undefined,
  };
}

const blocksIn = (markdown: string): string[] =>
  [...markdown.matchAll(/^ *(```|~~~)[^\n]*\n(.*?)^ *\1/gms)].map(([, , block = '']) =>
    block.replace(/\\\n\s*/g, ' '),
  );

/** All commands in a document's code blocks, and those within its sentences. */
function commandsIn(markdown: string): { blocks: ShownCommand[]; sentences: ShownCommand[] } {
  const lines = blocksIn(markdown).flatMap((block) => block.split('\n'));
  const prose = markdown.replace(/^ *(```|~~~)[^\n]*\n.*?^ *\1/gms, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  return {
    blocks: lines.flatMap((line) => readCommand(line) ?? []),
    sentences: spans.flatMap((span) => readCommand(span, false) ?? []),
  };
}

/** Every command of the command line, with actions that do nothing. */
function withoutActions(command: Command): Command {
  command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  if (command.commands.length === 0) {
    command.action(() => {});
  }
  for (const each of command.commands) {
    withoutActions(each);
  }
  return command;
}

/** What the command line has against a command; undefined when it would run it. */
function faultOf({ program, words, redirectedTo, isComplete }: ShownCommand): string | undefined {
  if (redirectedTo !== undefined && words.includes(redirectedTo)) {
    return `writes its output into its own argument ${redirectedTo}`;
  }
  if (program === 'cdk') {
    return faultOfCdk(words);
  }
  if (!isComplete) {
    return faultOfMention(words);
  }
  try {
    withoutActions(createProgram()).parse([...words], { from: 'user' });
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code === 'commander.helpDisplayed' || code === 'commander.version' ? undefined : message;
  }
}

/** A command that a sentence names: its words are commands, until an argument or an option begins. */
function faultOfMention(words: readonly string[]): string | undefined {
  let command = createProgram();
  for (const word of words) {
    if (word.startsWith('-')) {
      const [flag] = word.split('=');
      if (!command.options.some(({ short, long }) => flag === short || flag === long)) {
        return `unknown option ${word}`;
      }
      continue;
    }
    if (command.commands.length === 0) {
      continue;
    }
    const next = command.commands.find((each) => each.name() === word);
    if (!next) {
      return `unknown command ${word}`;
    }
    command = next;
  }
  return undefined;
}

/** What of CDK's command line the documents use. */
const cdkCommands = ['bootstrap', 'deploy', 'destroy', 'diff', 'import', 'synth'];
const cdkOptions = [
  ...['--app', '--cloudformation-execution-policies', '--custom-permissions-boundary'],
  ...['--quiet', '--template'],
];

const settings: ReadonlySet<string> = namesOfSettings();

function namesOfSettings(): ReadonlySet<string> {
  const requested = new Set<string>();
  readSettings((name) => {
    requested.add(name);
    return undefined;
  });
  return requested;
}

function faultOfCdk(words: readonly string[]): string | undefined {
  const [command = '', ...rest] = words;
  if (!cdkCommands.includes(command)) {
    return `unknown command ${command}`;
  }
  const own = rest.includes('--app');
  for (const [index, word] of rest.entries()) {
    if (word === '-c') {
      const [name = '', value] = (rest[index + 1] ?? '').split('=');
      if (value === undefined) {
        return '-c without name=value';
      }
      if (!own && !settings.has(name)) {
        return `unknown setting ${name}`;
      }
    } else if (word.startsWith('-') && !cdkOptions.includes(word)) {
      return `unknown option ${word}`;
    }
  }
  return undefined;
}

/** The stage in AWS that a command works on; undefined when it works on none. */
function stageOf({ program, words }: ShownCommand): string | undefined {
  if (program === 'fanout') {
    const optionIn = (option: string) =>
      words.includes(option) ? words[words.indexOf(option) + 1] : undefined;
    const stack = optionIn('--stack');
    return (
      optionIn('--stage') ?? stack?.replace('WhatsAppEventFanout-', '').replace('$STACK', '$STAGE')
    );
  }
  if (!['deploy', 'destroy', 'diff', 'import'].includes(words[0] ?? '')) {
    return undefined;
  }
  const stage = words.find((word) => word.startsWith('stage='));
  return stage?.slice('stage='.length) ?? readSettings(() => undefined).stage;
}

const shown = documents.map((name) => ({
  name,
  ...commandsIn(readFileSync(join(root, name), 'utf8')),
}));

const textOf = ({ program, words }: ShownCommand) => [program, ...words].join(' ');

describe('commands that a document shows', () => {
  test.each(shown.filter(({ blocks, sentences }) => blocks.length + sentences.length > 0))(
    'in $name are accepted by the command line',
    ({ blocks, sentences }) => {
      const faults = [...blocks, ...sentences].flatMap((command) => {
        const fault = faultOf(command);
        return fault ? [`${textOf(command)}: ${fault}`] : [];
      });
      expect(faults).toEqual([]);
    },
  );

  // In docs/cli.md each example of a help text stands for itself.
  test.each(shown.filter(({ name, blocks }) => name !== 'docs/cli.md' && blocks.some(stageOf)))(
    'in $name all work on the same stage',
    ({ blocks }) => {
      expect([...new Set(blocks.flatMap((command) => stageOf(command) ?? []))]).toHaveLength(1);
    },
  );

  test('are found in code blocks and in sentences', () => {
    const { blocks, sentences } = commandsIn(
      'Run `fanout dlq list`.\n\n```sh\n$ npx fanout tail --type "call.*" # all\nls\nnpx cdk deploy \\\n  -c stage=prod > out.txt\n```\n',
    );
    expect(sentences.map(textOf)).toEqual(['fanout dlq list']);
    expect(blocks).toEqual([
      { program: 'fanout', words: ['tail', '--type', 'call.*'], isComplete: true },
      {
        program: 'cdk',
        words: ['deploy', '-c', 'stage=prod'],
        isComplete: true,
        redirectedTo: 'out.txt',
      },
    ]);
  });

  test.each([
    ['npx fanout dlq export messages > messages.ndjson', /missing required argument 'file'/],
    ['npx fanout dlq export messages a.ndjson > a.ndjson', /into its own argument/],
    ['npx fanout dlq exprot messages a.ndjson', /unknown command/],
    ['npx fanout status --stak prod', /unknown option/],
    ['npx fanout explain', /missing required argument/],
    ['npx fanout tail now', /too many arguments/],
    ['npx cdk destory', /unknown command/],
    ['npx cdk deploy -c stge=prod', /unknown setting stge/],
  ])('are not taken when they are wrong: %s', (line, fault) => {
    const command = readCommand(line);
    expect(command && faultOf(command)).toMatch(fault);
  });

  test('work on the stage dev when they name none', () => {
    const stage = (line: string) => {
      const command = readCommand(line);
      return command && stageOf(command);
    };
    expect(stage('npx cdk destroy')).toBe('dev');
    expect(stage('npx cdk destroy -c stage=prod')).toBe('prod');
    expect(stage('npx fanout status --stack WhatsAppEventFanout-prod')).toBe('prod');
    expect(stage('npx fanout status --stage prod')).toBe('prod');
    expect(stage('npx fanout status')).toBeUndefined();
  });
});
