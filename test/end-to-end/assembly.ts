import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { synthesize } from '@event-fanout/local-aws/assembly';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the assembly is made of. */
const sources = ['bin', 'lib', 'lambdas', 'events', 'cdk.json', 'package-lock.json'];

/**
 * The project's cloud assembly, bundles included. Synthesizing takes seconds, so it is kept under a
 * name made of its sources' content and used again while they are the same.
 */
export async function assembleProject(
  context: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const directory = join(tmpdir(), `fanout-test-assembly-${hashSources(context)}`);
  if (existsSync(directory)) return directory;
  const fresh = mkdtempSync(join(tmpdir(), 'fanout-test-'));
  // As the local run differs from the default: nobody waits for batches, and all state is kept.
  await synthesize(root, fresh, { stateBatchSeconds: 0, keepState: 'all', ...context });
  try {
    renameSync(fresh, directory);
  } catch {
    // Another test was faster; its assembly is the same.
    rmSync(fresh, { recursive: true, force: true });
  }
  return directory;
}

function hashSources(context: object): string {
  const hash = createHash('sha256');
  if (Object.keys(context).length > 0) hash.update(JSON.stringify(context));
  for (const source of sources) {
    const path = join(root, source);
    const files = source.includes('.')
      ? [path]
      : readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .sort();
    for (const file of files) hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}
