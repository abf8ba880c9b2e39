/**
 * A cold start: from the start of this process to a function's first answer. Argument: a file with the
 * event. Tells its parent when (milliseconds since the process began) and after how much CPU time the
 * function was loaded and had answered, and which of Node's own modules were loaded then.
 */
import { readFileSync } from 'node:fs';

const event = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { invoke } = await import('./lambda-function.mjs');
const loadedMs = performance.now();
const result = await invoke(event, 'bench-request');
const answeredMs = performance.now();
const { user, system } = process.cpuUsage();
const told =
  result?.statusCode === 202
    ? {
        loadedMs,
        answeredMs,
        cpuMs: (user + system) / 1000,
        nodeModules: process.moduleLoadList.length,
      }
    : { failed: `The function answered ${JSON.stringify(result)}` };
process.send(told, () => process.exit());
