import { setTimeout as sleep } from 'node:timers/promises';
import { type AwsAccess, connect } from '../../ops/aws/connect.ts';
import { explainError } from '../../ops/aws/explain-error.ts';
import { findPipeline } from '../../ops/aws/find-pipeline.ts';
import { quickChecks } from '../../ops/checks/check-pipeline.ts';
import { exitStatusOf } from '../../ops/checks/finding.ts';
import { printableJson } from '../../ops/printable.ts';
import type { ConnectionOptions } from '../terminal/connection-options.ts';
import { interruptedStatus, listenForInterruption } from '../terminal/interruption.ts';
import { formatStatus, statusOf } from './format-status.ts';

interface StatusOptions extends ConnectionOptions {
  /** Milliseconds. */
  readonly maxAge: number;
  readonly url?: string;
  /** Milliseconds; true for the usual pause. */
  readonly watch?: number | true;
  readonly json?: boolean;
}

/** The pause between two looks with `--watch`. */
const usualPauseMs = 5_000;

const clearScreen = '\u001b[2J\u001b[H';

/** `fanout status`: looks at everything, says what is wrong, and ends accordingly. */
export async function status(options: StatusOptions): Promise<void> {
  const access = connect(options);
  try {
    if (options.watch === undefined) await look(access, options);
    else await watch(access, options, options.watch === true ? usualPauseMs : options.watch);
  } finally {
    access.close();
  }
}

async function watch(access: AwsAccess, options: StatusOptions, pauseMs: number): Promise<void> {
  const interruption = listenForInterruption();
  try {
    while (!interruption.signal.aborted) {
      await look(access, options, process.stdout.isTTY ? clearScreen : '');
      await sleep(pauseMs, undefined, { signal: interruption.signal }).catch(() => {});
    }
    process.exitCode = interruptedStatus;
  } finally {
    interruption.release();
  }
}

async function look(access: AwsAccess, options: StatusOptions, before = ''): Promise<void> {
  const settings = { maxAgeMs: options.maxAge, url: options.url };
  try {
    const pipeline = await findPipeline(access);
    const findings = await quickChecks(access, pipeline, settings);
    const found = statusOf(pipeline.stackName, findings);
    const at = new Date().toISOString();
    console.log(options.json ? printableJson({ at, ...found }) : `${before}${formatStatus(found)}`);
    process.exitCode = exitStatusOf(findings);
  } catch (error) {
    // Whoever asks by machine must be able to tell "it is broken" from "I could not ask".
    const { message } = explainError(error);
    if (options.json)
      console.log(printableJson({ verdict: 'unknown', error: message, checks: [] }));
    else console.error(`fanout: ${message}`);
    process.exitCode = exitStatusOf([{ level: 'unknown' }]);
  }
}
