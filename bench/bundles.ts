import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { synthesize } from '@event-fanout/local-aws/assembly';
import { Template } from 'aws-cdk-lib/assertions';

/** A function's code as it would be uploaded, and the environment that its stack gives it. */
export interface Bundle {
  readonly directory: string;
  /** Of the code, without source maps. */
  readonly bytes: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** The functions in bench/rivals/. */
const rivals = ['empty', 'floor', 'usual-stack', 'powertools', 'quick-start'];

/**
 * Synthesizes the stack with bundling on: `defaults` with its defaults, and the rivals beside it; `variant`
 * with `deduplicate=none` and `state=all`, which makes the largest consumers. Functions have their names
 * without stage.
 *
 * @param directory where the code goes
 */
export async function bundleAll(directory: string) {
  const [defaults, variant] = await Promise.all([
    bundleApp(join(directory, 'defaults'), { rivals }),
    bundleApp(join(directory, 'variant'), { deduplicate: 'none', state: 'all' }),
  ]);
  return { defaults, variant };
}

/** All that is measured. */
export type Bundles = Awaited<ReturnType<typeof bundleAll>>;

/** Synthesizes bench/app.ts with bundling on; CDK's and esbuild's output is shown when it fails. */
export function synthesizeApp(outdir: string, context: Readonly<Record<string, unknown>>) {
  const project = fileURLToPath(new URL('..', import.meta.url));
  const app = 'node --disable-warning=ExperimentalWarning bench/app.ts';
  return synthesize(project, outdir, context, { app });
}

async function bundleApp(outdir: string, context: Readonly<Record<string, unknown>>) {
  await synthesizeApp(outdir, context);
  const bundles: Record<string, Bundle> = {};
  for (const file of readdirSync(outdir).filter((name) => name.endsWith('.template.json'))) {
    const template = Template.fromJSON(JSON.parse(readFileSync(join(outdir, file), 'utf8')));
    for (const { Properties } of Object.values(template.findResources('AWS::Lambda::Function'))) {
      const directory = join(outdir, `asset.${Properties.Code.S3Key?.replace(/\.zip$/, '')}`);
      const code = readdirSync(directory).filter((name) => /\.[cm]?js$/.test(name));
      bundles[String(Properties.FunctionName).replace(/^whatsapp-dev-/, '')] = {
        directory,
        bytes: code.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0),
        environment: fillIn(Properties.Environment?.Variables ?? {}),
      };
    }
  }
  return bundles;
}

/** CloudFormation would resolve a reference to a name; here the variable's own name replaces it. */
function fillIn(variables: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts = Object.entries(variables).map(([name, value]) =>
    typeof value === 'string' ? [name, value] : [name, name],
  );
  return Object.fromEntries(texts);
}
