import { useEffect, useState } from 'preact/hooks';
import type { FailureQueueAnswer, MessagesAnswer } from '../../server/routes/dead-letters.ts';
import { get } from '../model/api.ts';
import { complain, filter, overview, reveal } from '../model/store.ts';
import { age, Untrusted } from '../parts/values.tsx';
import { EditPanel } from './edit-panel.tsx';
import { MessageDetail } from './message-detail.tsx';

const roles = {
  'dead-letters': 'failed deliveries',
  undeliverable: 'events that EventBridge could not deliver',
  unrouted: 'events without a subscriber',
  spill: 'events that the bus refused',
} as const;

/** The failure queues and their messages, to redrive, edit or purge. */
export function DeadLettersView() {
  const [queues, setQueues] = useState<readonly FailureQueueAnswer[]>();
  const [name, setName] = useState<string>();
  const [times, setTimes] = useState(0);
  const reload = () => setTimes(times + 1);
  useEffect(() => {
    void get<readonly FailureQueueAnswer[]>('end-queues').then((found) => {
      setQueues(found);
      setName((present) => present ?? firstOf(found));
    }, complain);
  }, [times]);
  if (!queues) {
    return <p class="opening">Loading the failure queues …</p>;
  }
  return (
    <section class="panel" aria-labelledby="failures-title">
      <h2 id="failures-title">Failure queues</h2>
      <ul class="queues">
        {queues.map(({ name: each, role, consumer, visible, inFlight, oldestAt }) => (
          <li key={each}>
            <button
              type="button"
              class={`row ${visible + inFlight > 0 ? 'full' : ''}`}
              aria-pressed={each === name}
              onClick={() => setName(each)}
            >
              <b>
                <Untrusted text={consumer ?? role} />
              </b>
              <span class="quiet">{roles[role]}</span>
              <span class={visible > 0 ? 'chip bad' : 'chip'}>{visible} waiting</span>
              {inFlight > 0 && <span class="chip">{inFlight} in flight</span>}
              {oldestAt !== undefined && <span class="quiet">oldest {age(oldestAt)}</span>}
            </button>
          </li>
        ))}
      </ul>
      <button type="button" onClick={reload}>
        Refresh
      </button>
      {name !== undefined && (
        <DeadLetterMessages queue={name} times={times} onChange={reload} key={name} />
      )}
    </section>
  );
}

/** The queue that a click in the flow has led to; else the first that has something in it. */
function firstOf(queues: readonly FailureQueueAnswer[]): string | undefined {
  const { target } = filter.value;
  const route = overview.value?.lanes.find((each) => each.target?.name === target);
  return (
    (target && route?.deadLetters) ??
    queues.find(({ visible }) => visible > 0)?.name ??
    queues[0]?.name
  );
}

interface MessagesProps {
  readonly queue: string;
  readonly times: number;
  readonly onChange: () => void;
}

function DeadLetterMessages({ queue, times, onChange }: MessagesProps) {
  const [answer, setAnswer] = useState<MessagesAnswer>();
  const [cause, setCause] = useState<string>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<string>();
  useEffect(() => {
    void get<MessagesAnswer>('messages', { queue, reveal: reveal.value }).then(setAnswer, complain);
  }, [queue, times, reveal.value]);
  if (!answer) {
    return <p>Loading …</p>;
  }
  const messages = answer.messages.filter(({ error }) => cause === undefined || error === cause);
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) {
      next.add(id);
    }
    setChosen(next);
  };
  return (
    <>
      <h3>
        <Untrusted text={queue} />
      </h3>
      {answer.messages.length === 0 && <p class="quiet">The queue is empty.</p>}
      <fieldset class="actions groups">
        <legend>By cause</legend>
        {answer.groups.map(({ name, count, oldest }) => (
          <button
            type="button"
            key={name}
            aria-pressed={cause === name}
            onClick={() => setCause(cause === name ? undefined : name)}
          >
            <b>{count}</b> <Untrusted text={name} max={80} />{' '}
            <span class="quiet">{age(oldest)}</span>
          </button>
        ))}
      </fieldset>
      <EditPanel
        queue={queue}
        chosen={[...chosen]}
        cause={cause}
        total={answer.depth}
        onDone={() => {
          setChosen(new Set());
          onChange();
        }}
      />
      {messages.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        <section class="scroll" tabIndex={0} aria-label="Messages">
          <table>
            <thead>
              <tr>
                <th scope="col">select</th>
                <th scope="col">sent</th>
                <th scope="col">type</th>
                <th scope="col">session</th>
                <th scope="col">chat</th>
                <th scope="col">cause</th>
                <th scope="col">attempts</th>
              </tr>
            </thead>
            <tbody>
              {messages.map(
                ({ messageId, sentAt, type, session, chat, error, errorMessage, attempts }) => (
                  <tr key={messageId}>
                    <td>
                      <input
                        type="checkbox"
                        aria-label={`Select the message ${messageId}`}
                        checked={chosen.has(messageId)}
                        onChange={() => toggle(messageId)}
                      />
                    </td>
                    <td>{sentAt.replace('T', ' ').slice(0, 19)}</td>
                    <td>
                      <button type="button" class="link" onClick={() => setOpen(messageId)}>
                        <Untrusted text={type ?? 'no event'} max={60} />
                      </button>
                    </td>
                    <td>
                      <Untrusted text={session ?? ''} max={40} />
                    </td>
                    <td>
                      <Untrusted text={chat ?? ''} max={40} />
                    </td>
                    <td>
                      <Untrusted
                        text={[error, errorMessage].filter(Boolean).join(': ')}
                        max={160}
                      />
                    </td>
                    <td>{attempts ?? ''}</td>
                  </tr>
                ),
              )}
            </tbody>
          </table>
        </section>
      )}
      {open !== undefined && (
        <MessageDetail
          queue={queue}
          id={open}
          onClose={() => setOpen(undefined)}
          onDone={onChange}
          key={open}
        />
      )}
    </>
  );
}
