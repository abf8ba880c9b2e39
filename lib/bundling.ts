import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import type { BuildFailure, BuildOptions } from 'esbuild';
import { deferredBundling, type FunctionVariable } from '../events/names.ts';

/**
 * Whose AWS SDK a function uses: the one in its bundle, as all of this project's functions do, or that of
 * Lambda's runtime.
 */
export type SdkOrigin = 'bundled' | 'runtime';

/**
 * Modules that bundles omit; Lambda's own SDK has them if one is ever imported. Reading code that never
 * runs is the larger part of a cold start (docs/decisions/sdk-and-middy.md).
 */
export const externalClients: readonly string[] = [
  // Loaded when a claim check is written, which is seldom.
  '@aws-sdk/client-s3',
  // Sources of credentials that the SDK's clients would look at after the environment, where Lambda puts them.
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

const mainFields = ['module', 'main'];
const target = 'node24';

/** The options of {@link handlerBuild} for NodejsFunction, with which the benchmarks bundle what they compare. */
export function bundlingOf(sdk: SdkOrigin = 'bundled'): BundlingOptions {
  return {
    format: OutputFormat.ESM,
    target,
    minify: true,
    mainFields,
    externalModules: sdk === 'runtime' ? ['@aws-sdk/*', '@smithy/*'] : [...externalClients],
  };
}

const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/** A build of one function by esbuild; all of it is JSON. */
export type HandlerBuild = BuildOptions & {
  readonly absWorkingDir: string;
  /** The handler's source, from `absWorkingDir`. */
  readonly entryPoints: readonly [string];
};

/**
 * How esbuild bundles a handler. A handler of this project is read from the project's root; one of the
 * user's own from the working directory, which is that of the user's app.
 *
 * @param absent variables that the function does not have: see {@link defineAbsent}
 * @param sourceMaps whether a source map, without the sources, goes into the bundle
 */
export function handlerBuild(
  entry: string,
  absent?: readonly string[],
  sourceMaps = false,
): HandlerBuild {
  const path = resolve(isPublished ? '.' : projectRoot, entry);
  const inProject = relative(projectRoot, path);
  const isOwn = !inProject.startsWith('..') && !isAbsolute(inProject);
  const absWorkingDir = isOwn ? projectRoot : process.cwd();
  return {
    absWorkingDir,
    entryPoints: [relative(absWorkingDir, path)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    target,
    minify: true,
    mainFields,
    external: [...externalClients],
    define: defineAbsent(absent),
    ...(sourceMaps && { sourcemap: true, sourcesContent: false }),
  };
}

/**
 * For esbuild's `define`: environment variables that a function does not have, so that its bundle omits
 * the code that only they need.
 */
export function defineAbsent(variables: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(variables.map((name) => [`process.env.${name}`, 'undefined']));
}

/**
 * The variables by which the published package has two bundles of a handler: one for a function that has
 * neither, and one for all others. The AWS SDK's DynamoDB client is the difference.
 */
export const tableVariables = [
  'IDEMPOTENCY_TABLE',
  'STATE_TABLE',
] as const satisfies FunctionVariable[];

/** Name of the folder that holds a handler's bundle in the published package. */
export function prebuiltName(entry: string, absent: readonly string[] = []): string {
  const name = entry
    .replace(/^lambdas\//, '')
    .replace(/\.ts$/, '')
    .replaceAll('/', '-');
  return tableVariables.every((each) => absent.includes(each)) ? `${name}-without-tables` : name;
}

/** Where the published package has the bundles of this project's handlers. In the repository there are none. */
const prebuiltFolder = new URL('./lambdas/', import.meta.url);

/**
 * The folder with the bundle of one of this project's handlers, made when the package was built. Undefined
 * in the repository, and for a handler of the user's own: esbuild makes their bundles at synth.
 */
export function prebuiltBundle(entry: string, absent?: readonly string[]): string | undefined {
  const folder = fileURLToPath(new URL(`${prebuiltName(entry, absent)}/`, prebuiltFolder));
  return existsSync(folder) ? folder : undefined;
}

/** Whether this is the published package. */
export const isPublished = existsSync(prebuiltFolder);

/** The source of a function, and what its bundle omits. */
export interface HandlerSource {
  /**
   * The handler's source, which exports `handler`: a handler of this project from its root, or an
   * absolute path to a file anywhere. In the published package a relative path that is no handler of this
   * project is looked for from the working directory, which is that of the user's app.
   */
  readonly entry: string;
  /**
   * Whether stacks name the lines of the sources instead of those of the bundle. Costs time at each start.
   *
   * @default false
   */
  readonly sourceMaps?: boolean;
  /**
   * Environment variables that the function does not have. The bundle omits the code that only they
   * need. @default - none
   */
  readonly absent?: readonly FunctionVariable[];
}

/** The bundle that the package brings, or one that esbuild makes at synth. */
export function codeOf(scope: Construct, { entry, absent, sourceMaps }: HandlerSource): Code {
  const prebuilt = prebuiltBundle(entry, absent);
  if (prebuilt !== undefined) {
    return Code.fromAsset(prebuilt);
  }
  const build = handlerBuild(entry, absent, sourceMaps);
  const isDeferred = Boolean(scope.node.tryGetContext(deferredBundling.context));
  return Code.fromAsset(build.absWorkingDir, {
    // The hash of what is uploaded, wherever it was made.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('none'),
      // Never run: CDK tells the assets of one folder apart by it.
      command: ['esbuild', JSON.stringify({ ...build, isDeferred })],
      local: {
        tryBundle(outputFolder) {
          if (isDeferred) {
            writeFileSync(join(outputFolder, deferredBundling.file), JSON.stringify(build));
          } else {
            bundle(build, outputFolder);
          }
          return true;
        },
      },
    },
  });
}

/** A handler cannot be bundled. The message is esbuild's own, for the person who wrote the handler. */
export class BundlingError extends Error {
  override readonly name = 'BundlingError';
}

/** Bundles a handler now. Constructors of constructs are synchronous, and so is this. */
function bundle({ entryPoints, ...build }: HandlerBuild, folder: string): void {
  const { buildSync, formatMessagesSync } = requireEsbuild(entryPoints[0]);
  try {
    buildSync({
      ...build,
      entryPoints: { index: entryPoints[0] },
      outdir: folder,
      logLevel: 'silent',
    });
  } catch (error) {
    const { errors } = error as BuildFailure;
    if (!Array.isArray(errors)) {
      throw error;
    }
    throw new BundlingError(formatMessagesSync(errors, { kind: 'error' }).join(''));
  }
}

/** Only who bundles a handler of their own needs esbuild. */
function requireEsbuild(entry: string): typeof import('esbuild') {
  try {
    return createRequire(import.meta.url)('esbuild');
  } catch {
    throw new Error(
      `The handler ${entry} is bundled by esbuild, which is not installed: npm install --save-dev esbuild`,
    );
  }
}
