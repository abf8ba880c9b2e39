/**
 * Runs one function in a process of its own and measures the CPU time of all its threads. Told by its
 * parent: `{ kind, template, runs }` is answered with `{ cpuUs }` for one run; `{ event }` with the
 * function's `{ result }`; `{ asksForPeak }` with the most that was in memory so far, `{ peakMb }`. Making the events is not measured; each is new, with an id and a signature of its own.
 */

import { invoke } from './lambda-function.mjs';
import { makeEvents } from './make-events.mjs';

let sent = 0;

process.on('message', async ({ kind, template, runs, event: given, asksForPeak }) => {
  try {
    if (asksForPeak) return process.send({ peakMb: process.resourceUsage().maxRSS / 1024 });
    if (given) return process.send({ result: await invoke(given, 'bench-request') });
    const events = Array.from({ length: runs }, () => makeEvents[kind](template, ++sent));
    globalThis.gc({ type: 'minor' });
    const before = process.cpuUsage();
    for (const event of events) check(kind, await invoke(event, 'bench-request'));
    const { user, system } = process.cpuUsage(before);
    process.send({ cpuUs: (user + system) / runs });
  } catch (error) {
    process.send({ failed: String(error?.stack ?? error) });
  }
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });

/** A function that refuses, or fails, does less work: that would not be a measurement. */
function check(kind, result) {
  const done =
    kind === 'webhook' ? result?.statusCode === 202 : result?.batchItemFailures?.length === 0;
  if (!done) throw new Error(`The function answered ${JSON.stringify(result)}`);
}
