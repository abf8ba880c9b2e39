import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends the process groups it knows of when its input closes, that is when this process ends in
 * whatever way, `kill -9` included. A function that hangs in a loop would otherwise go on for ever.
 */
const script = `
groups=' '
while read -r change group; do
  case $change in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

/** Sees to it that no function outlives this process. */
export class ProcessGuard {
  #shell: ChildProcess | undefined;

  /** `group` is the id of a process that was started `detached`, and so leads a group of its own. */
  watch(group: number): void {
    this.#shell ??= startShell();
    this.#shell.stdin?.write(`+ ${group}\n`);
  }

  /** Must be called once the processes have ended: their ids may be given to others. */
  forget(group: number): void {
    this.#shell?.stdin?.write(`- ${group}\n`);
  }

  close(): void {
    this.#shell?.stdin?.end();
    this.#shell = undefined;
  }
}

function startShell(): ChildProcess {
  // In a group of its own: Ctrl-C in the terminal must not end it before us.
  const shell = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  shell.on('error', () => {});
  shell.stdin?.on('error', () => {});
  shell.unref();
  return shell;
}
