import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `cdk.json` says of an app. */
interface CdkJson {
  readonly app?: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

/**
 * Synthesizes the CDK app of a directory, as `cdk synth` does but without the AWS CDK CLI's start-up
 * and without asking AWS for anything.
 *
 * @param project directory with `cdk.json`
 * @param output where the cloud assembly goes
 * @param context CDK context on top of that in `cdk.json`
 * @param ownApp command that runs the app instead of that in `cdk.json`
 * @throws with the app's own words when it fails
 */
export async function synthesize(
  project: string,
  output: string,
  context: Readonly<Record<string, unknown>> = {},
  ownApp?: string,
): Promise<void> {
  const cdkJson = JSON.parse(readFileSync(join(project, 'cdk.json'), 'utf8')) as CdkJson;
  const app = ownApp ?? cdkJson.app;
  if (!app) throw new Error(`${join(project, 'cdk.json')} does not say what "app" is.`);
  const child = spawn(app, {
    cwd: project,
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      // The same Node that runs this: npm brings it, and the system's may be older.
      PATH: `${join(process.execPath, '..')}:${process.env.PATH ?? ''}`,
      CDK_OUTDIR: output,
      CDK_CONTEXT_JSON: JSON.stringify({
        ...cdkJson.context,
        ...context,
        'aws:cdk:bundling-stacks': ['**'],
      }),
    },
  });
  let said = '';
  const keep = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status === 0) return;
  // A package that is not there: nobody has installed anything yet, or not all of it.
  const advice = /Cannot find (package|module) '[^.'/]/.test(said)
    ? '\nInstall what it needs: npm ci'
    : '';
  throw new Error(`The app does not synthesize (${app}):\n${said.trim()}${advice}`);
}
