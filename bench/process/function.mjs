/**
 * Runs one function in this process as Lambda's runtime does, with the local run's console, context and
 * loader. Plain JavaScript, so that cold starts strip no types. CPU time is that of all threads.
 *
 * With `COLD_EVENT`: handles this event and sends `{ wallMs, cpuMs, refused }` since the start of the process.
 * Otherwise: answers each message `{ events }` with `{ wallMs, cpuMs, refused }` for one of them. `refused` is
 * the first answer that is not a 202.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import '../../packages/local-aws/src/lambda/runtime/provide-sdk.mjs';
import { buildContext } from '../../packages/local-aws/src/lambda/runtime/build-context.mjs';
import { patchConsole } from '../../packages/local-aws/src/lambda/runtime/console-log.mjs';
import { loadHandler } from '../../packages/local-aws/src/lambda/runtime/load-handler.mjs';

const { COLD_EVENT, LAMBDA_TASK_ROOT, _HANDLER } = process.env;
const coldEvent = COLD_EVENT && JSON.parse(COLD_EVENT);
const invocations = new AsyncLocalStorage();
patchConsole(() => invocations.getStore());
const handler = await loadHandler(LAMBDA_TASK_ROOT, _HANDLER);
let number = 0;

if (coldEvent) {
  const sample = await measure([coldEvent], 0, { user: 0, system: 0 });
  process.send(sample, () => process.exit());
} else {
  process.on('message', async ({ events }) => {
    globalThis.gc({ type: 'minor' });
    process.send(await measure(events, performance.now(), process.cpuUsage()));
  });
  process.on('disconnect', () => process.exit());
  process.send({ ready: true });
}

async function measure(events, startedAt, cpuBefore) {
  let refused;
  try {
    for (const event of events) {
      const result = await invoke(event);
      if (result?.statusCode !== 202) {
        refused ??= result ?? {};
      }
    }
  } catch (error) {
    return { failed: String(error?.stack ?? error) };
  }
  const { user, system } = process.cpuUsage();
  const cpuMs = (user + system - cpuBefore.user - cpuBefore.system) / 1_000;
  const wallMs = performance.now() - startedAt;
  return { wallMs: wallMs / events.length, cpuMs: cpuMs / events.length, refused };
}

function invoke(event) {
  number += 1;
  const id = number.toString(16).padStart(8, '0');
  // X-Ray's default rule samples 5 % of what exceeds one request a second; so is every twentieth here.
  const traceId = `Root=1-69567a80-0000000000000000${id};Parent=00000000${id};Sampled=${number % 20 === 0 ? 1 : 0}`;
  process.env._X_AMZN_TRACE_ID = traceId;
  const context = buildContext({
    requestId: `bench-${id}`,
    functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:bench',
    deadline: Date.now() + 20_000,
    traceId,
  });
  return invocations.run(context.awsRequestId, handler, event, context);
}
