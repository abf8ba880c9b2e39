import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalObserver, LocalRun } from '@event-fanout/local-aws';
import { localSettings } from '../../ops/local-settings.ts';
import { appFolder, isPublished, requireLocalRunNode } from '../published.ts';

/** How a command starts this project. */
interface StartOptions {
  /** Port of the webhook endpoint; 0 for any free port. */
  readonly port: number;
  /** Port of the AWS endpoint; 0 takes any. */
  readonly awsPort: number;
  /** Where accepted events are kept. @default - in memory only */
  readonly dataDirectory?: string;
  /** How many times faster than the machine's the clock runs. @default 1 */
  readonly timeScale?: number;
  readonly observer: LocalObserver;
  /** Where the console is, once it is open. @default - there is none */
  readonly consoleUrl?: () => string | undefined;
  /** Prints a progress message. */
  readonly print: (line: string) => void;
}

/** This project, running. */
export interface ProjectRun extends LocalRun {
  /** Synthesizes the app again and updates the run. Throws the app's error. */
  renew(): Promise<void>;
}

/**
 * The directory of the app that a command runs. For the published command it is the working directory;
 * undefined if that has no app: then the command runs the assembly in the package.
 */
export const projectRoot = isPublished
  ? appFolder()
  : fileURLToPath(new URL('../..', import.meta.url));

/** The pipeline, synthesized for publication. */
const publishedAssembly = fileURLToPath(new URL('../../dist/assembly', import.meta.url));

/** Synthesizes this project into a temporary directory and runs it; closing removes the directory. */
export async function startProject(options: StartOptions): Promise<ProjectRun> {
  requireLocalRunNode();
  const [{ synthesize }, { startLocalRun }] = await Promise.all([
    import('@event-fanout/local-aws/assembly'),
    import('@event-fanout/local-aws'),
  ]);
  const assembly =
    projectRoot === undefined ? publishedAssembly : mkdtempSync(join(tmpdir(), 'fanout-assembly-'));
  const remove = () => {
    if (assembly !== publishedAssembly) {
      rmSync(assembly, { recursive: true, force: true });
    }
  };
  const build = async () => {
    if (projectRoot !== undefined) {
      await synthesize(projectRoot, assembly, localSettings);
    }
  };
  try {
    if (projectRoot !== undefined) {
      options.print('Synthesizing the app …');
    }
    const start = performance.now();
    await build();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    if (projectRoot !== undefined) {
      options.print(`The app is built (${seconds} s).`);
    }
    const run = await startLocalRun({
      assembly,
      ingressPort: options.port,
      awsPort: options.awsPort,
      dataDirectory: options.dataDirectory,
      timeScale: options.timeScale,
      observer: options.observer,
      consoleUrl: options.consoleUrl,
    });
    const close: LocalRun['close'] = async (settings) => {
      await run.close(settings);
      remove();
    };
    // Into the same directory: assets lie there under the hash of their content, so that functions
    // that did not change go on with theirs.
    const renew = async () => {
      await build();
      await run.redeploy();
    };
    // The same object, not a copy: the run updates it.
    return Object.create(run, { close: { value: close }, renew: { value: renew } }) as ProjectRun;
  } catch (error) {
    remove();
    throw error;
  }
}
