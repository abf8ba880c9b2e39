import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram, main } from '../../cli/program.ts';

const isGroup = (command: Command) => command.commands.length > 0;

/** Every command that does something, with the words that call it. */
const commands = createProgram()
  .commands.flatMap((each) => (isGroup(each) ? each.commands : [each]))
  .map((command) => ({
    command,
    words: [command.parent?.parent ? [command.parent.name()] : [], command.name()].flat(),
  }));

const options = commands.flatMap(({ command, words }) =>
  command.options
    .filter(({ required }) => required)
    .map((option) => ({ words: [...words, option.long ?? ''], flags: option.flags })),
);

let printed = '';
beforeEach(() => {
  printed = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

describe('an empty value, as of a variable that a script has not set,', () => {
  test.each(options)('is refused: $words', async ({ words, flags }) => {
    for (const empty of ['', ' ']) {
      printed = '';
      expect(await main([...words, empty])).toBe(2);
      expect(printed).toContain(`error: option '${flags}'`);
    }
  });

  test.each([
    ['dlq', 'show', ''],
    ['dlq', 'export', 'messages', ' '],
    ['send', ''],
    ['explain', ''],
    ['logs', ''],
    ['secret', 'create', ''],
    ['state', 'chat', ''],
  ])('is refused as an argument: %j %j %j', async (...words) => {
    expect(await main(words)).toBe(2);
    expect(printed).toMatch(/^error: argument '\w+' is empty\./);
  });

  test('is refused in a list that has nothing else, which would match everything', async () => {
    expect(await main(['dlq', 'purge', 'messages', '--session', ',', '--yes'])).toBe(2);
    expect(printed).toMatch(
      /^error: option '--session <session>' argument ',' is invalid\. It is e/,
    );
  });
});
