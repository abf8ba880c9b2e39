import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { InterruptedError } from './interruption.ts';

/** The source of answers: the terminal, or a stub in tests. */
interface Asker {
  readonly input: Readable;
  readonly output: Writable;
}

/** Thrown when the typed text is not the expected name. */
class NotConfirmedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotConfirmedError';
  }
}

/**
 * Asks the user to type a name before an action that cannot be undone.
 *
 * @throws NotConfirmedError when something else is typed, InterruptedError at Ctrl-C
 */
export async function confirmByTyping(
  name: string,
  warning: string,
  { input, output }: Asker = { input: process.stdin, output: process.stderr },
): Promise<void> {
  const asking = createInterface({ input, output });
  const gone = new AbortController();
  let isInterrupted = false;
  // Ctrl-C and the end of input end the question too; otherwise it would wait forever.
  asking.once('SIGINT', () => {
    isInterrupted = true;
    gone.abort();
  });
  asking.once('close', () => gone.abort());
  const typed = await asking
    .question(`${warning}\nType ${name} to continue: `, { signal: gone.signal })
    .catch(() => undefined)
    .finally(() => asking.close());
  if (isInterrupted) {
    throw new InterruptedError('Nothing was done.');
  }
  if (typed?.trim() === name) {
    return;
  }
  throw new NotConfirmedError('That is not its name. Nothing was done.');
}
