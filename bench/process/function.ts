import { fork } from 'node:child_process';
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

/** Starts a function that stays warm. `handle` handles events one after the other. */
export async function startFunction(bundle: Bundle, endpoint: string) {
  const { child, answer } = startProcess(bundle, endpoint);
  await answer();
  const handle = (events: readonly unknown[]): Promise<Sample> => {
    child.send({ events });
    return answer();
  };
  return { handle, stop: () => child.disconnect() };
}

/** A function in a process of its own, which stays warm. */
export type FunctionProcess = Awaited<ReturnType<typeof startFunction>>;

/** Starts a function, lets it handle one event, and waits for its end. */
export async function startCold(bundle: Bundle, endpoint: string, event: object): Promise<Sample> {
  const { answer, ended } = startProcess(bundle, endpoint, JSON.stringify(event));
  const sample = await answer();
  await ended;
  return sample;
}

/** Starts a function as Lambda would; its logs are discarded. `answer` waits for its next message. */
function startProcess({ directory, environment }: Bundle, endpoint: string, coldEvent?: string) {
  const child = fork(new URL('function.mjs', import.meta.url), {
    execArgv: coldEvent ? [] : ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH,
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
      ...(coldEvent && { COLD_EVENT: coldEvent }),
    },
  });
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr = (stderr + chunk).slice(-4_000);
  });
  const ended = once(child, 'close').then(() => [{ failed: `The process ended.\n${stderr}` }]);
  /** @throws when the message is `{ failed }`, or when the process ends, with what it wrote to stderr */
  const answer = async (): Promise<Sample> => {
    const [received] = await Promise.race([once(child, 'message'), ended]);
    if (received.failed) {
      throw new Error(received.failed);
    }
    return received;
  };
  return { child, answer, ended };
}
