import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Where and with how much the local run is measured. */
export interface PipelineEffort {
  readonly consumers: readonly number[];
  readonly webhooks: number;
  readonly connections: number;
}

/** What one run of bench/local-pipeline.ts has measured; times from request to consumer in milliseconds. */
export interface PipelineRun {
  readonly consumers: number;
  readonly mode: 'durable' | 'memory';
  readonly webhooksPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** CPU milliseconds for a webhook, by process. */
  readonly cpuMs: Readonly<Record<'run' | 'ingest' | 'consumers' | 'sender' | 'all', number>>;
  /** Of the run's own process, at the end. */
  readonly memoryMb: number;
}

/**
 * Measures the whole pipeline on this machine with more and more consumers, as fast as answers come,
 * keeping everything on disk and keeping nothing.
 *
 * @param directory where builds are kept between the two modes
 */
export async function measurePipeline(
  { consumers, webhooks, connections }: PipelineEffort,
  directory: string,
): Promise<readonly PipelineRun[]> {
  const runs: PipelineRun[] = [];
  for (const count of consumers) {
    for (const mode of ['durable', 'memory'] as const) {
      const { stdout } = await promisify(execFile)(process.execPath, [
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(new URL('../local-pipeline.ts', import.meta.url)),
        ...['--json', '--rate', '0', '--connections', String(connections)],
        ...['--count', String(webhooks), '--consumers', String(count)],
        ...[
          '--directory',
          join(directory, String(count)),
          ...(mode === 'memory' ? ['--memory'] : []),
        ],
      ]);
      const { memoryMb, webhooksPerSecond, p50, p99, p999, cpuMs } = JSON.parse(stdout);
      runs.push({
        consumers: count,
        mode,
        webhooksPerSecond,
        p50,
        p99,
        p999,
        cpuMs,
        memoryMb: memoryMb.at(-1),
      });
    }
  }
  return runs;
}
