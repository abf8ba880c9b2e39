import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Purged } from '../../server/purges.ts';
import { post } from '../model/api.ts';
import { age, counted, number } from '../model/format.ts';
import { describeResult, isBusy, type Job, jobs, startJob } from '../model/jobs.ts';
import { now, showError } from '../model/store.ts';
import { Chip, Untrusted } from '../parts/values.tsx';

/** The messages of a redrive or purge. */
export interface Selected {
  readonly selection: Selection;
  /** The selection in words. */
  readonly which: string;
}

/** See {@link Selected}. */
export type Selection =
  | { readonly ids: readonly string[] }
  | { readonly error: string }
  | { readonly all: true };

interface UndoPurgeProps {
  readonly queue: string;
  readonly purged: Purged;
}

/** What was purged last from a queue, and the way back. */
export function UndoPurge({ queue, purged }: UndoPurgeProps) {
  return (
    <div class="job">
      <span>
        {counted(purged.count, 'message was', 'messages were')} purged {age(purged.at, now.value)}{' '}
        ago.
      </span>
      <button
        type="button"
        disabled={isBusy(queue)}
        onClick={() => void startJob(queue, 'undo-purge', { id: purged.id })}
      >
        Undo
      </button>
    </div>
  );
}

interface RedrivePanelProps extends Selected {
  readonly queue: string;
  /** The message on whose page the panel is. */
  readonly message?: string;
  /** Called when messages were redriven or purged. */
  readonly onDone: (selection: Selection) => void;
  readonly children?: ComponentChildren;
}

/** Redrives or purges messages, at a rate, with a dry run before. */
export function RedrivePanel(props: RedrivePanelProps) {
  const { queue, selection, which, message, onDone, children } = props;
  const [rate, setRate] = useState({ text: '50', isNumber: true });
  const [reason, setReason] = useState('');
  // What was selected when the question was opened, whatever is selected meanwhile.
  const [purging, setPurging] = useState<Selected & { readonly typed: string }>();
  const start = async (path: 'redrive' | 'purge', selected: Selection, more: object) => {
    if (await startJob(queue, path, { ...selected, reason, ...more }, message)) {
      onDone(selected);
    }
  };
  const redrive = (dryRun: boolean) =>
    start('redrive', selection, { dryRun, ...(rate.text !== '' && { rate: Number(rate.text) }) });
  const hasNone = 'ids' in selection && selection.ids.length === 0;
  const isOff = isBusy(queue) || hasNone;
  return (
    <>
      <div class="actions redrive">
        <button
          type="button"
          class="dry-run"
          disabled={isOff || !rate.isNumber}
          onClick={() => void redrive(true)}
        >
          Dry run
        </button>
        <button
          type="button"
          class="main"
          disabled={isOff || !rate.isNumber}
          onClick={() => void redrive(false)}
        >
          Redrive {which}
        </button>
        {children}
        <button
          type="button"
          class="danger"
          disabled={isOff}
          onClick={() => setPurging({ selection, which, typed: '' })}
        >
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
              value={rate.text}
              placeholder="no limit"
              onInput={({ currentTarget: { value, validity } }) =>
                // The value of what is not a number is empty, as that of no limit.
                setRate({ text: value, isNumber: !validity.badInput })
              }
            />
          </label>
          <label>
            Reason (audit log)
            <input value={reason} onInput={({ currentTarget }) => setReason(currentTarget.value)} />
          </label>
        </div>
      </details>
      {!rate.isNumber && <p class="error-text">The rate is not a number.</p>}
      {purging && (
        <form
          class="confirm"
          onSubmit={(event) => {
            event.preventDefault();
            setPurging(undefined);
            void start('purge', purging.selection, { confirm: purging.typed });
          }}
        >
          <label>
            This deletes {purging.which}. It can be undone until the console stops. Type {queue} to
            confirm
            <input
              value={purging.typed}
              onInput={({ currentTarget }) =>
                setPurging({ ...purging, typed: currentTarget.value })
              }
            />
          </label>
          <button type="submit" class="danger" disabled={purging.typed !== queue || isBusy(queue)}>
            Purge {purging.which}
          </button>
          <button type="button" onClick={() => setPurging(undefined)}>
            Cancel
          </button>
        </form>
      )}
    </>
  );
}

interface JobOfProps {
  readonly queue: string;
  /** The message that is open. Its page shows the jobs that it has started, and the list shows the others. */
  readonly message: string | undefined;
  readonly isOnMessagePage?: boolean;
}

/** The progress and the result of the last job of a queue. */
export function JobOf({ queue, message, isOnMessagePage = false }: JobOfProps) {
  const job = jobs.value[queue];
  const isOfMessage = job?.message !== undefined && job.message === message;
  return job?.status && isOfMessage === isOnMessagePage ? <JobBox status={job.status} /> : null;
}

function JobBox({ status }: { readonly status: NonNullable<Job['status']> }) {
  const { title, state, examined, total, result, error, id } = status;
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
