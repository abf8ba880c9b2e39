import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { type AwsAccess, type ConnectionOptions, NoLocalRunError } from '../../ops/aws/connect.ts';
import { findPipeline, webhookUrlOf } from '../../ops/aws/find-pipeline.ts';
import type { Pipeline } from '../../ops/aws/pipeline.ts';
import {
  checkBootstrap,
  checkCredentials,
  checkLeftovers,
} from '../../ops/checks/check-account.ts';
import { checkDeployment } from '../../ops/checks/check-deployment.ts';
import { checkLocalData, checkVersions } from '../../ops/checks/check-machine.ts';
import { quickChecks } from '../../ops/checks/check-pipeline.ts';
import { checkTraffic, checkWaha } from '../../ops/checks/check-sender.ts';
import {
  attempt,
  defaultMaxAgeMs,
  exitStatusOf,
  type Finding,
  type Level,
} from '../../ops/checks/finding.ts';
import { readPort } from '../../ops/port.ts';
import { printable, printableJson } from '../../ops/printable.ts';
import { defaultDataFolder } from '../../ops/run-file.ts';
import { readKeyrings } from '../../ops/stored-keyring.ts';
import { projectRoot } from '../local/start-project.ts';
import { isPublished } from '../published.ts';
import { listenForInterruption, orInterrupted } from '../terminal/interruption.ts';
import { showStep } from '../terminal/progress.ts';
import { wrap } from '../terminal/table.ts';
import { openAccess } from '../terminal/with-pipeline.ts';

interface DoctorOptions extends ConnectionOptions {
  readonly waha?: string;
  readonly apiKey?: string;
  /** Milliseconds. */
  readonly listen?: number;
  readonly context?: Readonly<Record<string, string>>;
  readonly drift: boolean;
  readonly json?: boolean;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `fanout doctor`: checks the pipeline and what it depends on, and prints what to fix. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const findings: Finding[] = [];
  const interruption = listenForInterruption();
  const { signal } = interruption;
  const look = async (about: string, work: () => Promise<readonly Finding[]>) => {
    const checked = showStep(`Checking: ${about}`, () => attempt(about, work));
    findings.push(...(await orInterrupted(checked, signal, 'Stopped before all was checked.')));
  };
  const access = openAccessIfRunning(options, findings);
  try {
    await look('versions', () => checkVersions(root, isPublished));
    if (!access || access.isLocal) {
      await look('local run', () =>
        checkLocalData({
          ingress: access?.run?.ingress,
          defaultIngress: `http://127.0.0.1:${readPort('PORT', 8787)}`,
          data: options.data ?? defaultDataFolder,
        }),
      );
    } else {
      await look('credentials', () => checkCredentials(access));
      await look('bootstrap', () => checkBootstrap(access));
    }
    let pipeline: Pipeline | undefined;
    if (access) {
      await look('connection', async () => {
        pipeline = await findPipeline(access);
        return [await connected(access, pipeline)];
      });
    }
    const found = pipeline;
    const ingress = access && found && (await webhookUrlOf(access, found.stackName));
    if (access && found) {
      // The published pipeline cannot differ from itself.
      const drift =
        options.drift && projectRoot !== undefined
          ? { root: projectRoot, context: options.context ?? {}, signal }
          : undefined;
      await look('deployment', () => checkDeployment(access, found.stackName, drift));
      await look('pipeline', () => checkPipeline(access, found));
      await look('leftovers', () => checkLeftovers(access, found));
    }
    const { waha: url, apiKey, listen: durationMs } = options;
    if (url !== undefined) {
      await look('sender', async () =>
        checkWaha({
          url,
          apiKey,
          ingress,
          secrets: found && access && (await signingSecrets(access)),
        }),
      );
    }
    if (durationMs !== undefined && access && found) {
      // Ctrl-C ends the listening only: what was found until then is shown.
      findings.push(
        ...(await showStep('Checking: traffic', () =>
          attempt('traffic', () => checkTraffic(access, found, durationMs, signal)),
        )),
      );
    }
  } finally {
    interruption.release();
    access?.close();
  }
  if (options.json) {
    for (const finding of findings) {
      console.log(printableJson(finding));
    }
  } else {
    console.log(formatFindings(findings));
  }
  process.exitCode = exitStatusOf(findings);
}

/** The active secrets that WAHA may sign with; undefined without the permission to read them. */
async function signingSecrets(access: AwsAccess): Promise<readonly string[] | undefined> {
  const { keyrings } = await readKeyrings(access).catch(() => ({ keyrings: [] }));
  const senders = keyrings.find(({ scheme }) => scheme === 'hmac')?.keyring.senders;
  return (
    senders && Object.values(senders).flatMap(({ secrets }) => secrets.map(({ value }) => value))
  );
}

/** Without options, a local run that is not running is no error. */
function openAccessIfRunning(options: DoctorOptions, findings: Finding[]): AwsAccess | undefined {
  try {
    return openAccess(options);
  } catch (error) {
    if (!(error instanceof NoLocalRunError)) {
      throw error;
    }
    findings.push({ level: 'note', about: 'connection', what: error.message });
    return undefined;
  }
}

/** A stack that could be read proves that the credentials are valid; names the account. */
async function connected(access: AwsAccess, { stackName, buses }: Pipeline): Promise<Finding> {
  const arn = buses[0]?.arn.split(':') ?? [];
  const where = access.isLocal ? 'the local run' : `account ${arn[4]}, ${arn[3]}`;
  return { level: 'ok', about: 'connection', what: `The stack ${stackName} in ${where}.` };
}

/** The checks of `status`: the problems, or one finding that all passed. */
async function checkPipeline(access: AwsAccess, pipeline: Pipeline): Promise<readonly Finding[]> {
  const findings = await quickChecks(access, pipeline, { maxAgeMs: defaultMaxAgeMs });
  const wrong = findings.filter(({ level }) => level !== 'ok');
  if (wrong.length > 0) {
    return wrong;
  }
  const what = `All ${findings.length} checks of fanout status passed.`;
  return [{ level: 'ok', about: 'pipeline', what }];
}

const colour: Readonly<Record<Level, 'green' | 'cyan' | 'yellow' | 'red'>> = {
  ok: 'green',
  note: 'cyan',
  warning: 'yellow',
  error: 'red',
  unknown: 'yellow',
};

/** Formats findings for people: what was found, why it matters, what to do. */
function formatFindings(findings: readonly Finding[]): string {
  const labelOf = ({ about, name }: Finding) =>
    printable(name === undefined ? about : `${about} ${name}`, 60);
  const width = Math.max(...findings.map((finding) => labelOf(finding).length));
  return findings
    .flatMap((finding) => {
      const { level, what, why, todo } = finding;
      const indent = 11 + width;
      const first = `${level.padEnd(7)}  ${labelOf(finding).padEnd(width)}  ${printable(what, 400)}`;
      return [
        wrap(first, indent).replace(level, styleText(colour[level], level)),
        ...[why && `why: ${why}`, todo && `do:  ${todo}`]
          .filter(Boolean)
          .map((line) => wrap(`${' '.repeat(indent)}${line}`, indent + 5)),
      ];
    })
    .join('\n');
}
