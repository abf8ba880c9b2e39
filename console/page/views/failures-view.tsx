import { useEffect, useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type {
  CauseGroup,
  FailureQueueAnswer,
  ListedMessage,
  MessagesAnswer,
} from '../../server/routes/dead-letters.ts';
import { addressOf } from '../model/address.ts';
import { age, counted, number } from '../model/format.ts';
import { held } from '../model/health.ts';
import { goTo } from '../model/router.ts';
import { queues as figures, now } from '../model/store.ts';
import { useAnswer } from '../parts/hooks.ts';
import { TextField } from '../parts/text-field.tsx';
import { Chip, Time, Untrusted } from '../parts/values.tsx';
import { MessagePage } from './message-page.tsx';
import { RedrivePanel, type Selected, UndoPurge } from './redrive-panel.tsx';
import { Stack } from './waterfall.tsx';

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
  const { value: queues, error } = useAnswer<readonly FailureQueueAnswer[]>(
    'end-queues',
    {},
    times,
  );
  const reload = () => setTimes((before) => before + 1);
  const full = (queues ?? []).filter(({ visible, inFlight }) => visible + inFlight > 0);
  full.sort((a, b) => b.visible + b.inFlight - a.visible - a.inFlight);
  const empty = (queues ?? []).filter((each) => !full.includes(each));
  const queue = named ?? full[0]?.name ?? empty.find(({ purged }) => purged)?.name;
  // What comes or goes meanwhile is seen in the figures, which are read anyway.
  const depth = held(figures.value?.[queue ?? '']);
  useEffect(() => {
    if (queues) {
      reload();
    }
  }, [depth]);
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
          times={times}
          purged={queues.find(({ name }) => name === queue)?.purged}
          onChange={reload}
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
  readonly times: number;
  readonly purged: FailureQueueAnswer['purged'];
  readonly onChange: () => void;
}

function QueueMessages({ queue, opened, times, purged, onChange }: QueueMessagesProps) {
  const { cause, text = '' } = useLocation().query;
  const { value: answer, error } = useAnswer<MessagesAnswer>('messages', { queue }, times);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const messages = useMemo(
    () =>
      (answer?.messages ?? [])
        .filter((each) => cause === undefined || each.error === cause)
        .filter((each) => text === '' || haystack(each).includes(text.toLowerCase())),
    [answer, cause, text],
  );
  if (!answer) {
    return <p class="panel">{error ?? 'Loading the messages …'}</p>;
  }
  const shown = messages.map(({ messageId }) => messageId);
  const ids = shown.filter((id) => chosen.has(id));
  const selected: Selected =
    ids.length > 0
      ? { selection: { ids }, which: `${number(ids.length)} selected` }
      : text !== ''
        ? { selection: { ids: shown }, which: `${number(shown.length)} found` }
        : cause !== undefined
          ? { selection: { error: cause }, which: `${number(shown.length)} of this cause` }
          : { selection: { all: true }, which: `all ${number(answer.depth)}` };
  const choose = (each: readonly string[], isOn: boolean) => {
    const next = new Set(chosen);
    for (const id of each) {
      if (isOn) {
        next.add(id);
      } else {
        next.delete(id);
      }
    }
    setChosen(next);
  };
  const search = (typed: string) => {
    const query = new URLSearchParams({ ...(cause && { cause }), ...(typed && { text: typed }) });
    goTo(`${addressOf.failures(queue, opened)}${query.size > 0 ? `?${query}` : ''}`, true);
  };
  return (
    <section class="panel messages-pane" aria-labelledby="queue-title">
      <h3 id="queue-title">
        <Untrusted text={queue} />
      </h3>
      {purged && <UndoPurge queue={queue} purged={purged} onDone={onChange} key={purged.id} />}
      {answer.depth === 0 && answer.messages.length === 0 ? (
        <p class="quiet">The queue is empty.</p>
      ) : (
        <>
          {answer.depth > answer.messages.length && (
            <p class="quiet">
              The oldest {number(answer.messages.length)} of about {number(answer.depth)} messages
              are listed.
            </p>
          )}
          <ul class="causes" aria-label="Causes">
            {answer.groups.map((group) => (
              <Cause group={group} queue={queue} isOpen={group.name === cause} key={group.name} />
            ))}
          </ul>
          <RedrivePanel
            queue={queue}
            {...selected}
            onDone={() => {
              setChosen(new Set());
              onChange();
            }}
          />
          <div class="messages-head">
            <label class="check">
              <input
                type="checkbox"
                checked={ids.length > 0 && ids.length === shown.length}
                onChange={({ currentTarget }) => choose(shown, currentTarget.checked)}
              />
              Select all {number(shown.length)}
            </label>
            <TextField
              class="check search"
              label="Search"
              type="search"
              hint="type, chat, error, id"
              value={text}
              pauseMs={50}
              onChange={search}
            />
          </div>
          <ul class="messages" aria-label="Messages">
            {messages.map((message) => (
              <MessageRow
                message={message}
                queue={queue}
                cause={cause}
                isOpen={message.messageId === opened}
                isChosen={chosen.has(message.messageId)}
                onChoose={(isOn) => choose([message.messageId], isOn)}
                key={message.messageId}
              />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const haystack = (message: ListedMessage) => Object.values(message).join('\n').toLowerCase();

interface CauseProps {
  readonly group: CauseGroup;
  readonly queue: string;
  readonly isOpen: boolean;
}

function Cause({ group, queue, isOpen }: CauseProps) {
  const { name, count, newest, errorMessage, stack } = group;
  return (
    <li class={isOpen ? 'cause open' : 'cause'}>
      <a
        href={addressOf.failures(queue, undefined, isOpen ? undefined : name)}
        aria-current={isOpen ? 'true' : undefined}
      >
        <b>{number(count)}</b> <Untrusted text={name} max={80} />
      </a>{' '}
      <span class="quiet">newest {age(newest, now.value)} ago</span>
      {errorMessage !== undefined && (
        <p class="error-text">
          <Untrusted text={errorMessage} max={400} />
        </p>
      )}
      {stack !== undefined && <Stack text={stack} />}
    </li>
  );
}

interface MessageRowProps {
  readonly message: ListedMessage;
  readonly queue: string;
  readonly cause: string | undefined;
  readonly isOpen: boolean;
  readonly isChosen: boolean;
  readonly onChoose: (isOn: boolean) => void;
}

function MessageRow({ message, queue, cause, isOpen, isChosen, onChoose }: MessageRowProps) {
  const { messageId, sentAt, type, session, chat, error, errorMessage, attempts } = message;
  return (
    <li class="message-row" aria-current={isOpen ? 'true' : undefined}>
      <input
        type="checkbox"
        aria-label={`Select the message ${messageId}`}
        checked={isChosen}
        onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
      />
      <a data-row href={addressOf.failures(queue, messageId, cause)}>
        <Untrusted text={type ?? 'no event'} max={60} />
      </a>
      <Time at={sentAt} />
      <span class="who quiet">
        {session !== undefined && <Untrusted text={session} max={40} />}{' '}
        {chat !== undefined && <Untrusted text={chat} max={40} />}
      </span>
      <span class="cause-text">
        <Untrusted text={[error, errorMessage].filter(Boolean).join(': ')} max={160} />
        {attempts !== undefined && <span class="quiet"> after {counted(attempts, 'attempt')}</span>}
      </span>
    </li>
  );
}
