import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Stack, type Template, TemplateError } from './template.ts';

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly file?: string;
  };
  readonly dependencies?: readonly string[];
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

/** Reads the stacks of a cloud assembly (`cdk.out`), each after the stacks that it depends on. */
export function readAssembly(directory: string): Stack[] {
  const manifest = readJson<Manifest>(directory, 'manifest.json');
  const artifacts = Object.entries(manifest.artifacts ?? {});
  const assets = new Map<string, string>();
  for (const [, { type, properties }] of artifacts) {
    if (type !== 'cdk:asset-manifest' || !properties?.file) {
      continue;
    }
    for (const [key, path] of readAssets(directory, properties.file)) {
      assets.set(key, path);
    }
  }
  const stacks = inOrder(artifacts.filter(([, { type }]) => type === 'aws:cloudformation:stack'));
  if (stacks.length === 0) {
    throw new TemplateError(directory, 'has no stack');
  }
  return stacks.map(([id, { properties }]) => ({
    name: properties?.stackName ?? id,
    template: readJson<Template>(directory, properties?.templateFile ?? `${id}.template.json`),
    assets,
  }));
}

function readAssets(directory: string, file: string): [string, string][] {
  const { files = {} } = readJson<AssetManifest>(directory, file);
  return Object.values(files).flatMap(({ source, destinations }) =>
    source.path === undefined
      ? []
      : Object.values(destinations).map(({ objectKey }): [string, string] => [
          objectKey,
          join(directory, source.path as string),
        ]),
  );
}

function inOrder(stacks: [string, Artifact][]): [string, Artifact][] {
  const ordered = new Map<string, Artifact>();
  const visit = (id: string) => {
    const artifact = stacks.find(([other]) => other === id)?.[1];
    if (!artifact || ordered.has(id)) {
      return;
    }
    for (const dependency of artifact.dependencies ?? []) {
      visit(dependency);
    }
    ordered.set(id, artifact);
  };
  for (const [id] of stacks) {
    visit(id);
  }
  return [...ordered];
}

function readJson<T>(directory: string, file: string): T {
  const path = join(directory, file);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    throw new TemplateError(
      path,
      `cannot be read (${(error as Error).message}). Synthesize the app again.`,
    );
  }
}

/** The settings of an app in `cdk.json`. */
interface CdkJson {
  readonly app?: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

function readCdkJson(path: string): CdkJson {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as CdkJson;
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as Error).message}.`);
  }
}

/**
 * Synthesizes the CDK app of a directory, as `cdk synth` does but without the AWS CDK CLI's
 * start-up, without any request to AWS, and without the check of CloudFormation's own rules, which
 * takes most of a synth and concerns deployments (`CDK_VALIDATION=true` in the environment brings it back).
 *
 * @param project directory with `cdk.json`
 * @param output where the cloud assembly goes
 * @param context CDK context on top of that in `cdk.json`
 * @param options the command that runs the app, by default that in `cdk.json`, and a signal that ends it
 * @throws with the app's own output when it fails, without the frames of Node.js in a stack trace
 */
export async function synthesize(
  project: string,
  output: string,
  context: Readonly<Record<string, unknown>> = {},
  options: { readonly app?: string; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const path = join(project, 'cdk.json');
  // As for `cdk synth --app`, an app that is named needs no file.
  const cdkJson = options.app !== undefined && !existsSync(path) ? {} : readCdkJson(path);
  const app = options.app ?? cdkJson.app;
  if (!app) {
    throw new Error(`${path} has no "app", the command that runs the CDK app.`);
  }
  const child = spawn(app, {
    cwd: project,
    shell: true,
    // A group of its own, which ends as one: the shell, and what the command starts.
    detached: options.signal !== undefined && process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      CDK_VALIDATION: 'false',
      ...compileCache(project),
      ...process.env,
      // The Node.js that runs this process: npm installs it, and the system's may be older.
      PATH: `${join(process.execPath, '..')}:${process.env.PATH ?? ''}`,
      CDK_OUTDIR: output,
      CDK_CONTEXT_JSON: JSON.stringify({
        ...cdkJson.context,
        ...context,
        'aws:cdk:bundling-stacks': ['**'],
      }),
    },
  });
  let printed = '';
  const keep = (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const end = () => killGroup(child);
  options.signal?.addEventListener('abort', end);
  if (options.signal?.aborted) {
    end();
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  options.signal?.removeEventListener('abort', end);
  if (status === 0) {
    return;
  }
  // A package is missing: the dependencies are not, or not completely, installed.
  const advice = /Cannot find (package|module) '[^.'/]/.test(printed)
    ? '\nInstall what it needs: npm ci'
    : '';
  throw new Error(`The app does not synthesize (${app}):\n${withoutFrames(printed)}${advice}`);
}

/**
 * Where Node.js keeps the compiled code of the app's packages, which takes a quarter of a synth
 * (https://nodejs.org/api/module.html#module-compile-cache). Nothing where nothing is installed.
 */
function compileCache(project: string): { readonly NODE_COMPILE_CACHE?: string } {
  const modules = join(project, 'node_modules');
  return existsSync(modules)
    ? { NODE_COMPILE_CACHE: join(modules, '.cache', 'node-compile-cache') }
    : {};
}

/** Without CDK's progress, and what Node.js prints of its own modules at an uncaught error. */
const withoutFrames = (printed: string): string =>
  printed
    .replace(/^node:internal\S+\n.*\n +\^\n+/m, '')
    .replace(/^ +code: 'MODULE_NOT_FOUND',\n +requireStack: \[[^\]]*\]\n\}\n/m, '')
    .split('\n')
    .filter((line) => !/^\s+at .*\(?node:[^)]*\)?( \{)?$|^Node\.js v\d|^Bundling asset /.test(line))
    .join('\n')
    .trim();

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGTERM');
  } catch {
    // It has ended.
  }
}
