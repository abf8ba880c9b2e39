import { type BundlingOptions, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * Whose AWS SDK a function uses: that of Lambda's runtime, or the one in its bundle. Our own functions
 * call AWS without it, but for what happens only when something has failed.
 */
export type SdkOrigin = 'bundled' | 'runtime';

/** How esbuild makes every function's bundle; the benchmarks bundle what they compare with the same. */
export function bundlingOf(sdk: SdkOrigin): BundlingOptions {
  return {
    format: OutputFormat.ESM,
    target: 'node24',
    minify: true,
    sourceMap: true,
    sourceMapMode: SourceMapMode.EXTERNAL,
    mainFields: ['module', 'main'],
    ...(sdk === 'runtime'
      ? { externalModules: ['@aws-sdk/*', '@smithy/*'] }
      : { bundleAwsSDK: true }),
  };
}

/**
 * For esbuild's `define`: environment variables that a function will not have, so that what is only
 * there for them is left out of its bundle.
 */
export function defineAbsent(variables: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(variables.map((name) => [`process.env.${name}`, 'undefined']));
}
