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

/** Starts a function, lets it handle one event, and waits for its end. */
export async function startCold(bundle: Bundle, endpoint: string, event: object): Promise<Sample> {
  const { handle, stop } = startFunction(bundle, endpoint, []);
  const sample = await handle([event], true);
  await stop();
  return sample;
}

/** A function in a process of its own, which stays warm. */
export type FunctionProcess = ReturnType<typeof startFunction>;

/** Starts a function as Lambda would; its logs are discarded. */
export function startFunction(
  { directory, environment }: Bundle,
  endpoint: string,
  execArgv = ['--expose-gc'],
) {
  const child = fork(new URL('function.mjs', import.meta.url), {
    execArgv,
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
    },
  });
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr = (stderr + chunk).slice(-4_000);
  });
  const ended = once(child, 'close').then(() => [{ failed: `The process ended.\n${stderr}` }]);
  /** Handles events one after the other. @throws when one fails, or the process ends: with its stderr */
  const handle = async (events: readonly object[], isCold = false): Promise<Sample> => {
    child.send({ events, isCold });
    const [answer] = await Promise.race([once(child, 'message'), ended]);
    if (answer.failed) {
      throw new Error(answer.failed);
    }
    return answer;
  };
  const stop = async () => {
    child.kill();
    await ended;
  };
  return { handle, stop };
}
