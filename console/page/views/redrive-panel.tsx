import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { JobStatus } from '../../server/jobs.ts';
import { get, post } from '../model/api.ts';
import { report, showError } from '../model/store.ts';
import { Chip, Untrusted } from '../parts/values.tsx';

/** The messages of a redrive or purge. */
export interface Selected {
  readonly selection:
    | { readonly ids: readonly string[] }
    | { readonly error: string }
    | { readonly all: true };
  /** The selection in words. */
  readonly which: string;
}

interface RedrivePanelProps extends Selected {
  readonly queue: string;
  readonly onDone: () => void;
  readonly children?: ComponentChildren;
}

const everyMs = 300;

/** Redrives or purges messages at a rate, after a dry run if wanted, and shows the progress. */
export function RedrivePanel({ queue, selection, which, onDone, children }: RedrivePanelProps) {
  const [rate, setRate] = useState('50');
  const [reason, setReason] = useState('');
  const [confirm, setConfirm] = useState<string>();
  const [job, setJob] = useState<JobStatus>();
  const isRunning = job?.state === 'running';

  useEffect(() => {
    if (!isRunning) {
      return;
    }
    const timer = setInterval(() => {
      void get<JobStatus>('job', { id: job.id }).then((status) => {
        setJob(status);
        const { dryRun } = (status.result ?? {}) as Result;
        if (status.state === 'done' && !dryRun) {
          // This panel may be closed now, if all its messages are gone.
          report(`${status.title}: ${describeResult(status.result)}`);
          onDone();
        }
      }, showError);
    }, everyMs);
    return () => clearInterval(timer);
  }, [isRunning, job?.id]);

  const start = (path: 'redrive' | 'purge', more: object) =>
    post<JobStatus>(path, { queue, ...selection, reason, ...more }).then(setJob, showError);
  const redrive = (dryRun: boolean) =>
    start('redrive', { dryRun, ...(rate !== '' && { rate: Number(rate) }) });
  return (
    <>
      <div class="actions">
        <button type="button" class="main" disabled={isRunning} onClick={() => redrive(false)}>
          Redrive {which}
        </button>
        <button type="button" disabled={isRunning} onClick={() => redrive(true)}>
          Dry run
        </button>
        {children}
        <button type="button" class="danger" disabled={isRunning} onClick={() => setConfirm('')}>
          Purge {which} …
        </button>
      </div>
      <details class="options">
        <summary>Rate and reason</summary>
        <div class="fields">
          <label>
            Rate (messages per second)
            <input
              type="number"
              min="1"
              max="1000"
              value={rate}
              placeholder="no limit"
              onInput={({ currentTarget }) => setRate(currentTarget.value)}
            />
          </label>
          <label>
            Reason (audit log)
            <input value={reason} onInput={({ currentTarget }) => setReason(currentTarget.value)} />
          </label>
        </div>
      </details>
      {confirm !== undefined && (
        <form
          class="confirm"
          onSubmit={(event) => {
            event.preventDefault();
            void start('purge', { confirm });
            setConfirm(undefined);
          }}
        >
          <label>
            This deletes {which} permanently. Type {queue} to confirm
            <input
              value={confirm}
              onInput={({ currentTarget }) => setConfirm(currentTarget.value)}
            />
          </label>
          <button type="submit" class="danger" disabled={confirm !== queue}>
            Delete permanently
          </button>
          <button type="button" onClick={() => setConfirm(undefined)}>
            Keep them
          </button>
        </form>
      )}
      {job && <Job job={job} />}
    </>
  );
}

function Job({ job }: { readonly job: JobStatus }) {
  const { title, state, examined, total, result, error, id } = job;
  return (
    <div class="job">
      {/* Read out when it begins and ends; the progress is not. */}
      <span role="status">
        <b>{title}</b> <Chip look={state === 'failed' ? 'bad' : 'good'}>{state}</Chip>
      </span>
      {state === 'running' && (
        <>
          <progress max={Math.max(1, total)} value={examined} aria-label="Progress" /> {examined} of
          about {total}
          <button type="button" onClick={() => post('stop-job', { id }).catch(showError)}>
            Stop
          </button>
        </>
      )}
      {error !== undefined && (
        <p class="error-text">
          <Untrusted text={error} max={400} />
        </p>
      )}
      {result !== undefined && (
        <p>
          <Untrusted text={describeResult(result)} max={600} />
        </p>
      )}
    </div>
  );
}

interface Result {
  readonly dryRun?: boolean;
  readonly destinations?: Readonly<Record<string, number>>;
  readonly stayed?: Readonly<Record<string, number>>;
  readonly deleted?: number;
  readonly returned?: number;
  readonly undeleted?: number;
  readonly interrupted?: boolean;
}

/** The result in the words of the command line. */
function describeResult(result: unknown): string {
  const { dryRun, destinations = {}, stayed = {}, ...counts } = result as Result;
  const { deleted, returned, undeleted, interrupted } = counts;
  const verb = dryRun ? 'would go' : 'went';
  const parts = [
    ...Object.entries(destinations).map(([name, count]) => `${count} ${verb} to ${name}`),
    ...Object.entries(stayed).map(([why, count]) => `${count} stay: ${why}`),
    ...(deleted === undefined ? [] : [`${deleted} deleted`]),
    ...(returned ? [`${returned} came back meanwhile`] : []),
    ...(undeleted ? [`${undeleted} could not be deleted, and may go once more`] : []),
    ...(interrupted ? ['stopped before the end'] : []),
  ];
  return parts.length > 0 ? `${parts.join('; ')}.` : 'There was nothing to do.';
}
