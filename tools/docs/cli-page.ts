import type { Command } from 'commander';
import { createProgram } from '../../cli/program.ts';
import { codeBlock, headingAnchor, markdownTable } from './markdown.ts';

/** Columns of a help text, whatever terminal this runs in. */
const helpWidth = 100;

/** docs/cli.md: every command, from the program itself, and what was seen when some were used. */
export function cliPage(recordings: ReadonlyMap<string, string>): string {
  const program = createProgram();
  const commands = allCommands(program);
  return `${[
    '# The command line',
    '<!-- Made by "npm run docs" from the program and from docs/runs. Do not edit. -->',
    introduction,
    markdownTable(
      ['command', 'what it does'],
      commands.map(({ name, command }) => [
        `[\`${name}\`](#${headingAnchor(name)})`,
        command.description(),
      ]),
    ),
    '# Seen at work',
    seenAtWork,
    ...[...recordings].map(
      ([name, text]) => `## ${name}, recorded\n\n${codeBlock('console', text)}`,
    ),
    '# Every command',
    ...commands.map(({ name, command }) => `## ${name}\n\n${codeBlock('text', helpOf(command))}`),
  ].join('\n\n')}\n`;
}

const introduction = `Run them with \`npx fanout\`. They speak to the local run; with \`--stack NAME\` to your AWS account, by your
ordinary credentials and region, through the same APIs.

- **\`--json\`**: one JSON object in each line, for programs; what is said to people goes to stderr.
- **Exit status**: 0 done, 1 it failed or found something, 2 called wrongly, 130 interrupted. \`status\` and
  \`doctor\` end with 3 when they cannot tell; \`explain\` and \`rules\` with 1 when nobody hears it.
- **Personal content**: texts, names and phone numbers are hidden, on this machine as in AWS, unless you
  ask with \`--reveal\`. What is exported or written into a file by \`dlq export\` has them.
- **Colours** on a terminal only; \`NO_COLOR=1\` turns them off there too.
- **Ctrl-C** ends in good order: what was begun is finished or taken back. A second one ends at once; what
  it leaves on a bus says until when it is wanted, and the next \`tail\` or \`doctor\` removes it.`;

const seenAtWork = `Recorded on a local run of this project by \`npm run docs:record\`; a test plays them again and compares, but
for times, ids and durations (\`test/tools/recorded-runs.thorough.ts\`).`;

interface NamedCommand {
  readonly name: string;
  readonly command: Command;
}

/** Commands that do something, with their whole names: `dlq show`. */
function allCommands(parent: Command, before: readonly string[] = []): readonly NamedCommand[] {
  return parent
    .createHelp()
    .visibleCommands(parent)
    .filter((command) => command.name() !== 'help')
    .flatMap((command) => {
      const names = [...before, command.name()];
      const inner = allCommands(command, names);
      return inner.length > 0 ? inner : [{ name: names.join(' '), command }];
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
