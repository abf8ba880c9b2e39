import { fileURLToPath } from 'node:url';
import { type BundlingOptions, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * Whose AWS SDK a function uses: the one in its bundle, which is the one that was tested and starts
 * faster, or that of Lambda's runtime, which makes the bundle small.
 */
export type SdkOrigin = 'bundled' | 'runtime';

/** Stands in for the SDK's credential provider chain in a bundle. */
const credentialsModule = fileURLToPath(
  new URL('../lambdas/runtime/lambda-credentials.ts', import.meta.url),
);

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
      : {
          bundleAwsSDK: true,
          // Lambda gives credentials in environment variables; the SDK's search for others is left out.
          esbuildArgs: { '--alias:@aws-sdk/credential-provider-node': credentialsModule },
        }),
  };
}
