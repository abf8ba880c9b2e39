import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Kills the registered process groups when its input closes, that is when this process ends in any
 * way, `kill -9` included. A function in an endless loop would otherwise run for ever.
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

/** Ensures that no function outlives this process. */
export class ProcessGuard {
  #shell: ChildProcess | undefined;

  /**
   * `group` is the id of a process that was started `detached` and so leads its own process group.
   */
  watch(group: number): void {
    this.#shell ??= startShell();
    this.#shell.stdin?.write(`+ ${group}\n`);
  }

  /** Must be called once the processes have ended: the system may reuse their ids. */
  forget(group: number): void {
    this.#shell?.stdin?.write(`- ${group}\n`);
  }

  close(): void {
    this.#shell?.stdin?.end();
    this.#shell = undefined;
  }
}

function startShell(): ChildProcess {
  // In its own process group: Ctrl-C in the terminal must not end it before this process.
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
