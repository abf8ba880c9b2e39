import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readAssembly } from '@event-fanout/local-aws/assembly';
import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, LogLevel, NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Metafile } from 'esbuild';
import { bundlingOf, type SdkOrigin } from '../../lib/bundling.ts';

/** A function to be bundled as the stack's constructs bundle theirs. */
export interface FunctionSource {
  /** From this package's root. */
  readonly entry: string;
  /** @default 'bundled' */
  readonly sdk?: SdkOrigin;
  /** What it needs besides. @default - nothing */
  readonly bundling?: BundlingOptions;
}

/** A function's code as it would be uploaded. */
export interface BundledCode {
  readonly directory: string;
  /** Of the code, without its source map. */
  readonly bytes: number;
  /** What esbuild put into it. */
  readonly metafile: Metafile;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bundles functions through CDK's NodejsFunction with the options that the project's own constructs
 * use (lib/bundling.ts), so that what is compared differs in its source alone.
 *
 * @param outdir where the code goes
 */
export function bundleFunctions<Name extends string>(
  sources: Readonly<Record<Name, FunctionSource>>,
  outdir: string,
): Readonly<Record<Name, BundledCode>> {
  const app = new App({ outdir, context: { 'aws:cdk:bundling-stacks': ['**'] } });
  const stack = new Stack(app, 'Bench');
  for (const [name, source] of Object.entries<FunctionSource>(sources)) {
    new NodejsFunction(stack, name, {
      functionName: name,
      entry: join(root, source.entry),
      projectRoot: root,
      depsLockFilePath: join(root, 'package.json'),
      runtime: Runtime.NODEJS_24_X,
      bundling: {
        ...bundlingOf(source.sdk ?? 'bundled'),
        metafile: true,
        logLevel: LogLevel.WARNING,
        ...source.bundling,
      },
    });
  }
  app.synth();
  const found: Partial<Record<string, BundledCode>> = {};
  for (const { template, assets } of readAssembly(outdir)) {
    for (const { Type, Properties = {} } of Object.values(template.Resources ?? {})) {
      if (Type !== 'AWS::Lambda::Function') continue;
      const { S3Key } = Properties.Code as { S3Key: string };
      found[String(Properties.FunctionName)] = readCode(assets.get(S3Key) ?? '');
    }
  }
  return found as Record<Name, BundledCode>;
}

function readCode(directory: string): BundledCode {
  const code = readdirSync(directory).filter((name) => name.endsWith('.mjs'));
  return {
    directory,
    bytes: code.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0),
    metafile: JSON.parse(readFileSync(join(directory, 'index.meta.json'), 'utf8')),
  };
}
