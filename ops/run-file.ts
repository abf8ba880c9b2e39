import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The addresses of a local run, which it writes into its data folder while it runs. */
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

/** The default data folder of a local run, relative to the folder in which it is started. */
export const defaultDataFolder = '.fanout';

const fileIn = (dataFolder: string) => join(dataFolder, 'run.json');

/** Writes the file. Only its owner can read it. */
export function writeRunFile(dataFolder: string, run: RunFile): void {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const path = fileIn(dataFolder);
  const fresh = `${path}.${run.pid}`;
  writeFileSync(fresh, `${JSON.stringify(run, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, path);
}

/** Removes the file if this process has written it. */
export function removeRunFile(dataFolder: string): void {
  if (parse(dataFolder)?.pid === process.pid) {
    rmSync(fileIn(dataFolder), { force: true });
  }
}

/** The run of a data folder; undefined if none is running, also if a killed one has left its file. */
export function readRunFile(dataFolder: string = defaultDataFolder): RunFile | undefined {
  const run = parse(dataFolder);
  return run && isAlive(run.pid) ? run : undefined;
}

/** Undefined if the file is missing or invalid. */
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
    // It belongs to another user, but is alive.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
