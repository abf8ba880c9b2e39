import { useMemo } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type {
  CauseGroup,
  ListedMessage,
  MessagesAnswer,
} from '../../server/routes/dead-letters.ts';
import { addressOf } from '../model/address.ts';
import { age, counted, number } from '../model/format.ts';
import { goTo } from '../model/router.ts';
import { now } from '../model/store.ts';
import { TextField } from '../parts/text-field.tsx';
import { Time, Untrusted } from '../parts/values.tsx';
import { RedrivePanel, type Selected, type Selection } from './redrive-panel.tsx';
import { Stack } from './waterfall.tsx';

interface MessageListProps {
  readonly queue: string;
  readonly opened: string | undefined;
  readonly answer: MessagesAnswer;
  readonly chosen: ReadonlySet<string>;
  readonly setChosen: (change: (chosen: ReadonlySet<string>) => ReadonlySet<string>) => void;
}

/** The messages of a failure queue by cause, to search, and to redrive or purge some or all of them. */
export function MessageList({ queue, opened, answer, chosen, setChosen }: MessageListProps) {
  const { cause, text = '' } = useLocation().query;
  const messages = useMemo(
    () =>
      answer.messages
        .filter((each) => cause === undefined || each.error === cause)
        .filter((each) => text === '' || haystack(each).includes(text.toLowerCase())),
    [answer, cause, text],
  );
  if (answer.depth === 0 && answer.messages.length === 0) {
    return <p class="quiet">The queue is empty.</p>;
  }
  const shown = messages.map(({ messageId }) => messageId);
  const ids = shown.filter((id) => chosen.has(id));
  // Selected messages that are not listed any more never become “all”.
  const selected: Selected =
    chosen.size > 0
      ? { selection: { ids }, which: `${number(ids.length)} selected` }
      : text !== ''
        ? { selection: { ids: shown }, which: `${number(shown.length)} found` }
        : cause !== undefined
          ? { selection: { error: cause }, which: `${number(shown.length)} of this cause` }
          : { selection: { all: true }, which: `all ${number(answer.depth)}` };
  const choose = (each: readonly string[], isOn: boolean) =>
    setChosen((before) => {
      // Those that have left the queue meanwhile are given up.
      const present = answer.messages.map(({ messageId }) => messageId);
      const next = new Set(present.filter((id) => before.has(id)));
      for (const id of each) {
        if (isOn) {
          next.add(id);
        } else {
          next.delete(id);
        }
      }
      return next;
    });
  const search = (typed: string) =>
    goTo(addressOf.failures(queue, opened, { cause, text: typed }), true);
  return (
    <>
      {answer.depth > answer.messages.length && (
        <p class="quiet">
          The oldest {number(answer.messages.length)} of about {number(answer.depth)} messages are
          listed.
        </p>
      )}
      <ul class="causes" aria-label="Causes">
        {answer.groups.map((group) => {
          const isOpen = group.name === cause;
          const query = { cause: isOpen ? undefined : group.name, text };
          const href = addressOf.failures(queue, undefined, query);
          return <Cause group={group} isOpen={isOpen} href={href} key={group.name} />;
        })}
      </ul>
      <RedrivePanel
        queue={queue}
        {...selected}
        onDone={(selection) => setChosen((before) => without(before, selection))}
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
        {chosen.size > 0 && (
          <button type="button" onClick={() => setChosen(() => new Set())}>
            Clear selection
          </button>
        )}
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
            href={addressOf.failures(queue, message.messageId, { cause, text })}
            isOpen={message.messageId === opened}
            isChosen={chosen.has(message.messageId)}
            onChoose={(isOn) => choose([message.messageId], isOn)}
            key={message.messageId}
          />
        ))}
      </ul>
    </>
  );
}

/** What is selected once a job has ended: also what was selected while it ran. */
function without(chosen: ReadonlySet<string>, selection: Selection): ReadonlySet<string> {
  const gone = new Set('ids' in selection ? selection.ids : []);
  return new Set([...chosen].filter((id) => !gone.has(id)));
}

const haystack = (message: ListedMessage) => Object.values(message).join('\n').toLowerCase();

interface CauseProps {
  readonly group: CauseGroup;
  readonly isOpen: boolean;
  /** Where its messages alone are listed; of an open one, all of them. */
  readonly href: string;
}

function Cause({ group, isOpen, href }: CauseProps) {
  const { name, count, newest, errorMessage, stack } = group;
  return (
    <li class={isOpen ? 'cause open' : 'cause'}>
      <a href={href} aria-current={isOpen ? 'true' : undefined}>
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
  readonly href: string;
  readonly isOpen: boolean;
  readonly isChosen: boolean;
  readonly onChoose: (isOn: boolean) => void;
}

function MessageRow({ message, href, isOpen, isChosen, onChoose }: MessageRowProps) {
  const { messageId, sentAt, type, session, chat, error, errorMessage, attempts } = message;
  return (
    <li class="message-row" aria-current={isOpen ? 'true' : undefined}>
      <input
        type="checkbox"
        aria-label={`Select the message ${messageId}`}
        checked={isChosen}
        onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
      />
      <a data-row href={href}>
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
