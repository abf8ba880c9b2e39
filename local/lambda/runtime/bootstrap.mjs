/**
 * What runs in each execution environment: loads the function's handler, then asks for one
 * invocation after the other, as the Node.js runtime of Lambda does.
 *
 * Plain JavaScript because it is on the path of every cold start: stripping types would add tens of
 * milliseconds to each.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import './provide-sdk.mjs';
import { buildContext } from './build-context.mjs';
import { patchConsole } from './console-log.mjs';
import { describeError, RuntimeError } from './describe-error.mjs';
import { loadHandler } from './load-handler.mjs';
import { connectToRuntimeApi } from './runtime-connection.mjs';

/** The exit statuses with which Lambda's Node.js runtime ends after each kind of failure. */
const EXIT_UNHANDLED_REJECTION = 128;
const EXIT_UNCAUGHT_EXCEPTION = 129;

const invocations = new AsyncLocalStorage();
/** The invocation that runs now: what escapes from the handler is reported for it. */
let currentRequestId;

const logError = patchConsole(() => invocations.getStore());
const api = await connectToRuntimeApi(process.env.AWS_LAMBDA_RUNTIME_API, connectionFd());

process.on('uncaughtException', (error) =>
  fail('Uncaught Exception', error, EXIT_UNCAUGHT_EXCEPTION),
);
process.on('unhandledRejection', (reason) =>
  fail(
    'Unhandled Promise Rejection',
    new RuntimeError('UnhandledPromiseRejection', String(reason)),
    EXIT_UNHANDLED_REJECTION,
  ),
);

function fail(title, error, exitStatus) {
  logError(title, error);
  const report = JSON.stringify(describeError(error));
  const sent = currentRequestId
    ? api.postError(currentRequestId, report)
    : api.postInitError(report);
  sent.finally(() => process.exit(exitStatus));
}

/** The descriptor of a connection that is open already: cheaper than one through the network. */
function connectionFd() {
  const [fd] = process.argv.splice(2, 1);
  return fd === undefined ? undefined : Number(fd);
}

async function prepare() {
  try {
    return await loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
  } catch (error) {
    fail('Uncaught Exception', error, EXIT_UNCAUGHT_EXCEPTION);
    return new Promise(() => {});
  }
}

const handler = await prepare();
let invocation = await api.next();
for (;;) {
  const { requestId } = invocation;
  currentRequestId = requestId;
  if (invocation.traceId) process.env._X_AMZN_TRACE_ID = invocation.traceId;
  try {
    const result = await invocations.run(requestId, handleInvocation, invocation);
    currentRequestId = undefined;
    invocation = await api.respondAndTakeNext(requestId, result);
  } catch (error) {
    invocations.run(requestId, logError, 'Invoke Error', error);
    currentRequestId = undefined;
    invocation = await api.reportErrorAndTakeNext(requestId, JSON.stringify(describeError(error)));
  }
}

async function handleInvocation(given) {
  const result = await handler(JSON.parse(given.body), buildContext(given));
  return serialize(result);
}

/** A result that is no JSON (a BigInt, a cycle) fails the invocation, not the environment. */
function serialize(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    throw new RuntimeError('JSONStringifyError', 'Unable to stringify response body');
  }
}
