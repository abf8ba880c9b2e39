import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Works in a directory that is gone afterwards, also after Ctrl-C. */
export async function inTemporaryDirectory<Result>(
  work: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'fanout-bench-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const interrupt = () => {
    remove();
    process.exit(130);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await work(directory);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    remove();
  }
}
