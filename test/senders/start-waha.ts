import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./waha.ts', import.meta.url));

/** One attempt of the stand-in to post a webhook. */
export interface WahaAttempt {
  readonly event: string;
  readonly requestId: string;
  readonly body: string;
  readonly status: number | string;
}

/** Starts the stand-in of WAHA (waha.ts) as a process, on another loopback address than the endpoint's. */
export async function startWaha(apiKey = 'the-api-key') {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, '127.0.0.2', apiKey],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return response.json();
  };
  return {
    url,
    apiKey,
    call,
    attempts: async () => (await call('GET', '/stand-in/attempts')) as readonly WahaAttempt[],
    async close() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
