import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * Whose AWS SDK a function uses: the one in its bundle, as all of this project's functions do, or that of
 * Lambda's runtime.
 */
export type SdkOrigin = 'bundled' | 'runtime';

/**
 * What is left out of bundles, and found in Lambda's own SDK should it ever be asked for. Reading code that
 * never runs is the larger part of a cold start (docs/decisions/sdk-and-middy.md).
 */
const leftToRuntime = [
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

/** How esbuild makes every function's bundle; the benchmarks bundle what they compare with the same. */
export function bundlingOf(sdk: SdkOrigin = 'bundled'): BundlingOptions {
  return {
    format: OutputFormat.ESM,
    target: 'node24',
    minify: true,
    mainFields: ['module', 'main'],
    externalModules: sdk === 'runtime' ? ['@aws-sdk/*', '@smithy/*'] : leftToRuntime,
  };
}

/**
 * For esbuild's `define`: environment variables that a function will not have, so that what is only
 * there for them is left out of its bundle.
 */
export function defineAbsent(variables: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(variables.map((name) => [`process.env.${name}`, 'undefined']));
}
