import { AsyncLocalStorage } from 'node:async_hooks';
import '../../packages/local-aws/src/lambda/runtime/provide-sdk.mjs';
import { buildContext } from '../../packages/local-aws/src/lambda/runtime/build-context.mjs';
import { patchConsole } from '../../packages/local-aws/src/lambda/runtime/console-log.mjs';
import { loadHandler } from '../../packages/local-aws/src/lambda/runtime/load-handler.mjs';

/**
 * A function in this process as Lambda's runtime has it: console, context and the way its code is
 * loaded are those of the local run. Plain JavaScript, so that cold starts strip no types.
 */
const invocations = new AsyncLocalStorage();
patchConsole(() => invocations.getStore());
const handler = await loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);

/** Runs the handler once. */
export function invoke(event, requestId) {
  process.env._X_AMZN_TRACE_ID = traceIdOf(requestId);
  const context = buildContext({
    requestId,
    functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:bench',
    deadline: Date.now() + 20_000,
    traceId: process.env._X_AMZN_TRACE_ID,
  });
  return invocations.run(requestId, handler, event, context);
}

let number = 0;

/** X-Ray's default rule samples 5 % of what exceeds one request a second; so is every twentieth here. */
function traceIdOf() {
  number += 1;
  const tail = number.toString(16).padStart(8, '0');
  return `Root=1-69567a80-0000000000000000${tail};Parent=00000000${tail};Sampled=${number % 20 === 0 ? 1 : 0}`;
}
