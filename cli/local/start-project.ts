import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalObserver, LocalRun, LocalRunOptions } from '@event-fanout/local-aws';
import { HandlerBuilds, localAssembly } from '../../ops/handler-builds.ts';
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
  /** Commands of other CDK apps, whose stacks run beside the pipeline. @default - none */
  readonly apps?: readonly string[];
  /** CDK context of those apps. @default - none */
  readonly context?: Readonly<Record<string, string>>;
  readonly observer: LocalObserver;
  /** Ends the start while the app is synthesized. */
  readonly signal?: AbortSignal;
  /** Prints a progress message. */
  readonly print: (line: string) => void;
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
  apps = [],
  context,
  ...options
}: StartOptions): Promise<ProjectRun> {
  requireLocalRunNode();
  const [{ synthesize }, { startLocalRun }] = await Promise.all([
    import('@event-fanout/local-aws/assembly'),
    import('@event-fanout/local-aws'),
  ]);
  const runOptions = { ...options, ingressPort: port, ingressHost: host };
  const root = projectRoot;
  const folder = mkdtempSync(join(tmpdir(), 'fanout-assembly-'));
  const assembly = root === undefined ? publishedAssembly : localAssembly(folder);
  const others = apps.map((app, index) => ({ app, output: join(folder, `app-${index + 1}`) }));
  const handlers = root === undefined ? undefined : new HandlerBuilds(root, assembly);
  const end = async () => {
    await handlers?.close();
    rmSync(folder, { recursive: true, force: true });
  };
  // Into the same directory: assets lie there under the hash of their content, so that functions
  // that did not change go on with theirs.
  const build = async () => {
    await handlers?.synthesize({}, signal);
    for (const { app, output } of others) {
      await synthesize(process.cwd(), output, context, { app, signal });
    }
  };
  try {
    const run = await startLocalRun({
      ...runOptions,
      async assembly() {
        if (root !== undefined || others.length > 0) {
          print('Synthesizing the app …');
          const start = performance.now();
          await build();
          print(`The app is built (${((performance.now() - start) / 1000).toFixed(1)} s).`);
        }
        return [assembly, ...others.map(({ output }) => output)];
      },
    });
    // The same object, not a copy: the run updates it.
    return Object.assign(Object.create(run), {
      handlers,
      async rebuild(changed: ReadonlySet<string>) {
        const renewed = (await handlers?.build(changed)) ?? [];
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
