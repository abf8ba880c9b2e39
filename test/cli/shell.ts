import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dlqCommand } from '../../cli/dlq.ts';
import { startPipeline } from '../ops/local-pipeline.ts';
import { runCommand } from './run-command.ts';

/** A pipeline that runs, and `fanout dlq` to use on it. */
export async function openShell() {
  const pipeline = await startPipeline();
  const directory = mkdtempSync(join(tmpdir(), 'fanout-dlq-'));
  // In a directory that is not there yet.
  const audit = join(directory, 'made', 'audit.ndjson');
  const dlq = (...words: readonly string[]) =>
    runCommand(dlqCommand(), ...words, '--endpoint', pipeline.run.awsEndpoint);
  return {
    pipeline,
    directory,
    audit,
    dlq,
    /** What a command prints with `--json`. */
    json: async (...words: readonly string[]) =>
      (await dlq(...words, '--json')).lines.flatMap((line) => line.split('\n')).map(parse),
    /** The audit records so far. */
    records: () => readFileSync(audit, 'utf8').trim().split('\n').map(parse),
    /** Whether a queue's messages are visible, in flight or delayed. */
    states: (queue: string) =>
      pipeline.run.services.sqs.peek(pipeline.arn(queue), 1_000).map(({ state }) => state),
    async close() {
      await pipeline.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** See {@link openShell}. */
export type Shell = Awaited<ReturnType<typeof openShell>>;

const parse = (line: string) => JSON.parse(line) as Record<string, unknown>;
