/**
 * Runs one function in this process as Lambda's runtime does, with the local run's console, context and
 * loader. Plain JavaScript, so that cold starts strip no types.
 *
 * Answers each message `{ events, isCold }` with `{ wallMs, cpuMs, refused }` for one of them; a cold one counts
 * from the start of the process. CPU time is that of all threads. `refused` is the first answer that is not a 202.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import '../../packages/local-aws/src/lambda/runtime/provide-sdk.mjs';
import { buildContext } from '../../packages/local-aws/src/lambda/runtime/build-context.mjs';
import { patchConsole } from '../../packages/local-aws/src/lambda/runtime/console-log.mjs';
import { loadHandler } from '../../packages/local-aws/src/lambda/runtime/load-handler.mjs';

const invocations = new AsyncLocalStorage();
patchConsole(() => invocations.getStore());
const handler = await loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
let number = 0;

process.on('message', async ({ events, isCold }) => {
  globalThis.gc?.({ type: 'minor' });
  const startedAt = isCold ? 0 : performance.now();
  const cpuBefore = isCold ? { user: 0, system: 0 } : process.cpuUsage();
  try {
    let refused;
    for (const event of events) {
      const answer = (await invoke(event)) ?? {};
      refused ??= answer.statusCode === 202 ? undefined : answer;
    }
    const { user, system } = process.cpuUsage();
    const wallMs = (performance.now() - startedAt) / events.length;
    const cpuMs = (user + system - cpuBefore.user - cpuBefore.system) / 1_000 / events.length;
    process.send({ wallMs, cpuMs, refused });
  } catch (error) {
    process.send({ failed: String(error?.stack ?? error) });
  }
});
process.on('disconnect', () => process.exit());

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
