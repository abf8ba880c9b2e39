/**
 * The program of each execution environment: loads the function's handler, then requests one
 * invocation after another, as the Node.js runtime of Lambda does.
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
import { openRuntimeChannel } from './runtime-channel.mjs';
import { connectToRuntimeApi } from './runtime-connection.mjs';

/** The exit statuses with which Lambda's Node.js runtime ends after each kind of failure. */
const exitUnhandledRejection = 128;
const exitUncaughtException = 129;

const invocations = new AsyncLocalStorage();
/** The running invocation: uncaught errors are reported for it. */
let currentRequestId;
let isInitialized = false;
/** Whether the process is ending, so that it must not receive another invocation. */
let isFailing = false;

const logError = patchConsole(() => invocations.getStore());
const fd = channelFd();
const api =
  fd === undefined
    ? await connectToRuntimeApi(process.env.AWS_LAMBDA_RUNTIME_API)
    : openRuntimeChannel(fd);

process.on('uncaughtException', (error) =>
  fail('Uncaught Exception', error, exitUncaughtException),
);
process.on('unhandledRejection', (reason) =>
  fail(
    'Unhandled Promise Rejection',
    new RuntimeError('UnhandledPromiseRejection', asText(reason)),
    exitUnhandledRejection,
  ),
);

function fail(title, error, exitStatus) {
  isFailing = true;
  logError(title, error);
  reportFailure(JSON.stringify(describeError(error))).finally(() => process.exit(exitStatus));
}

/** A promise may be rejected with any value, even one that cannot be converted to text. */
function asText(reason) {
  try {
    return String(reason);
  } catch {
    return typeof reason;
  }
}

/** Reports an error to the caller of the running invocation, or as the error of the init phase. */
async function reportFailure(report) {
  if (currentRequestId) {
    await api.postError(currentRequestId, report);
  } else if (!isInitialized) {
    await api.postInitError(report);
  }
}

/** The descriptor of the channel that the process was started with. */
function channelFd() {
  const [fd] = process.argv.splice(2, 1);
  return fd === undefined ? undefined : Number(fd);
}

async function prepare() {
  try {
    return await loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
  } catch (error) {
    fail('Uncaught Exception', error, exitUncaughtException);
    return new Promise(() => {});
  }
}

const handler = await prepare();
isInitialized = true;
let invocation = await api.next();
while (!isFailing) {
  const { requestId } = invocation;
  currentRequestId = requestId;
  if (invocation.traceId) {
    process.env._X_AMZN_TRACE_ID = invocation.traceId;
  }
  const outcome = await invocations.run(requestId, runHandler, invocation);
  if (isFailing) {
    break;
  }
  currentRequestId = undefined;
  invocation = outcome.error
    ? await api.reportErrorAndTakeNext(requestId, outcome.error)
    : await api.respondAndTakeNext(requestId, outcome.result);
}

async function runHandler(received) {
  try {
    return { result: await handleInvocation(received) };
  } catch (error) {
    if (!isFailing) {
      logError('Invoke Error', error);
    }
    return { error: JSON.stringify(describeError(error)) };
  }
}

async function handleInvocation(received) {
  const result = await handler(JSON.parse(received.body), buildContext(received));
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
