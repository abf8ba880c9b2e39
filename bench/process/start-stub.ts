import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { signingSecret } from '../webhooks/signing-secret.ts';

/** The stub for AWS, running. */
export interface Stub {
  /** For `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  /** How often each operation was called, and each kind of event put, since the last time. */
  takeCounts(): Promise<Readonly<Record<string, number>>>;
  stop(): void;
}

/** Starts the stub in a process of its own, so that its work is in nobody's measurement. */
export async function startStub(): Promise<Stub> {
  const child = fork(fileURLToPath(new URL('stub.ts', import.meta.url)), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { PATH: process.env.PATH, FLOOR_SIGNING_SECRET: signingSecret },
  });
  const [{ endpoint }] = await once(child, 'message');
  return {
    endpoint,
    async takeCounts() {
      child.send({ count: true });
      const [{ counts }] = await once(child, 'message');
      return counts;
    },
    stop: () => child.disconnect(),
  };
}
