import type { LocalRun } from '@event-fanout/local-aws';
import type { OpenConsole } from '../../console/server/open-console.ts';
import type { LocalSource } from '../../console/server/source/local-source.ts';

/** Where the console is, if nobody says otherwise and nothing else is there. */
const usualPort = 4567;

/**
 * Opens the console of a local run. Without a port the usual one is taken, or any when that is in
 * use: a second run must not fail for its console.
 */
export async function openLocalConsole(
  source: LocalSource,
  run: LocalRun,
  port: number | undefined,
): Promise<OpenConsole> {
  // Only a command that runs loads it.
  const { openConsole } = await import('../../console/server/open-console.ts');
  const attached = source.attach(run);
  if (port !== undefined) return openConsole({ source: attached, port });
  return openConsole({ source: attached, port: usualPort }).catch(() =>
    openConsole({ source: attached, port: 0 }),
  );
}
