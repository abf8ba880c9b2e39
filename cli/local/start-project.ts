import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalObserver, LocalRun, LocalRunOptions } from '@event-fanout/local-aws';
import { HandlerBuilds } from '../../ops/handler-builds.ts';
import { localContext, localSettings } from '../../ops/local-settings.ts';
import { appFolder, isPublished, requireLocalRunNode } from '../published.ts';

/** How a command starts this project. */
interface StartOptions
  extends Pick<LocalRunOptions, 'dataDirectory' | 'timeScale' | 'environment' | 'consoleUrl'> {
  /** Port of the webhook endpoint; 0 for any free port. */
  readonly port: number;
  /** Address that the webhook endpoint listens at. @default - loopback */
  readonly host?: string;
  /** Port of the AWS endpoint; 0 takes any. */
  readonly awsPort: number;
  readonly observer: LocalObserver;
  /** Ends the start while the app is synthesized. */
  readonly signal?: AbortSignal;
  /** Prints a progress message. */
  readonly print: (line: string) => void;
  /** Other apps whose stacks run beside the pipeline. @default - none */
  readonly others?: OtherApps;
}

/** CDK apps that run beside the pipeline's. */
export interface OtherApps {
  /** The command of each, as in `cdk.json`; it runs in the project's folder. */
  readonly commands: readonly string[];
  /** CDK context of all of them. */
  readonly context: Readonly<Record<string, string>>;
}

/** This project, running. */
export interface ProjectRun extends LocalRun {
  /** The handlers' bundles; undefined if the published assembly runs. */
  readonly handlers: HandlerBuilds | undefined;
  /**
   * Builds the handlers of which a source has changed, and runs their new code from the next invocation
   * on. Returns their sources.
   *
   * @param changed absolute paths
   * @throws HandlerBuildError; the code from before continues to run then
   */
  rebuild(changed: ReadonlySet<string>): Promise<readonly string[]>;
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
export async function startProject({
  port,
  host,
  print,
  signal,
  others = { commands: [], context: {} },
  ...options
}: StartOptions): Promise<ProjectRun> {
  requireLocalRunNode();
  const [{ synthesize }, { startLocalRun }] = await Promise.all([
    import('@event-fanout/local-aws/assembly'),
    import('@event-fanout/local-aws'),
  ]);
  const runOptions = { ...options, ingressPort: port, ingressHost: host };
  if (projectRoot === undefined) {
    if (others.commands.length > 0) {
      throw new Error(
        'Another app runs beside a pipeline that is synthesized: this folder has no cdk.json.',
      );
    }
    const run = await startLocalRun({ ...runOptions, assembly: publishedAssembly });
    const nothing = { rebuild: async () => [], renew: async () => {}, handlers: undefined };
    return Object.assign(Object.create(run), nothing) as ProjectRun;
  }
  const root = projectRoot;
  const assembly = mkdtempSync(join(tmpdir(), 'fanout-assembly-'));
  const handlers = new HandlerBuilds(root, assembly);
  const end = async () => {
    await handlers.close();
    rmSync(assembly, { recursive: true, force: true });
  };
  // Into the same directory: assets lie there under the hash of their content, so that functions
  // that did not change go on with theirs.
  const build = async () => {
    await synthesize(root, assembly, { ...localSettings, ...localContext }, { signal });
    for (const app of others.commands) {
      const folder = mkdtempSync(join(tmpdir(), 'fanout-beside-'));
      try {
        await synthesize(root, folder, { ...others.context, ...localContext }, { app, signal });
        mergeAssembly(folder, assembly);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    handlers.read();
    await handlers.build();
  };
  try {
    const run = await startLocalRun({
      ...runOptions,
      async assembly() {
        print('Synthesizing the app …');
        const start = performance.now();
        await build();
        print(`The app is built (${((performance.now() - start) / 1000).toFixed(1)} s).`);
        return assembly;
      },
    });
    // The same object, not a copy: the run updates it.
    return Object.assign(Object.create(run), {
      handlers,
      async rebuild(changed: ReadonlySet<string>) {
        const renewed = await handlers.build(changed);
        if (renewed.length > 0) {
          await run.redeploy();
        }
        return renewed;
      },
      async renew() {
        await build();
        await run.redeploy();
      },
      async close(settings: Parameters<LocalRun['close']>[0]) {
        await run.close(settings);
        await end();
      },
    }) as ProjectRun;
  } catch (error) {
    await end();
    throw error;
  }
}

/** Adds the stacks of one cloud assembly to another; each then comes after the stacks that were there. */
function mergeAssembly(from: string, to: string): void {
  const [added, present] = [from, to].map(
    (folder) => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest,
  ) as [Manifest, Manifest];
  const isStack = ([, { type }]: [string, Artifact]) => type === 'aws:cloudformation:stack';
  const before = Object.entries(present.artifacts)
    .filter(isStack)
    .map(([id]) => id);
  const artifacts = Object.entries(added.artifacts).filter(
    (entry) => isStack(entry) || entry[1].type === 'cdk:asset-manifest',
  );
  const again = artifacts.find(([id]) => Object.hasOwn(present.artifacts, id));
  if (again) {
    throw new Error(`Two of the apps have a stack "${again[0]}".`);
  }
  cpSync(from, to, {
    recursive: true,
    filter: (path) => !['manifest.json', 'tree.json', 'cdk.out'].includes(basename(path)),
  });
  const merged = artifacts.map(([id, artifact]) => [
    id,
    { ...artifact, dependencies: [...before, ...(artifact.dependencies ?? [])] },
  ]);
  const manifest = {
    ...present,
    artifacts: { ...present.artifacts, ...Object.fromEntries(merged) },
  };
  writeFileSync(join(to, 'manifest.json'), JSON.stringify(manifest));
}

interface Manifest {
  readonly artifacts: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
}
