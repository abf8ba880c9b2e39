import { type ForkOptions, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Bundle } from '../subjects.ts';

/** The times of one webhook: the average of the given events, or the time from the start of a process. */
export interface Sample {
  readonly wallMs: number;
  /** Of all threads of the process. */
  readonly cpuMs: number;
  /** The first answer that was not a 202. */
  readonly refused?: { readonly statusCode?: number };
}

const script = new URL('function.mjs', import.meta.url);

/** Starts a function as Lambda would. `handle` handles events one after the other. Logs are discarded. */
export async function startFunction(bundle: Bundle, endpoint: string) {
  const env = lambdaEnvironment(bundle, endpoint);
  const { child, answer } = startChild(script, { env, execArgv: ['--expose-gc'] });
  await answer();
  const handle = (events: readonly unknown[]) => answer<Sample>({ events });
  return { handle, stop: () => child.disconnect() };
}

/** A function in a process of its own, which stays warm. */
export type FunctionProcess = Awaited<ReturnType<typeof startFunction>>;

/** Starts a function, lets it handle one event, and waits for its end. */
export async function startCold(bundle: Bundle, endpoint: string, event: object): Promise<Sample> {
  const env = { ...lambdaEnvironment(bundle, endpoint), COLD_EVENT: JSON.stringify(event) };
  const { answer, ended } = startChild(script, { env, execArgv: [] });
  const sample = await answer<Sample>();
  await ended;
  return sample;
}

/** The variables that Lambda sets in a function's process, and where AWS is. */
function lambdaEnvironment({ directory, environment }: Bundle, endpoint: string) {
  return {
    PATH: process.env.PATH ?? '',
    ...{ TZ: ':UTC', LAMBDA_TASK_ROOT: directory, _HANDLER: 'index.handler' },
    ...{ AWS_LAMBDA_FUNCTION_NAME: 'bench', AWS_LAMBDA_FUNCTION_VERSION: '$LATEST' },
    ...{ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512', AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
    ...{ AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'INFO' },
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    ...{ AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: endpoint },
    ...{ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'bench' },
    AWS_SESSION_TOKEN: 'bench-session-token'.repeat(40),
    ...{ AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000', AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR' },
    ...{ POWERTOOLS_SERVICE_NAME: 'bench', POWERTOOLS_METRICS_NAMESPACE: 'bench' },
    ...environment,
  };
}

/** Starts a script in a process of its own. `answer` waits for its next message. */
export function startChild(script: URL, options: ForkOptions = {}) {
  const child = fork(script, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...options,
  });
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr = (stderr + chunk).slice(-4_000);
  });
  const ended = once(child, 'close').then(() => [{ failed: `The process ended.\n${stderr}` }]);
  /** @throws when the message is `{ failed }`, or when the process ends, with what it wrote to stderr */
  const answer = async <Answer>(message?: object): Promise<Answer> => {
    const next = Promise.race([once(child, 'message'), ended]);
    if (message) {
      child.send(message);
    }
    const [received] = await next;
    if (received.failed) {
      throw new Error(received.failed);
    }
    return received;
  };
  return { child, answer, ended };
}
