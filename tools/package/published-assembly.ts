import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { stackNameOf } from '../../events/names.ts';

/**
 * Synthesizes the pipeline into `dist/assembly` with the constructs of `dist`, for local runs without
 * aws-cdk-lib. The functions' code stays in `dist/lambdas`.
 *
 * @param settings those of a local run
 */
export function publishedAssembly(dist: string, settings: Readonly<Record<string, unknown>>): void {
  const outdir = join(dist, 'assembly');
  const { context } = JSON.parse(readFileSync(join(dist, 'cdk.json'), 'utf8')) as {
    context: object;
  };
  const app = `import { App } from 'aws-cdk-lib';
import { FanoutStack, readSettings } from '${join(dist, 'cdk.js')}';
const app = new App({ context: ${JSON.stringify({ ...context, 'aws:cdk:disable-asset-staging': true })}, outdir: '${outdir}' });
const given = ${JSON.stringify(settings)};
new FanoutStack(app, '${stackNameOf('dev')}', { settings: readSettings((name) => given[name]) });
app.synth();`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', app], {
    cwd: join(dist, '..'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const name of readdirSync(outdir).filter((each) => each.endsWith('.assets.json'))) {
    const file = join(outdir, name);
    const text = readFileSync(file, 'utf8');
    const manifest = JSON.parse(text, (key, value: unknown) =>
      key === 'path' && typeof value === 'string' && isAbsolute(value)
        ? relative(outdir, value)
        : value,
    ) as object;
    writeFileSync(file, JSON.stringify(manifest));
  }
  // The tree of constructs is used by CDK's own tools only.
  rmSync(join(outdir, 'tree.json'), { force: true });
}
