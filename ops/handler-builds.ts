import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import type { BuildContext, BuildFailure, BuildOptions, BuildResult, OutputFile } from 'esbuild';
import { deferredBundling } from '../events/names.ts';
import { localContext, localSettings } from './local-settings.ts';

type Esbuild = typeof import('esbuild');

/** Build options of all handlers; the others come from the asset. */
const shared = { write: false, metafile: true, logLevel: 'silent' } as const;

type Result = BuildResult<typeof shared>;

/** Thrown when a handler cannot be bundled. The message is esbuild's. */
export class HandlerBuildError extends Error {}

/**
 * The assembly of a local run in the run's temporary folder. Every local run has it at the same depth, because source
 * maps contain the relative path to the sources, on which the hash of each function's code depends.
 */
export const localAssembly = (folder: string): string => join(folder, 'pipeline');

/** One function's code in the assembly. */
interface Handler {
  /** The asset's hash in the assembly as it was synthesized. */
  readonly hash: string;
  /** The source, from the folder that it is read in. */
  readonly entry: string;
  readonly options: BuildOptions & { readonly absWorkingDir: string };
  /**
   * esbuild's context for incremental builds; created when the handler has changed for the first time.
   */
  context?: BuildContext<typeof shared>;
  /** Hash of its code; undefined before it is built. */
  code?: string;
  /** Hash of its code in the assembly. */
  used?: string;
  /** Absolute paths of the sources of its code; empty when it could not be built. */
  inputs: ReadonlySet<string>;
}

/**
 * Bundles the handlers of an assembly that was synthesized without code: first all together, so that esbuild
 * reads shared sources once, and later those with a changed source.
 */
export class HandlerBuilds {
  readonly #project: string;
  readonly #assembly: string;
  #handlers = new Map<string, Handler>();
  /** The assembly's files that name assets, as they were synthesized, by path. */
  #files = new Map<string, string>();

  /**
   * @param project the folder of the app, whose esbuild is used
   * @param assembly the cloud assembly
   */
  constructor(project: string, assembly: string) {
    this.#project = project;
    this.#assembly = assembly;
  }

