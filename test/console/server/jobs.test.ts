import { expect, test } from '@jest/globals';
import { type JobStatus, Jobs } from '../../../console/server/jobs.ts';

const job = (queue: string) => ({ queue, title: `Redrive ${queue}`, total: 1 });

/** Runs until it is stopped. */
const untilStopped = ({ signal }: { readonly signal: AbortSignal }) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));

/** Starts a job that is over once it was waited for. */
async function finish(jobs: Jobs, queue: string): Promise<JobStatus> {
  const started = jobs.start(job(queue), async () => ({}));
  while (jobs.status(started.id)?.state === 'running') {
    await new Promise(setImmediate);
  }
  return started;
}

test('a running job is known, and can be stopped, however many others have ended meanwhile', async () => {
  const jobs = new Jobs();
  const long = jobs.start(job('orders'), untilStopped);
  const ended: JobStatus[] = [];
  for (let count = 0; count < 30; count += 1) {
    ended.push(await finish(jobs, 'calls'));
  }
  expect(jobs.status(long.id)).toMatchObject({ state: 'running', queue: 'orders' });
  expect(jobs.running('orders')?.id).toBe(long.id);
  // Those that have ended are forgotten, the oldest first.
  expect(ended.map(({ id }) => jobs.status(id) !== undefined)).toEqual([
    ...Array.from({ length: 10 }, () => false),
    ...Array.from({ length: 20 }, () => true),
  ]);
  jobs.stop(long.id);
  await jobs.close();
  expect(jobs.status(long.id)?.state).toBe('done');
  expect(jobs.running('orders')).toBeUndefined();
});

test('a queue has one job at a time: a second one is refused, and says which one runs', async () => {
  const jobs = new Jobs();
  const first = jobs.start(job('orders'), untilStopped);
  expect(() => jobs.start(job('orders'), untilStopped)).toThrow(
    expect.objectContaining({
      message: '“Redrive orders” is running. Wait for its end, or stop it.',
      status: 409,
    }),
  );
  jobs.start(job('calls'), untilStopped);
  jobs.stop(first.id);
  while (jobs.running('orders')) {
    await new Promise(setImmediate);
  }
  jobs.start(job('orders'), untilStopped);
  await jobs.close();
});
