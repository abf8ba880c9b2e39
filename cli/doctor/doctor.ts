import { fileURLToPath } from 'node:url';
import { type AwsAccess, connect } from '../aws/connect.ts';
import type { ConnectionOptions } from '../aws/connection.ts';
import { findPipeline } from '../aws/find-pipeline.ts';
import type { Pipeline } from '../aws/pipeline.ts';
import { webhookUrlOf } from '../aws/webhook-url.ts';
import { checkBootstrap, checkCredentials } from '../checks/check-account.ts';
import { checkDeployment } from '../checks/check-deployment.ts';
import { checkLeftovers } from '../checks/check-leftovers.ts';
import { checkLocalData } from '../checks/check-local-data.ts';
import { checkTraffic } from '../checks/check-traffic.ts';
import { checkVersions } from '../checks/check-versions.ts';
import { checkWaha } from '../checks/check-waha.ts';
import { attempt, exitStatusOf, type Finding } from '../checks/finding.ts';
import { defaultMaxAgeMs, quickChecks } from '../checks/quick-checks.ts';
import { listenForInterruption } from '../dlq/interruption.ts';
import { printableJson } from '../dlq/printable.ts';
import { readPort } from '../port.ts';
import { isPublished } from '../published.ts';
import { formatFindings } from './format-findings.ts';

interface DoctorOptions extends ConnectionOptions {
  readonly waha?: string;
  readonly apiKey?: string;
  /** Milliseconds. */
  readonly listen?: number;
  readonly context?: readonly string[];
  readonly drift: boolean;
  readonly json?: boolean;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `fanout doctor`: looks at everything around the pipeline and says what needs mending. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const access = connect(options);
  const findings: Finding[] = [];
  const look = async (about: string, work: () => Promise<readonly Finding[]>) => {
    const found = await attempt(about, work);
    // Whoever works on one machine need not have a run at this moment.
    const isIdle = ({ level, what }: Finding) =>
      access.isLocal && level === 'unknown' && /^No local run listens/.test(what);
    findings.push(
      ...found.map((each) => (isIdle(each) ? { ...each, level: 'note' as const } : each)),
    );
  };
  try {
    await look('versions', () => checkVersions(root));
    if (access.isLocal) {
      await look('local run', () =>
        checkLocalData({
          frontDoor: `http://127.0.0.1:${readPort('PORT', 3000)}`,
          data: '.fanout',
        }),
      );
    } else {
      await look('credentials', () => checkCredentials(access));
      await look('bootstrap', () => checkBootstrap(access));
    }
    let pipeline: Pipeline | undefined;
    await look('connection', async () => {
      pipeline = await findPipeline(access);
      return [await connected(access, pipeline)];
    });
    const found = pipeline;
    const door = found && (await webhookUrlOf(access, found.stackName));
    if (found) {
      const drift = options.drift
        ? { root: isPublished ? process.cwd() : root, context: contextOf(options.context) }
        : undefined;
      await look('deployment', () => checkDeployment(access, found.stackName, drift));
      await look('pipeline', () => checkPipeline(access, found));
      await look('leftovers', () => checkLeftovers(access, found));
    }
    const { waha: url, apiKey, listen: durationMs } = options;
    if (url !== undefined) await look('sender', () => checkWaha({ url, apiKey, door }));
    if (durationMs !== undefined && found) {
      const interruption = listenForInterruption();
      const { signal } = interruption;
      await look('traffic', () => checkTraffic(access, found, durationMs, signal));
      interruption.release();
    }
  } finally {
    access.close();
  }
  if (options.json) for (const finding of findings) console.log(printableJson(finding));
  else console.log(formatFindings(findings));
  process.exitCode = exitStatusOf(findings);
}

/** That the stack could be read says that the credentials are good, and where they lead. */
async function connected(access: AwsAccess, { stackName, buses }: Pipeline): Promise<Finding> {
  const arn = buses[0]?.arn.split(':') ?? [];
  const where = access.isLocal ? 'the local run' : `account ${arn[4]}, ${arn[3]}`;
  return { level: 'ok', about: 'connection', what: `The stack ${stackName} in ${where}.` };
}

/** What `status` looks at: what is wrong, or that nothing is. */
async function checkPipeline(access: AwsAccess, pipeline: Pipeline): Promise<readonly Finding[]> {
  const findings = await quickChecks(access, pipeline, { maxAgeMs: defaultMaxAgeMs });
  const wrong = findings.filter(({ level }) => level !== 'ok');
  if (wrong.length > 0) return wrong;
  const what = `It works: all ${findings.length} checks of fanout status are well.`;
  return [{ level: 'ok', about: 'pipeline', what }];
}

/** `stage=prod` as an object. A value without a name is refused by the app's own settings. */
const contextOf = (given: readonly string[] = []) =>
  Object.fromEntries(
    given.map((each) => {
      const at = each.indexOf('=');
      return at < 0 ? [each, ''] : [each.slice(0, at), each.slice(at + 1)];
    }),
  );
