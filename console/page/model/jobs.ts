import { signal } from '@preact/signals';
import type { JobStatus } from '../../server/jobs.ts';
import { ConsoleError, get, post } from './api.ts';
import { number } from './format.ts';
import { report, showError } from './store.ts';

/** A redrive, a purge or its undoing. */
export interface Job {
  /** Undefined until the server has started it. */
  readonly status: JobStatus | undefined;
  /** Id of the message whose page has started it, and shows it. */
  readonly message: string | undefined;
}

/** The last job of each queue. They are followed whatever the page shows. */
export const jobs = signal<Readonly<Record<string, Job>>>({});

/** Number of jobs that have ended. The queues and their messages are read again. */
export const ended = signal(0);

/** Whether a job of the queue runs, or is about to: a queue has one job at a time. */
export function isBusy(queue: string): boolean {
  const job = jobs.value[queue];
  return job !== undefined && (job.status === undefined || job.status.state === 'running');
}

/** Requests of the server that start a job. */
export type JobPath = 'redrive' | 'purge' | 'undo-purge';

/**
 * Starts a job, unless one of its queue runs already, and follows it. Resolves when it has ended: with true if it has
 * changed the queue.
 */
export async function startJob(
  queue: string,
  path: JobPath,
  body: object,
  message?: string,
): Promise<boolean> {
  if (isBusy(queue)) {
    return false;
  }
  put(queue, { status: undefined, message });
  try {
    return await follow(await post<JobStatus>(path, { queue, ...body }), message);
  } catch (error) {
    put(queue, undefined);
    showError(error);
    // Another page may have started one: the list of queues names it.
    ended.value += 1;
    return false;
  }
}

/** Follows a job that another page has started, or this one before it was loaded again. */
export function followJob(status: JobStatus): void {
  if (!isBusy(status.queue) && jobs.value[status.queue]?.status?.id !== status.id) {
    void follow(status);
  }
}

/** Shows a job of the queue no more, if it has ended. */
export function forgetEnded(queue: string): void {
  if (!isBusy(queue)) {
    put(queue, undefined);
  }
}

function put(queue: string, job: Job | undefined): void {
  const { [queue]: _, ...others } = jobs.value;
  jobs.value = job ? { ...others, [queue]: job } : others;
}

const everyMs = 300;

async function follow(started: JobStatus, message?: string): Promise<boolean> {
  let status = started;
  put(status.queue, { status, message });
  while (status.state === 'running') {
    await new Promise((done) => setTimeout(done, everyMs));
    status = await readStatus(status);
    put(status.queue, { status, message });
  }
  const isDryRun = (status.result as Result | undefined)?.dryRun === true;
  if (status.state === 'failed') {
    showError(new Error(`${status.title}: ${status.error}`));
  } else if (!isDryRun) {
    report(`${status.title}: ${describeResult(status.result)}`);
  }
  ended.value += isDryRun ? 0 : 1;
  return status.state === 'done' && !isDryRun;
}

/** While the server is away, it is asked again; one that was restarted knows nothing of the job. */
async function readStatus(last: JobStatus): Promise<JobStatus> {
  try {
    return await get<JobStatus>('job', { id: last.id });
  } catch (error) {
    return error instanceof ConsoleError
      ? { ...last, state: 'failed', error: error.message }
      : last;
  }
}

interface Result {
  readonly dryRun?: boolean;
  readonly destinations?: Readonly<Record<string, number>>;
  readonly stayed?: Readonly<Record<string, number>>;
  readonly deleted?: number;
  readonly returned?: number;
  readonly undeleted?: number;
  readonly interrupted?: boolean;
  readonly restored?: number;
  readonly unrestored?: number;
}

/** The result in the words of the command line. */
export function describeResult(result: unknown): string {
  const { dryRun, destinations = {}, stayed = {}, ...counts } = result as Result;
  const { deleted, returned, undeleted, interrupted, restored, unrestored } = counts;
  const verb = dryRun ? 'would go' : 'went';
  const parts = [
    ...Object.entries(destinations).map(([name, count]) => `${number(count)} ${verb} to ${name}`),
    ...Object.entries(stayed).map(([why, count]) => `${number(count)} stay: ${why}`),
    ...(deleted === undefined ? [] : [`${number(deleted)} deleted`]),
    ...(returned ? [`${number(returned)} came back meanwhile`] : []),
    ...(undeleted ? [`${number(undeleted)} could not be deleted, and may go once more`] : []),
    ...(interrupted ? ['stopped before the end'] : []),
    ...(restored === undefined ? [] : [`${number(restored)} are in the queue again`]),
    ...(unrestored ? [`${number(unrestored)} were not taken: undo again`] : []),
  ];
  return parts.length > 0 ? `${parts.join('; ')}.` : 'There was nothing to do.';
}
