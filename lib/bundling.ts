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
 * Which AWS SDK a function uses: `bundled`, the one in its bundle, as all functions of this project do; or
 * `runtime`, the one in Lambda's runtime.
 */
export type SdkOrigin = 'bundled' | 'runtime';

/**
 * Modules that bundles do not contain. If a function imports one after all, it comes from the AWS SDK in
 * Lambda's runtime. Most of a cold start is the time in which Node.js loads code, and these modules rarely or
 * never run (docs/decisions/sdk-and-middy.md).
 */
export const externalClients: readonly string[] = [
  // Loaded when a claim check is written, which is rare.
  '@aws-sdk/client-s3',
  // Other sources of credentials. The SDK reads the environment first, and Lambda provides credentials there.
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/**
 * What the SDK imports when an operation has an event stream. esbuild wraps each module that such an import
 * reaches, half of the SDK, into a function that can run late, which makes every call slower.
 */
export const eventStreams = '@smithy/core/event-streams';

/**
 * The modules that the bundle of a handler omits. Of this project's functions none uses event streams, but a
 * consumer may call any service.
 *
 * @param entry the handler's source, relative to the project's root
 */
export function externalModules(entry: string): string[] {
  const isPlatform = /^lambdas[/\\](?!consumers[/\\])/.test(entry);
  return isPlatform ? [...externalClients, eventStreams] : [...externalClients];
}

const mainFields = ['module', 'main'];
const target = 'node24';

/**
 * The options of {@link handlerBuild} in the form of CDK's `NodejsFunction`. The benchmarks use it to bundle
 * the functions that they compare with.
 */
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

/** The esbuild options of one function. All values are JSON, so that they can be written to a file. */
export type HandlerBuild = BuildOptions & {
  readonly absWorkingDir: string;
  /** Path of the handler's source, relative to `absWorkingDir`. */
  readonly entryPoints: readonly [string];
};

/**
 * Returns the esbuild options for a handler. The path of a handler of this project is relative to the project's
 * root. The path of a user's handler is relative to the working directory, which is that of the user's app.
 *
 * @param entry path of the handler's source
 * @param absent environment variables that the function does not have: see {@link defineAbsent}
 * @param sourceMaps whether to write a source map, without the text of the sources
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
    external: externalModules(isOwn ? inProject : ''),
    define: defineAbsent(absent),
    ...(sourceMaps && { sourcemap: true, sourcesContent: false }),
  };
}

/**
 * Returns a value for esbuild's option `define` that replaces environment variables with `undefined`. esbuild
 * then omits the code that runs only with these variables.
 */
export function defineAbsent(variables: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(variables.map((name) => [`process.env.${name}`, 'undefined']));
}

/**
 * The environment variables with a table's name. The published package has two bundles of each consumer: one
 * for a function that has none of these variables, and one for all others. Only the second contains the AWS
 * SDK's DynamoDB client.
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

/** The folder of the published package with the bundles of this project's handlers. Absent in the repository. */
const prebuiltFolder = new URL('./lambdas/', import.meta.url);

/**
 * Returns the folder with the bundle of one of this project's handlers, which was made when the package was
 * built. Undefined in the repository and for a user's handler: esbuild bundles them at synthesis.
 */
export function prebuiltBundle(entry: string, absent?: readonly string[]): string | undefined {
  const folder = fileURLToPath(new URL(`${prebuiltName(entry, absent)}/`, prebuiltFolder));
  return existsSync(folder) ? folder : undefined;
}

/** Whether this code runs from the published package, and not from the repository. */
export const isPublished = existsSync(prebuiltFolder);

/** The source of a function, and what its bundle omits. */
export interface HandlerSource {
  /**
   * Path of the source file that exports `handler`: absolute, or relative to this project's root. In the
   * published package, a relative path that is not a handler of this project is relative to the working
   * directory, which is that of the user's app.
   */
  readonly entry: string;
  /**
   * Whether stack traces have the lines of the source instead of those of the bundle. Makes each cold start
   * slower.
   *
   * @default false
   */
  readonly sourceMaps?: boolean;
  /**
   * Environment variables that the function does not have. The bundle omits code that runs only with them.
   *
   * @default - none
   */
  readonly absent?: readonly FunctionVariable[];
}

/**
 * Returns the code of a function: the bundle in the published package, or one that esbuild makes at synthesis.
 * If the CDK context asks for deferred bundling, only the esbuild options are written, and the local run
 * bundles the handler.
 *
 * @throws {@link BundlingError} if esbuild cannot bundle the handler
 */
export function codeOf(scope: Construct, { entry, absent, sourceMaps }: HandlerSource): Code {
  const prebuilt = prebuiltBundle(entry, absent);
  if (prebuilt !== undefined) {
    return Code.fromAsset(prebuilt);
  }
  const build = handlerBuild(entry, absent, sourceMaps);
  const isDeferred = Boolean(scope.node.tryGetContext(deferredBundling.context));
  return Code.fromAsset(build.absWorkingDir, {
    // The hash is that of the bundle, so it is the same on every machine.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('none'),
      // This command never runs. CDK uses it to distinguish the assets of one folder.
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

/** Thrown when a handler cannot be bundled. The message is esbuild's, for the author of the handler. */
export class BundlingError extends Error {
  override readonly name = 'BundlingError';
}

/** Bundles a handler. Synchronous, because constructors of constructs are. */
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

/**
 * Loads esbuild on first use. It is an optional peer dependency of the published package, which needs it only
 * for handlers of the user.
 *
 * @throws if it is not installed
 */
function requireEsbuild(entry: string): typeof import('esbuild') {
  try {
    return createRequire(import.meta.url)('esbuild');
  } catch {
    throw new Error(
      `The handler ${entry} is bundled by esbuild, which is not installed: npm install --save-dev esbuild`,
    );
  }
}
