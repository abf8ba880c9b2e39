import { randomUUID } from 'node:crypto';

/** The progress of work that takes longer than a request. */
export interface JobStatus {
  readonly id: string;
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

/** Maximum number of finished jobs that are kept. */
const maxOver = 20;

/** Runs redrives and purges in the background, and keeps their progress. */
export class Jobs {
  readonly #jobs = new Map<string, { status: JobStatus; readonly stop: AbortController }>();
  readonly #running = new Set<Promise<void>>();

  start(title: string, total: number, work: Work): JobStatus {
    const id = randomUUID();
    const stop = new AbortController();
    const job = { status: { id, title, state: 'running', examined: 0, total } as JobStatus, stop };
    this.#jobs.set(id, job);
    const [oldest] = this.#jobs.keys();
    if (this.#jobs.size > maxOver && oldest !== undefined) {
      this.#jobs.delete(oldest);
    }
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
