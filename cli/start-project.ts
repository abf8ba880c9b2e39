import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalObserver } from '../local/local-observer.ts';
import type { LocalRun } from '../local/local-run.ts';

/** How a command starts this project. */
export interface StartOptions {
  /** Port of the front door; 0 takes any. */
  readonly port: number;
  /** Port of the AWS endpoint; 0 takes any. */
  readonly awsPort: number;
  /** Where accepted events are kept. @default - in memory only */
  readonly dataDirectory?: string;
  readonly observer: LocalObserver;
  /** Is told what takes time. */
  readonly say: (line: string) => void;
}

/** Synthesizes this project into a temporary directory and runs it; closing removes the directory. */
export async function startProject(options: StartOptions): Promise<LocalRun> {
  const [{ synthesize }, { startLocalRun }] = await Promise.all([
    import('../local/synthesize.ts'),
    import('../local/local-run.ts'),
  ]);
  const assembly = mkdtempSync(join(tmpdir(), 'fanout-assembly-'));
  const remove = () => rmSync(assembly, { recursive: true, force: true });
  try {
    options.say('Synthesizing the app …');
    await synthesize(fileURLToPath(new URL('..', import.meta.url)), assembly);
    const run = await startLocalRun({
      assembly,
      frontDoorPort: options.port,
      awsPort: options.awsPort,
      dataDirectory: options.dataDirectory,
      observer: options.observer,
    });
    // Not a copy: what the run tells of itself changes.
    return Object.create(run, {
      close: {
        value: async (settings?: { readonly drainMs?: number }) => {
          await run.close(settings);
          remove();
        },
      },
    }) as LocalRun;
  } catch (error) {
    remove();
    throw error;
  }
}
