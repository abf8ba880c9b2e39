import { type ForkOptions, fork } from 'node:child_process';
import { once } from 'node:events';

/** Starts a script in a process of its own. `answer` waits for its next message. */
export function startChild(script: URL, args: readonly string[] = [], options: ForkOptions = {}) {
  const child = fork(script, args, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...options,
  });
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr = (stderr + chunk).slice(-4_000);
  });
  const ended = once(child, 'close').then(() => [{ failed: `The process ended.\n${stderr}` }]);
  /** @throws when the message is `{ failed }`, or when the process ends, with what it wrote to stderr */
  const answer = async <Answer>(message?: object): Promise<Answer> => {
    const next = Promise.race([once(child, 'message'), ended]);
    if (message) {
      child.send(message);
    }
    const [received] = await next;
    if (received.failed) {
      throw new Error(received.failed);
    }
    return received;
  };
  return { child, answer, ended };
}
