import { useEffect, useState } from 'preact/hooks';
import type { FailureQueueAnswer, MessagesAnswer } from '../../server/routes/dead-letters.ts';
import { addressOf } from '../model/address.ts';
import { age, counted, number } from '../model/format.ts';
import { held } from '../model/health.ts';
import { ended, followJob, forgetEnded, isBusy } from '../model/jobs.ts';
import { goTo } from '../model/router.ts';
import { queues as figures, now, overview } from '../model/store.ts';
import { useAnswer } from '../parts/hooks.ts';
import { Chip, Untrusted } from '../parts/values.tsx';
import { MessageList } from './message-list.tsx';
import { MessagePage } from './message-page.tsx';
import { JobOf, UndoPurge } from './redrive-panel.tsx';

const roles = {
  'dead-letters': 'failed deliveries',
  undeliverable: 'events that EventBridge could not deliver',
  unrouted: 'events without a subscriber',
  spill: 'events that the bus refused',
} as const;

/** The failure queues and their messages, to redrive, edit or purge. */
export function FailuresView({
  queue: named,
  id,
}: {
  readonly queue?: string;
  readonly id?: string;
}) {
  const [times, setTimes] = useState(0);
  const reload = () => setTimes((before) => before + 1);
  // What comes or goes meanwhile is seen in the figures, which are read anyway.
  const depthOf = (name = '') => held(figures.value?.[name]);
  const depths = overview.value?.ends.map(({ name }) => depthOf(name));
  const changes = `${times} ${ended.value}`;
  const { value: queues, error } = useAnswer<readonly FailureQueueAnswer[]>(
    'end-queues',
    {},
    `${changes} ${depths}`,
  );
  useEffect(() => {
    for (const { job } of queues ?? []) {
      if (job) {
        followJob(job);
      }
    }
  }, [queues]);
  const full = (queues ?? []).filter(({ visible, inFlight }) => visible + inFlight > 0);
  full.sort((a, b) => b.visible + b.inFlight - a.visible - a.inFlight);
  const empty = (queues ?? []).filter((each) => !full.includes(each));
  const queue = named ?? full[0]?.name ?? empty.find(({ purged }) => purged)?.name;
  useEffect(() => {
    if (named === undefined && queue !== undefined) {
      // Another queue that gets more messages must not take the place of the one that a person looks at.
      goTo(addressOf.failures(queue), true);
    }
  }, [named, queue]);
  if (!queues) {
    return <p class="panel">{error ?? 'Loading the failure queues …'}</p>;
  }
  const row = (each: FailureQueueAnswer) => (
    <QueueRow queue={each} isOpen={each.name === queue} key={each.name} />
  );
  return (
    <div class={`failures-view ${id === undefined ? '' : 'open'}`}>
      <nav class="panel queues" aria-label="Failure queues">
        <h2>Failure queues</h2>
        {error !== undefined && <p class="error-text">{error}</p>}
        {full.length === 0 && <p>All failure queues are empty.</p>}
        <ul>{full.map(row)}</ul>
        {empty.length > 0 && (
          <details open={empty.some(({ name }) => name === queue)}>
            <summary>{counted(empty.length, 'empty queue')}</summary>
            <ul>{empty.map(row)}</ul>
          </details>
        )}
        <button type="button" onClick={reload}>
          Refresh
        </button>
      </nav>
      {queue !== undefined && (
        <QueueMessages
          queue={queue}
          opened={id}
          version={`${changes} ${depthOf(queue)}`}
          purged={queues.find(({ name }) => name === queue)?.purged}
          key={queue}
        />
      )}
      {queue !== undefined && id !== undefined && (
        <MessagePage queue={queue} id={id} onDone={reload} key={id} />
      )}
    </div>
  );
}

function QueueRow({
  queue,
  isOpen,
}: {
  readonly queue: FailureQueueAnswer;
  readonly isOpen: boolean;
}) {
  const { name, role, consumer, visible, inFlight, oldestAt } = queue;
  // Reading the messages, as this page does, puts them in flight for a moment.
  const count = visible + inFlight;
  return (
    <li>
      <a
        class="row"
        data-row
        href={addressOf.failures(name)}
        aria-current={isOpen ? 'true' : undefined}
      >
        <b>
          <Untrusted text={consumer ?? role} />
        </b>
        <Chip look={count > 0 ? 'bad' : ''}>{number(count)}</Chip>
        <span class="quiet">
          {roles[role]}
          {oldestAt !== undefined && `, oldest ${age(oldestAt, now.value)}`}
        </span>
      </a>
    </li>
  );
}

interface QueueMessagesProps {
  readonly queue: string;
  readonly opened: string | undefined;
  /** Changes when the messages are to be read again. */
  readonly version: string;
  readonly purged: FailureQueueAnswer['purged'];
}

function QueueMessages({ queue, opened, version, purged }: QueueMessagesProps) {
  const { value: answer, error } = useAnswer<MessagesAnswer>('messages', { queue }, version);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => () => forgetEnded(queue), [queue]);
  return (
    <section class="panel messages-pane" aria-labelledby="queue-title">
      <h3 id="queue-title">
        <Untrusted text={queue} />
      </h3>
      {purged && <UndoPurge queue={queue} purged={purged} key={purged.id} />}
      <JobOf queue={queue} message={opened} />
      {error !== undefined && <p class="error-text">{error}</p>}
      {answer ? (
        <MessageList {...{ queue, opened, answer, chosen, setChosen }} />
      ) : (
        error === undefined && (
          <p class="quiet">
            {isBusy(queue)
              ? 'The messages are listed when this has ended.'
              : 'Loading the messages …'}
          </p>
        )
      )}
    </section>
  );
}
