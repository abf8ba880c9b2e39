import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { JobStatus } from '../../server/jobs.ts';
import type { Purged } from '../../server/purges.ts';
import { ConsoleError, get, post } from '../model/api.ts';
import { age, counted, number } from '../model/format.ts';
import { now, report, showError } from '../model/store.ts';
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

/** Starts a job of the server and follows it. `onDone` is called when it has changed a queue. */
function useJob(onDone: () => void) {
  const [job, setJob] = useState<JobStatus>();
  const isRunning = job?.state === 'running';
  useEffect(() => {
    if (!isRunning) {
      return;
    }
    let isStale = false;
    let timer: ReturnType<typeof setTimeout>;
    const poll = async () => {
      // While the server is away, it is asked again; one that was restarted knows nothing of the job.
      const status = await get<JobStatus>('job', { id: job.id }).catch((error: Error) =>
        error instanceof ConsoleError
          ? { ...job, state: 'failed' as const, error: error.message }
          : job,
      );
      if (isStale) {
        return;
      }
      setJob(status);
      const { dryRun } = (status.result ?? {}) as Result;
      if (status.state === 'done' && !dryRun) {
        // The messages may be gone now, and this panel with them.
        report(`${status.title}: ${describeResult(status.result)}`);
      }
      if (status.state === 'failed' || (status.state === 'done' && !dryRun)) {
        onDone();
      }
      timer = setTimeout(poll, everyMs);
    };
    timer = setTimeout(poll, everyMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [isRunning, job?.id]);
  const start = (path: 'redrive' | 'purge' | 'undo-purge', body: object) =>
    post<JobStatus>(path, body).then(setJob, showError);
  return { job, isRunning, start };
}

interface UndoPurgeProps {
  readonly queue: string;
  readonly purged: Purged;
  readonly onDone: () => void;
}

/** What was purged last from a queue, and the way back. */
export function UndoPurge({ queue, purged, onDone }: UndoPurgeProps) {
  const { job, isRunning, start } = useJob(onDone);
  return (
    <div class="job">
      <span>
        {counted(purged.count, 'message was', 'messages were')} purged {age(purged.at, now.value)}{' '}
        ago.
      </span>
      <button
        type="button"
        disabled={isRunning}
        onClick={() => start('undo-purge', { queue, id: purged.id })}
      >
        Undo
      </button>
      {job && <Job job={job} />}
    </div>
  );
}

/** Redrives or purges messages, at a rate, with a dry run before, and shows the progress. */
export function RedrivePanel({ queue, selection, which, onDone, children }: RedrivePanelProps) {
  const [rate, setRate] = useState('50');
  const [reason, setReason] = useState('');
  const [confirm, setConfirm] = useState<string>();
  const { job, isRunning, start: startJob } = useJob(onDone);
  const start = (path: 'redrive' | 'purge', more: object) =>
    startJob(path, { queue, ...selection, reason, ...more });
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
            This deletes {which}. It can be undone until the console stops. Type {queue} to confirm
            <input
              value={confirm}
              onInput={({ currentTarget }) => setConfirm(currentTarget.value)}
            />
          </label>
          <button type="submit" class="danger" disabled={confirm !== queue}>
            Purge {which}
          </button>
          <button type="button" onClick={() => setConfirm(undefined)}>
            Cancel
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
          <progress max={Math.max(1, total)} value={examined} aria-label="Progress" />{' '}
          {number(examined)} of about {number(total)}
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
  readonly restored?: number;
  readonly unrestored?: number;
}

/** The result in the words of the command line. */
function describeResult(result: unknown): string {
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
