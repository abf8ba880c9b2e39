import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a local run listens, as it writes it into its data folder while it runs. */
export interface RunFile {
  readonly pid: number;
  /** ISO 8601. */
  readonly started: string;
  /** URL of the endpoint for webhooks; undefined for an app without an HTTP API. */
  readonly ingress?: string;
  readonly awsEndpoint: string;
  readonly region: string;
  readonly console?: string;
  /** Names of its stacks. */
  readonly stacks: readonly string[];
}

/** The data folder of a local run, from the folder that it is started in. */
export const defaultDataFolder = '.fanout';

const fileIn = (dataFolder: string) => join(dataFolder, 'run.json');

/** Writes where a run listens. Only its owner can read the file. */
export function writeRunFile(dataFolder: string, run: RunFile): void {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const path = fileIn(dataFolder);
  const fresh = `${path}.${run.pid}`;
  writeFileSync(fresh, `${JSON.stringify(run, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, path);
}

/** Removes what this process has written. */
export function removeRunFile(dataFolder: string): void {
  if (parse(dataFolder)?.pid === process.pid) {
    rmSync(fileIn(dataFolder), { force: true });
  }
}

/** The run of a data folder; undefined if none runs, also if one was killed and has left its file. */
export function readRunFile(dataFolder: string = defaultDataFolder): RunFile | undefined {
  const run = parse(dataFolder);
  return run && isAlive(run.pid) ? run : undefined;
}

/** What is not there, or is no such file, is no run. */
function parse(dataFolder: string): RunFile | undefined {
  try {
    const run = JSON.parse(readFileSync(fileIn(dataFolder), 'utf8')) as Partial<RunFile> | null;
    const isRun =
      Number.isSafeInteger(run?.pid) && URL.canParse(run?.awsEndpoint ?? '') && run?.stacks;
    return isRun ? (run as RunFile) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of another user, but alive.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