  /** Whether a file is a source of a handler, or may be one of a handler that could not be built. */
  isInput(path: string): boolean {
    return [...this.#handlers.values()].some(({ inputs }) => inputs.size === 0 || inputs.has(path));
  }

  /**
   * Synthesizes the app with the settings of local runs, and builds its handlers.
   *
   * @param context further CDK context
   * @throws Error with the app's output, or HandlerBuildError
   */
  async synthesize(
    context: Readonly<Record<string, unknown>> = {},
    signal?: AbortSignal,
  ): Promise<void> {
    const { synthesize } = await import('@event-fanout/local-aws/assembly');
    const settings = { ...localSettings, ...localContext, ...context };
    await synthesize(this.#project, this.#assembly, settings, { ...(signal && { signal }) });
    this.read();
    await this.build();
  }

  /** Reads the newly synthesized assembly. Handlers that existed before stay built. */
  read(): void {
    const files = readdirSync(this.#assembly)
      .filter((name) => /\.(template|assets)\.json$/.test(name))
      .map((name) => join(this.#assembly, name));
    this.#files = new Map(files.map((path) => [path, readFileSync(path, 'utf8')]));
    const handlers = new Map<string, Handler>();
    for (const name of readdirSync(this.#assembly).filter((each) => each.startsWith('asset.'))) {
      const path = join(this.#assembly, name, deferredBundling.file);
      const hash = name.slice('asset.'.length);
      // The assets of earlier syntheses remain, also those of handlers that were removed.
      const isNamed = [...this.#files.values()].some((text) => text.includes(hash));
      if (isNamed && existsSync(path)) {
        const { entryPoints, ...options } = JSON.parse(readFileSync(path, 'utf8'));
        const fresh = { hash, entry: entryPoints[0], options, inputs: new Set<string>() };
        handlers.set(hash, this.#handlers.get(hash) ?? fresh);
      }
    }
    this.#handlers = handlers;
  }

  /**
   * Builds the handlers that were not built yet, and those with a changed source, and puts their code into
   * the assembly.
   *
   * @param changed absolute paths of files
   * @returns the sources of the handlers whose code has changed
   * @throws HandlerBuildError if one cannot be built; the assembly is unchanged then
   */
  async build(changed: ReadonlySet<string> = new Set()): Promise<string[]> {
    const all = [...this.#handlers.values()];
    const fresh = all.filter(({ code, inputs }) => code === undefined && inputs.size === 0);
    const stale = all.filter(
      (each) => !fresh.includes(each) && (each.inputs.size === 0 || meets(each.inputs, changed)),
    );
    try {
      await Promise.all([
        ...groupsOf(fresh).map((group) => this.#buildTogether(group)),
        ...stale.map((each) => this.#buildAgain(each)),
      ]);
    } catch (error) {
      throw await this.#explain(error);
    }
    this.#writeAssembly();
    const renewed = all.filter(({ code, used }) => code !== used);
    for (const handler of renewed) {
      handler.used = handler.code;
    }
    return renewed.map(({ entry }) => entry);
  }

  /** Ends esbuild's contexts. */
  async close(): Promise<void> {
    await Promise.all([...this.#handlers.values()].map(({ context }) => context?.dispose()));
  }

  async #buildTogether(group: readonly Handler[]): Promise<void> {
    const { build } = this.#esbuild();
    this.#take(await build({ ...this.#optionsOf(group), ...shared }));
  }

  async #buildAgain(handler: Handler): Promise<void> {
    handler.context ??= await this.#esbuild().context({
      ...this.#optionsOf([handler]),
      ...shared,
    });
    try {
      this.#take(await handler.context.rebuild());
    } catch (error) {
      // Its sources are unknown: the next change of any file may fix it.
      handler.inputs = new Set();
      throw error;
    }
  }

  #optionsOf(group: readonly Handler[]): BuildOptions {
    return {
      ...group[0]?.options,
      entryPoints: Object.fromEntries(group.map(({ hash, entry }) => [hash, entry])),
      outdir: this.#assembly,
    };
  }

  /** Stores a build: the code goes into a new folder, so that running processes keep the old one. */
  #take({ outputFiles, metafile }: Result): void {
    for (const file of outputFiles) {
      const handler = this.#handlers.get(basename(file.path).split('.')[0] ?? '');
      if (handler) {
        handler.code = this.#write(file);
        handler.inputs = sourcesOf(handler.entry, metafile, handler.options.absWorkingDir);
      }
    }
  }

  #write({ contents, path }: OutputFile): string {
    const hash = createHash('sha256').update(contents).digest('hex');
    const folder = join(this.#assembly, `asset.${hash}`);
    mkdirSync(folder, { recursive: true });
    const extension = basename(path).slice(basename(path).indexOf('.'));
    writeFileSync(join(folder, `index${extension}`), contents);
    return hash;
  }

  #writeAssembly(): void {
    for (const [path, synthesized] of this.#files) {
      let text = synthesized;
      for (const { hash, code } of this.#handlers.values()) {
        text = text.replaceAll(hash, code ?? hash);
      }
      if (text !== synthesized) {
        writeFileSync(path, text);
      }
    }
  }

  #esbuild(): Esbuild {
    return esbuildOf(this.#project);
  }

  async #explain(error: unknown): Promise<unknown> {
    const { errors } = error as BuildFailure;
    if (!Array.isArray(errors)) {
      return error;
    }
    const messages = await this.#esbuild().formatMessages(errors, { kind: 'error' });
    return new HandlerBuildError(messages.join('').trimEnd(), { cause: error });
  }
}

/** Groups handlers with the same options, which one build can bundle. */
function groupsOf(handlers: readonly Handler[]): Handler[][] {
  return [...Map.groupBy(handlers, ({ options }) => JSON.stringify(options)).values()];
}

const meets = (inputs: ReadonlySet<string>, changed: ReadonlySet<string>) =>
  [...changed].some((path) => inputs.has(path));

function esbuildOf(project: string): Esbuild {
  try {
    return createRequire(join(project, 'package.json'))('esbuild');
  } catch {
    throw new Error(
      'Handlers are bundled by esbuild, which is not installed: npm install --save-dev esbuild',
    );
  }
}

/**
 * The sources of the CDK app itself, by following the imports of the files that `"app"` in `cdk.json` names.
 * Undefined if that is not possible, as for an app in another language: every file may be one then.
 *
 * @param project the folder of the app
 */
export async function appSources(project: string): Promise<ReadonlySet<string> | undefined> {
  try {
    const { app = '' } = JSON.parse(readFileSync(join(project, 'cdk.json'), 'utf8'));
    const entryPoints = String(app)
      .split(/\s+/)
      .filter((word) => /\.[cm]?[jt]s$/.test(word) && existsSync(join(project, word)));
    const { metafile } = await esbuildOf(project).build({
      ...shared,
      absWorkingDir: project,
      entryPoints,
      outdir: project,
      bundle: true,
      platform: 'node',
      packages: 'external',
    });
    const sources = Object.keys(metafile.inputs).map((path) => resolve(project, path));
    return sources.length > 0 ? new Set(sources) : undefined;
  } catch {
    return undefined;
  }
}

/** Every file that the entry imports, including those of which nothing is used yet. */
function sourcesOf(
  entry: string,
  { inputs }: Result['metafile'],
  folder: string,
): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const path of found) {
    for (const imported of inputs[path]?.imports ?? []) {
      if (!imported.external) {
        found.add(imported.path);
      }
    }
  }
  return new Set([...found].map((path) => resolve(folder, path)));
}
