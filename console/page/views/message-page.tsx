import { useEffect, useRef, useState } from 'preact/hooks';
import type { MessageAnswer } from '../../server/routes/dead-letters.ts';
import type { SentCopyAnswer } from '../../server/routes/send-copy.ts';
import { addressOf } from '../model/address.ts';
import { post } from '../model/api.ts';
import { isBusy } from '../model/jobs.ts';
import { goTo } from '../model/router.ts';
import { report, showError } from '../model/store.ts';
import { CodeEditor } from '../parts/code-editor.tsx';
import { useAnswer } from '../parts/hooks.ts';
import { Chip, Facts, Json, Time, Untrusted } from '../parts/values.tsx';
import { JobOf, RedrivePanel } from './redrive-panel.tsx';
import { Stack } from './waterfall.tsx';

interface MessagePageProps {
  readonly queue: string;
  readonly id: string;
  readonly onDone: () => void;
}

/** One dead-letter message. An edited copy of it can be sent to the queue or bus that it came from. */
export function MessagePage({ queue, id, onDone }: MessagePageProps) {
  const { value: message, error } = useAnswer<MessageAnswer>('message', { queue, id });
  const [copy, setCopy] = useState<string>();
  const [removes, setRemoves] = useState(true);
  const [isSending, setSending] = useState(false);
  const sending = useRef(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  /** The list stays as it was: its cause and its search are in the address. */
  const close = () =>
    goTo(
      addressOf.failures(
        queue,
        undefined,
        Object.fromEntries(new URLSearchParams(location.search)),
      ),
    );
  /** Closes the page after an action, unless it was left meanwhile. */
  const closeIfOpen = () => heading.current && close();
  const send = async () => {
    // A second click may come before the button is disabled.
    if (sending.current) {
      return;
    }
    sending.current = true;
    setSending(true);
    try {
      const sent = await post<SentCopyAnswer>('send-copy', {
        ...{ queue, id, body: copy, remove: removes },
      });
      report(
        `The copy was sent to ${sent.to}${sent.removed ? ', and the message is deleted' : ''}.`,
      );
      closeIfOpen();
      onDone();
    } catch (failure) {
      showError(failure);
    }
    sending.current = false;
    setSending(false);
  };
  const { body, stack } = message ?? {};
  return (
    <section class="detail" aria-label="Dead-letter message">
      <header>
        <h2 tabIndex={-1} ref={heading}>
          <Untrusted text={message?.description.type ?? 'Message'} max={80} />
        </h2>
        {message && <Chip look="bad">{message.description.error}</Chip>}
        {message && <Time at={message.description.sentAt} />}
        <button type="button" class="close" data-close onClick={close}>
          Close
        </button>
      </header>
      <JobOf queue={queue} message={id} isOnMessagePage />
      {error !== undefined && <p class="error-text">{error}</p>}
      {!message && error === undefined && <p class="quiet">Loading …</p>}
      {message && copy === undefined && (
        <>
          <RedrivePanel
            queue={queue}
            selection={{ ids: [id] }}
            which="this message"
            message={id}
            onDone={closeIfOpen}
          >
            {body !== undefined && (
              <button type="button" disabled={isBusy(queue)} onClick={() => setCopy(pretty(body))}>
                Edit a copy
              </button>
            )}
          </RedrivePanel>
          {message.description.eventId !== undefined && (
            <p>
              <a href={addressOf.events({}, message.description.eventId)}>
                The event, and what happened to it
              </a>
            </p>
          )}
          {stack !== undefined && <Stack text={stack} />}
          <Description message={message} />
        </>
      )}
      {copy !== undefined && (
        <>
          <CodeEditor label="The copy" value={copy} onChange={setCopy} />
          <div class="actions">
            <label class="check">
              <input
                type="checkbox"
                checked={removes}
                onChange={({ currentTarget }) => setRemoves(currentTarget.checked)}
              />
              delete the message when the copy is delivered
            </label>
            <button type="button" class="main" disabled={isSending || isBusy(queue)} onClick={send}>
              Send the copy
            </button>
            <button type="button" onClick={() => setCopy(undefined)}>
              Discard
            </button>
          </div>
        </>
      )}
    </section>
  );
}

function Description({ message: { description } }: { readonly message: MessageAnswer }) {
  const { envelope, eventId: _, messageId, ...facts } = description;
  return (
    <>
      <Facts value={{ 'SQS message id': messageId, ...facts }} />
      <h3>Message</h3>
      <Json value={envelope} label="Message" />
    </>
  );
}

/** Numbers of 16 digits and more would lose some in a parser: such a message is edited unformatted. */
function pretty(body: string): string {
  try {
    return /[:[,]\s*-?\d{16,}/.test(body) ? body : JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
