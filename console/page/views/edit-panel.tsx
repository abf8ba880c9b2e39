import { useEffect, useState } from 'preact/hooks';
import type { JobStatus } from '../../server/dead-letters/jobs.ts';
import { get, post } from '../model/api.ts';
import { complain } from '../model/store.ts';
import { Untrusted } from '../parts/values.tsx';

interface EditPanelProps {
  readonly queue: string;
  readonly chosen: readonly string[];
  readonly cause: string | undefined;
  readonly total: number;
  readonly onDone: () => void;
}

const everyMs = 300;

/** Redrives or purges messages: the selected ones, those of one cause, or all. */
export function EditPanel({ queue, chosen, cause, total, onDone }: EditPanelProps) {
  const [rate, setRate] = useState('50');
  const [reason, setReason] = useState('');
  const [confirm, setConfirm] = useState<string>();
  const [job, setJob] = useState<JobStatus>();
  const isRunning = job?.state === 'running';
  const selection = chosen.length > 0 ? { ids: chosen } : cause ? { error: cause } : { all: true };
  const which =
    chosen.length > 0
      ? `${chosen.length} selected`
      : cause
        ? 'those of this cause'
        : `all ${total}`;

  useEffect(() => {
    if (!isRunning) {
      return;
    }
    const timer = setInterval(() => {
      void get<JobStatus>('job', { id: job.id }).then((status) => {
        setJob(status);
        if (status.state !== 'running') {
          onDone();
        }
      }, complain);
    }, everyMs);
    return () => clearInterval(timer);
  }, [isRunning, job?.id]);

  const start = (path: 'redrive' | 'purge', more: object) =>
    post<JobStatus>(path, { queue, ...selection, reason, ...more }).then(setJob, complain);
  const redrive = (dryRun: boolean) =>
    start('redrive', { dryRun, ...(rate !== '' && { rate: Number(rate) }) });
  return (
    <>
      <div class="actions">
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
        <button type="button" disabled={isRunning} onClick={() => redrive(true)}>
          Dry run: {which}
        </button>
        <button type="button" class="main" disabled={isRunning} onClick={() => redrive(false)}>
          Redrive {which}
        </button>
        <button type="button" class="danger" disabled={isRunning} onClick={() => setConfirm('')}>
          Purge {which} …
        </button>
      </div>
      {confirm !== undefined && (
        <form
          class="actions"
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
  const { title, state, looked, total, result, error, id } = job;
  return (
    <div class="job" role="status">
      <b>{title}</b> <span class={`chip ${state === 'failed' ? 'bad' : 'good'}`}>{state}</span>
      {state === 'running' && (
        <>
          <progress max={Math.max(1, total)} value={looked} aria-label="Progress" /> {looked} of
          about {total}
          <button type="button" onClick={() => post('stop-job', { id }).catch(complain)}>
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
          <Untrusted text={inWords(result)} max={600} />
        </p>
      )}
    </div>
  );
}

/** What came of it, as the command line says it. */
function inWords(result: unknown): string {
  const {
    dryRun,
    destinations = {},
    stayed = {},
    deleted,
    returned,
    undeleted,
    interrupted,
  } = result as {
    readonly dryRun?: boolean;
    readonly destinations?: Readonly<Record<string, number>>;
    readonly stayed?: Readonly<Record<string, number>>;
    readonly deleted?: number;
    readonly returned?: number;
    readonly undeleted?: number;
    readonly interrupted?: boolean;
  };
  const verb = dryRun ? 'would go' : 'went';
  const parts = [
    ...Object.entries(destinations).map(([name, count]) => `${count} ${verb} to ${name}`),
    ...Object.entries(stayed).map(([reason, count]) => `${count} stay: ${reason}`),
    ...(deleted === undefined ? [] : [`${deleted} deleted`]),
    ...(returned ? [`${returned} came back meanwhile`] : []),
    ...(undeleted ? [`${undeleted} could not be deleted, and may go once more`] : []),
    ...(interrupted ? ['stopped before the end'] : []),
  ];
  return parts.length > 0 ? `${parts.join('; ')}.` : 'There was nothing to do.';
}
