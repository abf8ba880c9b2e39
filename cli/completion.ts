import { Argument, Command } from 'commander';
import { shells } from './completion/scripts.ts';

/** `fanout completion`: what a shell needs to complete our commands. */
export function completionCommand(): Command {
  return new Command('completion')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .description('Print the completion script for a shell')
    .addHelpText(
      'after',
      `
It completes the word "fanout". Where that is not on your path, make it a function first:
  fanout() { npx fanout "$@"; }

Examples:
  eval "$(fanout completion bash)"                      # in ~/.bashrc
  source <(fanout completion zsh)                       # in ~/.zshrc
  fanout completion fish > ~/.config/fish/completions/fanout.fish`,
    )
    .action(async (shell) =>
      console.log((await import('./completion/scripts.ts')).completionScript(shell)),
    );
}

/** What the scripts call: the words so far, the last of which is to be completed. */
export function completeCommand(): Command {
  return new Command('complete')
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: readonly string[], _options, command: Command) => {
      const { candidatesFor } = await import('./completion/candidates.ts');
      const program = command.parent;
      for (const { value, description } of program ? candidatesFor(program, words) : []) {
        console.log(`${value}\t${description}`);
      }
    });
}
