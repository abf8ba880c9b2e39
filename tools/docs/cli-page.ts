import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { exitStatusMeanings } from '../../cli/exit-status.ts';
import { createProgram } from '../../cli/program.ts';
import { codeBlock, headingAnchor, markdownTable } from './markdown.ts';

/** The width of help texts, independent of the terminal. */
const helpWidth = 80;

/** docs/cli.md: every command, generated from the program, with recorded examples. */
export function cliPage(recordings: ReadonlyMap<string, string>): string {
  const program = createProgram();
  const commands = allCommands(program);
  return `${[
    '# The command line',
    '<!-- Made by "npm run docs" from the program and from docs/runs. Do not edit. -->',
    introduction,
    ...groupsOf(commands).map(
      ([heading, group]) =>
        `**${heading}**\n\n${markdownTable(
          ['command', 'what it does'],
          group.map(({ name, command }) => [
            `[\`${name}\`](#${headingAnchor(name)})`,
            command.description(),
          ]),
        )}`,
    ),
    '## Exit status',
    markdownTable(
      ['status', 'meaning'],
      exitStatusMeanings.map(([status, meaning]) => [`\`${status}\``, meaning]),
    ),
    '# Recorded examples',
    seenAtWork,
    ...[...recordings].map(
      ([name, text]) => `## ${name}, recorded\n\n${codeBlock('console', text)}`,
    ),
    '# Every command',
    ...commands.map(({ name, command }) => `## ${name}\n\n${codeBlock('text', helpOf(command))}`),
  ].join('\n\n')}\n`;
}

const introduction = `This page lists every command of \`npx fanout\`. Commands work on the local run, or with \`--stack NAME\` or
\`--stage STAGE\` on a stack in your AWS account, with your AWS credentials and region.

- **\`--json\`**: JSON for programs on stdout; messages for people go to stderr.
- **Width**: tables and help fit into 80 columns, and texts are cut to the terminal's width. Output to a pipe has the
  full texts, unless \`COLUMNS\` sets a width.
- **Progress** of steps that take longer than a second is shown on a terminal, on stderr.
- **Personal data**: commands that show events (\`tail\`, \`dlq show\`) hide texts, names and phone numbers, locally and
  in AWS, unless you use \`--reveal\`. \`state\` and \`identity\` show what is stored, and files written by \`dlq export\`
  contain full events.
- **Colors** are used on a terminal only; \`NO_COLOR=1\` turns them off.
- **Ctrl-C** finishes or reverts the current step, then exits. A second Ctrl-C exits immediately; the next
  \`tail\` or \`doctor\` deletes a temporary rule and queue that were left behind.`;

const seenAtWork = `Recorded on a local run of this project by \`npm run docs:record\`. A test runs the commands again and compares
the output except for times, ids and durations (\`test/tools/recorded-runs.thorough.ts\`).`;

interface NamedCommand {
  readonly name: string;
  readonly command: Command;
  /** Heading of the group that the program's help lists it in. */
  readonly group: string;
}

/** The commands by the headings of the program's help, without their colon. */
const groupsOf = (commands: readonly NamedCommand[]) =>
  [...Map.groupBy(commands, ({ group }) => group.replace(/:$/, ''))] as const;

/** Commands with an action, by their full names: `dlq show`. */
function allCommands(
  parent: Command,
  before: readonly string[] = [],
  heading?: string,
): readonly NamedCommand[] {
  return parent
    .createHelp()
    .visibleCommands(parent)
    .filter((command) => command.name() !== 'help')
    .flatMap((command) => {
      const names = [...before, command.name()];
      const group = heading ?? command.helpGroup();
      const inner = allCommands(command, names, group);
      return inner.length > 0 ? inner : [{ name: names.join(' '), command, group }];
    });
}

/** What `--help` prints, examples included. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => helpWidth,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trimEnd();
}

/** Where recorded runs lie, each as a text of prompts and what came. */
const folder = 'docs/runs';

/** The recordings of the project in `root`, by name. */
export function readRecordings(root: string): ReadonlyMap<string, string> {
  const path = join(root, folder);
  if (!existsSync(path)) {
    return new Map();
  }
  return new Map(
    readdirSync(path)
      .filter((file) => file.endsWith('.txt'))
      .sort()
      .map((file) => [
        file.replace(/\.txt$/, ''),
        readFileSync(join(path, file), 'utf8').trimEnd(),
      ]),
  );
}

/** Writes recordings in place of all that were there. */
export function writeRecordings(root: string, recordings: ReadonlyMap<string, string>): void {
  const path = join(root, folder);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  for (const [name, text] of recordings) {
    writeFileSync(join(path, `${name}.txt`), `${text}\n`);
  }
}

/** What is different each time that a command is played, and what stands for it in a comparison. */
const changing: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?Z?/g, '‹time›'],
  [/\b\d{2}:\d{2}:\d{2}\b/g, '‹time›'],
  // The row of the endpoint: keeps the status, replaces the milliseconds.
  [/(\/webhooks +401) +\d+/g, '$1 ‹ms›'],
  [/"ms":\d+/g, '"ms":‹ms›'],
  [/"oldestSeconds":\d+/g, '"oldestSeconds":‹age›'],
  [/\b\d+(ms|s|m|h|d)\b/g, '‹age›'],
  [/(\.(?:ts|mjs)):\d+:\d+/g, '$1:‹line›'],
  [/Node\.js \d+\.\d+\.\d+/g, 'Node.js ‹version›'],
  [/npm \d+\.\d+\.\d+/g, 'npm ‹version›'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '‹id›'],
  [/\b[0-9A-Fa-f]{16,}\b/g, '‹id›'],
  [/\bevt_\w+/g, '‹id›'],
  [/[ \t]{2,}/g, '  '],
];

/** A recorded run without what is different each time, so that two of them can be compared. */
export function comparableRun(text: string): string {
  return changing.reduce((remaining, [pattern, sign]) => remaining.replace(pattern, sign), text);
}
