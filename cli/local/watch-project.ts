import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { ProjectRun } from './start-project.ts';

/** What the app and its functions are made of. */
const sources = ['bin', 'events', 'lambdas', 'lib', 'cdk.json'];

/** An editor that saves many files, or one in several steps, is waited for, in milliseconds. */
const settleMs = 150;

/**
 * Reloads the project when its files change: synthesizes again and updates the run. If that fails, prints
 * the error and keeps the previous app running. Returns a function that stops watching.
 */
export function watchProject(
  root: string,
  run: Pick<ProjectRun, 'renew' | 'notes'>,
  print: (line: string) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isRenewing = false;
  let isStale = false;
  let isOver = false;
  const renew = async () => {
    if (isRenewing) {
      isStale = true;
      return;
    }
    isRenewing = true;
    const start = performance.now();
    try {
      await run.renew();
      for (const note of run.notes) {
        print(note);
      }
      print(`Reloaded: the new app runs (${((performance.now() - start) / 1000).toFixed(1)} s).`);
    } catch (error) {
      if (!isOver) {
        print(`Reload failed, the previous app continues to run: ${(error as Error).message}`);
      }
    }
    isRenewing = false;
    if (isStale && !isOver) {
      isStale = false;
      void renew();
    }
  };
  const watchers = sources
    .map((source) => join(root, source))
    .filter((path) => existsSync(path))
    .map((path) =>
      watch(path, { recursive: true }, () => {
        clearTimeout(timer);
        timer = setTimeout(() => void renew(), settleMs);
      }),
    );
  print(`Watching ${sources.join(', ')} for changes.`);
  return () => {
    isOver = true;
    clearTimeout(timer);
    for (const watcher of watchers) {
      watcher.close();
    }
  };
}
