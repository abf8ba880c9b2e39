import { randomUUID } from 'node:crypto';
import { BadRequest } from './http/read-request.ts';

/** The progress of work that takes longer than a request. */
export interface JobStatus {
  readonly id: string;
  /** Name of the failure queue whose messages it moves or deletes. */
  readonly queue: string;
  readonly title: string;
  readonly state: 'running' | 'done' | 'failed';
  /** Number of messages that were examined. */
  readonly examined: number;
  /** Approximate number of messages, as SQS reports it. */
  readonly total: number;
  /** The result of a finished job. */
  readonly result?: unknown;
  readonly error?: string;
}

type Work = (options: {
  readonly signal: AbortSignal;
  readonly onProgress: (examined: number) => void;
}) => Promise<unknown>;

/** What a job is for. */
type JobOptions = Pick<JobStatus, 'queue' | 'title' | 'total'>;

/** Maximum number of finished jobs that are kept. */
const maxOver = 20;

/** Runs redrives and purges in the background, one for each queue at a time, and keeps their progress. */
export class Jobs {
  readonly #jobs = new Map<string, { status: JobStatus; readonly stop: AbortController }>();
  readonly #running = new Set<Promise<void>>();

  /** @throws BadRequest while another job of the queue runs */
  start({ queue, title, total }: JobOptions, work: Work): JobStatus {
    this.requireIdle(queue);
    const id = randomUUID();
    const stop = new AbortController();
    const status: JobStatus = { id, queue, title, state: 'running', examined: 0, total };
    const job = { status, stop };
    const over = [...this.#jobs.values()].filter((each) => each.status.state !== 'running');
    for (const each of over.slice(0, Math.max(0, over.length - maxOver + 1))) {
      this.#jobs.delete(each.status.id);
    }
    this.#jobs.set(id, job);
    const onProgress = (examined: number) => {
      job.status = { ...job.status, examined };
    };
    const running = work({ signal: stop.signal, onProgress })
      .then(
        (result) => {
          job.status = { ...job.status, state: 'done', result };
        },
        (error: unknown) => {
          job.status = { ...job.status, state: 'failed', error: (error as Error).message };
        },
      )
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
    return job.status;
  }

  status(id: string): JobStatus | undefined {
    return this.#jobs.get(id)?.status;
  }

  /** The job of a queue that runs now. */
  running(queue: string): JobStatus | undefined {
    const jobs = [...this.#jobs.values()].map(({ status }) => status);
    return jobs.find((status) => status.queue === queue && status.state === 'running');
  }

  /** @throws BadRequest while a job of the queue runs */
  requireIdle(queue: string): void {
    const job = this.running(queue);
    if (job) {
      throw new BadRequest(`“${job.title}” is running. Wait for its end, or stop it.`, 409);
    }
  }

  /** Stops a job after its current operation. */
  stop(id: string): void {
    this.#jobs.get(id)?.stop.abort();
  }

  /** Stops all jobs, and waits for their current operations. */
  async close(): Promise<void> {
    for (const { stop } of this.#jobs.values()) {
      stop.abort();
    }
    await Promise.all(this.#running);
  }
}
