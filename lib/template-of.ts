import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { stackNameOf } from '../events/names.ts';
import { readAppSettings } from './app-settings.ts';
import type { ConsumerRow } from './consumer-row.ts';
import { FanoutStack } from './fanout-stack.ts';

/** The app to synthesize. */
export interface AppChoice {
  /** Settings in addition to those in `cdk.json`. @default - none */
  readonly context?: Readonly<Record<string, unknown>>;
  /**
   * The rows of the consumers, by the consumer's name.
   *
   * @default - the table in lib/consumers.ts
   */
  readonly consumers?: Readonly<Record<string, ConsumerRow>> | undefined;
  /** The folder of `cdk.json` and of the stages' files (`stages/<stage>.json`). @default - no file is read */
  readonly stages?: string;
  /** Whether synthesis validates the template against CloudFormation's rules, which is slow. @default false */
  readonly validates?: boolean;
  /** Whether functions are bundled, so that the app can be deployed. @default false */
  readonly bundles?: boolean;
  /** The output folder of synthesis. @default - a new folder that the CDK creates in the temporary directory */
  readonly outdir?: string;
}

/**
 * Creates this project's app as `bin/app.ts` does, to inspect it: nothing is written to the project, and cdk-nag
 * does not run.
 *
 * @throws when a setting is wrong
 */
export function appOf({
  context = {},
  consumers,
  stages,
  validates = false,
  bundles = false,
  outdir,
}: AppChoice = {}): {
  app: App;
  stack: FanoutStack;
} {
  const { context: flags } = JSON.parse(
    readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'),
  ) as { context: Record<string, unknown> };
  const app = new App({
    ...(outdir === undefined ? {} : { outdir }),
    context: { ...flags, ...context, ...(bundles ? {} : { 'aws:cdk:bundling-stacks': [] }) },
    builtinCloudFormationValidation: validates,
  });
  const settings = readAppSettings(app, stages);
  return {
    app,
    stack: new FanoutStack(app, stackNameOf(settings.stage), { settings, consumers }),
  };
}

/**
 * Synthesizes that app and returns its template. No files are left on the disk.
 *
 * @param stages see {@link AppChoice}
 */
export function templateOf(
  context: Readonly<Record<string, unknown>> = {},
  consumers?: Readonly<Record<string, ConsumerRow>>,
  stages?: string,
): object {
  const outdir = mkdtempSync(join(tmpdir(), 'fanout-template-'));
  try {
    const { app, stack } = appOf({ context, consumers, outdir, stages });
    return app.synth().getStackByName(stack.stackName).template as object;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
