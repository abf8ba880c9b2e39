import { existsSync, type FSWatcher, readdirSync, readFileSync, statSync, watch } from 'node:fs';
import { join, matchesGlob, relative } from 'node:path';
import { appSources } from '../../ops/handler-builds.ts';
import type { ProjectRun } from './start-project.ts';

/**
 * How long changes are collected, in milliseconds: an editor may save many files, or one in several steps.
 */
const settleMs = 50;

/** Options of {@link watchProject}. */
interface WatchOptions {
  /** Directory of the run's own data, which is not watched if it is in the project. */
  readonly dataDirectory?: string | undefined;
  readonly print: (line: string) => void;
}

/**
 * Reloads the project when its files change. Changed sources of handlers are bundled again, and their code
 * is used from the next invocation on; for changed sources of the app it is synthesized again. If that
 * fails, prints the error and keeps what runs. Returns a function that stops watching.
 */
export function watchProject(
  root: string,
  run: Pick<ProjectRun, 'rebuild' | 'renew' | 'notes' | 'handlers'>,
  { dataDirectory, print }: WatchOptions,
): () => void {
  const isWatched = watchedBy(root);
  const nameOf = (path: string) => relative(root, path);
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isReloading = false;
  let isOver = false;
  let app = appSources(root);

  /** Whether the app that runs is older than its sources. */
  let isStale = false;

  const attempt = async (reload: () => Promise<string>, reportsErrors = true): Promise<void> => {
    const start = performance.now();
    try {
      const what = await reload();
      print(`Reloaded: ${what} (${((performance.now() - start) / 1000).toFixed(1)} s).`);
    } catch (error) {
      if (reportsErrors && !isOver) {
        const message = (error as Error).message.trim();
        print(`Reload failed, the previous version continues to run:\n${message}`);
      }
    }
  };
  const rebuild = async (paths: ReadonlySet<string>) => {
    const renewed = await run.rebuild(paths);
    return renewed.length > 0 ? `new code of ${renewed.join(', ')}` : 'the code is the same';
  };
  const renew = async () => {
    await run.renew();
    isStale = false;
    app = appSources(root);
    for (const note of run.notes) {
      print(note);
    }
    return 'the new app runs';
  };
  const reload = async () => {
    while (changed.size > 0 && !isOver) {
      const sources = await app;
      const isInput = (path: string) => run.handlers?.isInput(path) ?? false;
      // Ignores files that existed only briefly, such as an editor's temporary files.
      const paths = [...changed].filter(
        (path) => existsSync(path) || isInput(path) || sources?.has(path),
      );
      changed = new Set();
      if (paths.length === 0) {
        continue;
      }
      print(`Changed ${paths.map(nameOf).join(', ')}, reloading …`);
      isStale ||= paths.some((path) => !isInput(path) || (sources?.has(path) ?? true));
      // Handlers first, because they build quickly; they share sources with the app. The new app may no longer
      // have a handler that cannot be built, so an error is reported only if it remains.
      if (paths.some(isInput)) {
        await attempt(() => rebuild(new Set(paths)), !isStale);
      }
      if (isStale && !isOver) {
        await attempt(renew);
      }
    }
    isReloading = false;
  };
  const note = (path: string) => {
    if (isOver || !isWatched(nameOf(path)) || path === dataDirectory) {
      return;
    }
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!isReloading) {
        isReloading = true;
        void reload();
      }
    }, settleMs);
  };
  const stop = watchFolders(root, note, (path) => path !== dataDirectory);
  print(`Watching ${root} for changes.`);
  return () => {
    isOver = true;
    clearTimeout(timer);
    stop();
  };
}

/** False for folders that are not watched: dependencies and hidden folders. */
const isSourceFolder = (name: string) => !/^\.|^node_modules$|^cdk\.out/.test(name);

/**
 * Calls back with the path of each file that is changed, created or removed below a folder. It watches the
 * folders, not their files: most editors save by renaming a new file, and a watch on a file would stay on the
 * old one.
 */
function watchFolders(
  root: string,
  changed: (path: string) => void,
  isWanted: (folder: string) => boolean,
): () => void {
  const watchers = new Map<string, FSWatcher>();
  const end = (folder: string) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const add = (folder: string): void => {
    if (watchers.has(folder) || !isWanted(folder)) {
      return;
    }
    const watcher = watch(folder, (_, name) => {
      if (name === null) {
        return;
      }
      const path = join(folder, name);
      const found = statSync(path, { throwIfNoEntry: false });
      if (!found?.isDirectory()) {
        end(path);
        changed(path);
      } else if (isSourceFolder(name)) {
        // Files that were created with it are not reported one by one.
        add(path);
        for (const file of filesIn(path)) {
          changed(file);
        }
      }
    });
    // A folder that was removed; its parent reports it.
    watcher.on('error', () => end(folder));
    watchers.set(folder, watcher);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && isSourceFolder(entry.name)) {
        add(join(folder, entry.name));
      }
    }
  };
  add(root);
  return () => {
    for (const folder of [...watchers.keys()]) {
      end(folder);
    }
  };
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(folder, name));

/**
 * Returns whether a file is a source of the app or its handlers: the files that `"watch"` in `cdk.json`
 * names, as for `cdk watch`, and `cdk.json` itself.
 */
function watchedBy(root: string): (name: string) => boolean {
  const path = join(root, 'cdk.json');
  const { watch: globs = {} } = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as { watch?: Record<string, string | string[]> })
    : {};
  const [included, excluded] = [globs.include ?? '**', globs.exclude ?? []].map((each) =>
    [each].flat(),
  );
  const matches = (patterns: readonly string[] | undefined, name: string) =>
    patterns?.some((pattern) => matchesGlob(name, pattern)) ?? false;
  return (name) => name === 'cdk.json' || (matches(included, name) && !matches(excluded, name));
}
