import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { exitStatusMeanings } from '../../cli/exit-status.ts';
import { createProgram } from '../../cli/program.ts';

const columns = 80;

/** What `--help` prints on a terminal of that width. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => columns,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text;
}

const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];

describe('80 columns are enough', () => {
  test.each(all(createProgram()).map((command) => [command.name(), command] as const))(
    'for the help of %s',
    (_name, command) => {
      const tooLong = helpOf(command)
        .split('\n')
        .filter((line) => line.length > columns);
      expect(tooLong).toEqual([]);
    },
  );

  const runs = fileURLToPath(new URL('../../docs/runs/', import.meta.url));
  test.each(readdirSync(runs))('for what commands print, as recorded in %s', (file) => {
    const tooLong = readFileSync(`${runs}/${file}`, 'utf8')
      .split('\n')
      // JSON is for programs; what was typed is not printed.
      .filter((line) => !/^[{$]/.test(line) && line.length > columns);
    expect(tooLong).toEqual([]);
  });
});

test.each(
  all(createProgram())
    .filter(({ commands }) => commands.length === 0)
    .map((command) => [command.parent?.name(), command.name(), command] as const),
)('the help of %s %s has an example that can be typed', (parent, name, command) => {
  const [, examples = ''] = /\nExamples:\n([\s\S]+)/.exec(helpOf(command)) ?? [];
  const typed = parent === 'fanout' ? name : parent;
  expect(examples).toMatch(new RegExp(`^ {2}(\\w+=\\S+ )*fanout ${typed}\\b`, 'm'));
});

test('the help lists the commands in groups, and the exit statuses', () => {
  const help = helpOf(createProgram());
  const at = ['Develop:', 'Understand:', 'Operate:', 'State:', 'Exit status:'].map((heading) =>
    help.indexOf(`\n${heading}\n`),
  );
  expect(at).toEqual([...at].sort((a, b) => a - b));
  expect(Math.min(...at)).toBeGreaterThan(0);
  expect(help).toMatch(/^ {2}dev\|local /m);
  for (const [status, meaning] of exitStatusMeanings) {
    expect(help).toContain(`${status}`);
    expect(help).toContain(meaning);
  }
});
