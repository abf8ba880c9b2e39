import { fileURLToPath } from 'node:url';
import { type AwsAccess, connect } from '../aws/connect.ts';
import type { ConnectionOptions } from '../aws/connection.ts';
import { explainError } from '../aws/explain-error.ts';
import { findPipeline } from '../aws/find-pipeline.ts';
import type { Pipeline } from '../aws/pipeline.ts';
import { webhookUrlOf } from '../aws/webhook-url.ts';
import { listenForInterruption } from '../dlq/interruption.ts';
import { printableJson } from '../dlq/printable.ts';
import { readPort } from '../port.ts';
import { checkBootstrap } from './check-bootstrap.ts';
import { checkCredentials } from './check-credentials.ts';
import { checkDeployment } from './check-deployment.ts';
import { checkLeftovers } from './check-leftovers.ts';
import { checkLocalData } from './check-local-data.ts';
import { checkTraffic } from './check-traffic.ts';
import { checkVersions } from './check-versions.ts';
import { checkWaha } from './check-waha.ts';
import { exitStatusOf, type Finding } from './finding.ts';
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
    try {
      findings.push(...(await work()));
    } catch (error) {
      const what = explainError(error).message;
      // Whoever works on one machine need not have a run at this moment.
      const isIdle = access.isLocal && /^No local run listens/.test(what);
      findings.push({ level: isIdle ? 'note' : 'unknown', about, what });
    }
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
      const drift = options.drift ? { root, context: contextOf(options.context) } : undefined;
      await look('deployment', () => checkDeployment(access, found.stackName, drift));
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

/** `stage=prod` as an object. A value without a name is refused by the app's own settings. */
const contextOf = (given: readonly string[] = []) =>
  Object.fromEntries(
    given.map((each) => {
      const at = each.indexOf('=');
      return at < 0 ? [each, ''] : [each.slice(0, at), each.slice(at + 1)];
    }),
  );
