import type { Argument, Command, Option } from 'commander';
import { valuesFor } from './values.ts';

/** A word that would fit, and what it means. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/**
 * The words that fit the place of the last one, by the program itself: commands, options, the choices
 * of an option or argument, and what the tables know (event types, categories, consumers, queues).
 *
 * @param words what follows the program's name; the last is the one to complete, perhaps empty
 */
export function candidatesFor(program: Command, words: readonly string[]): readonly Candidate[] {
  const current = words.at(-1) ?? '';
  const { command, positions, pending } = walk(program, words.slice(0, -1));
  return find(command, positions, pending, current).filter(({ value }) =>
    value.startsWith(current),
  );
}

function find(
  command: Command,
  positions: number,
  pending: Option | undefined,
  current: string,
): readonly Candidate[] {
  if (pending) return toCandidates(pending.argChoices ?? valuesFor(pending.attributeName()));
  if (current.startsWith('-')) return optionsOf(command);
  const subcommands = command.createHelp().visibleCommands(command);
  if (subcommands.length > 0 && positions === 0) {
    return subcommands.map((each) => ({ value: each.name(), description: each.description() }));
  }
  const argument = argumentAt(command, positions);
  return argument ? toCandidates(argument.argChoices ?? valuesFor(argument.name())) : [];
}

/** Where the words lead: which command, how many of its arguments are given, which option waits. */
function walk(program: Command, words: readonly string[]) {
  let command = program;
  let positions = 0;
  let pending: Option | undefined;
  for (const word of words) {
    if (pending) {
      // Bash makes three words of --name=value.
      if (word !== '=') pending = undefined;
      continue;
    }
    if (word.startsWith('-')) {
      const option = command.options.find(({ long, short }) => word === long || word === short);
      if (option?.required) pending = option;
      continue;
    }
    const next =
      positions === 0 ? command.commands.find((each) => each.name() === word) : undefined;
    if (next) command = next;
    else positions += 1;
  }
  return { command, positions, pending };
}

const optionsOf = (command: Command) =>
  command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, short, description }) => ({ value: long ?? short ?? '', description }));

/** The last argument stands for all further ones where it takes several. */
function argumentAt({ registeredArguments }: Command, position: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[position] ?? (last?.variadic ? last : undefined);
}

const toCandidates = (values: readonly (string | Candidate)[]) =>
  values.map((each) => (typeof each === 'string' ? { value: each, description: '' } : each));
