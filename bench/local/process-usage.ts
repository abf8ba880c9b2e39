import { readdirSync, readFileSync } from 'node:fs';

/** What processes have used so far. */
export interface Usage {
  /** Processor time, user and system, in milliseconds. */
  readonly cpuMs: number;
  /** The resident set at present, in MB. */
  readonly memoryMb: number;
}

/** The unit of times in `/proc/<pid>/stat`: USER_HZ, which is 100 on every Linux (proc(5)). */
const TICK_MS = 10;
const PAGE_BYTES = 4096;

/** What a process has used; nothing when it has ended. Needs Linux's `/proc`. */
export function usageOf(pid: number): Usage {
  try {
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ');
    const fields = rest.split(' ');
    return {
      cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
      memoryMb: (Number(fields[21]) * PAGE_BYTES) / 2 ** 20,
    };
  } catch {
    return { cpuMs: 0, memoryMb: 0 };
  }
}

/** The functions' processes that another process has started, with the functions' names. */
export function functionsOf(parent: number): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const [, rest = ''] = readFileSync(`/proc/${name}/stat`, 'latin1').split(') ');
      if (Number(rest.split(' ')[1]) !== parent) continue;
      const environment = readFileSync(`/proc/${name}/environ`, 'latin1');
      const functionName = /(?:^|\0)AWS_LAMBDA_FUNCTION_NAME=([^\0]*)/.exec(environment)?.[1];
      if (functionName) found.set(Number(name), functionName);
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}
