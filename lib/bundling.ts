import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { BuildOptions } from 'esbuild';
import type { FunctionVariable } from '../events/names.ts';

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
    external: externalModules(isOwn ? inProject : ''),
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
