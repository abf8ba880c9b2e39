import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Waits for what a child process says next.
 *
 * @throws what the child says has failed, or what it wrote when it ended
 */
export async function nextAnswer(
  child: ChildProcess,
  complaint: () => string = () => '',
): Promise<Readonly<Record<string, unknown>>> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    const [told] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(() => [
        { failed: `The process ended.\n${complaint()}` },
      ]),
    ]);
    if (told.failed) throw new Error(told.failed);
    return told;
  } finally {
    settled.abort();
  }
}
