import { useEffect, useRef, useState } from 'preact/hooks';
import type { MessageAnswer } from '../../server/routes/dead-letters.ts';
import { get, post } from '../model/api.ts';
import { complain, report, reveal } from '../model/store.ts';
import { JsonView } from '../parts/values.tsx';

interface MessageDetailProps {
  readonly queue: string;
  readonly id: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** One dead-letter message. An edited copy of it can be sent to the queue or bus that it came from. */
export function MessageDetail({ queue, id, onClose, onDone }: MessageDetailProps) {
  const [message, setMessage] = useState<MessageAnswer>();
  const [copy, setCopy] = useState<string>();
  const [removes, setRemoves] = useState(true);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    void get<MessageAnswer>('message', { queue, id, reveal: reveal.value }).then(
      setMessage,
      complain,
    );
  }, [queue, id, reveal.value]);
  useEffect(() => heading.current?.focus(), [message]);
  if (!message) {
    return null;
  }
  const { body } = message;
  const send = async () => {
    try {
      const sent = await post<{ readonly to: string; readonly removed: boolean }>('send-copy', {
        ...{ queue, id, body: copy, remove: removes },
      });
      report(
        `The copy was sent to ${sent.to}${sent.removed ? ', and the message is deleted' : ''}.`,
      );
      onClose();
      onDone();
    } catch (error) {
      complain(error);
    }
  };
  return (
    <section class="panel" aria-label="Dead-letter message">
      <div class="actions">
        <h3 tabIndex={-1} ref={heading}>
          Message {id}
        </h3>
        <button type="button" onClick={onClose}>
          Close
        </button>
        {body !== undefined && copy === undefined && (
          <button type="button" onClick={() => setCopy(pretty(body))}>
            Edit a copy
          </button>
        )}
      </div>
      {copy === undefined ? (
        <JsonView value={message.description} label="Message" />
      ) : (
        <>
          <label class="wide">
            The copy
            <textarea
              class="code"
              rows={20}
              spellcheck={false}
              value={copy}
              onInput={({ currentTarget }) => setCopy(currentTarget.value)}
            />
          </label>
          <div class="actions">
            <label class="check">
              <input
                type="checkbox"
                checked={removes}
                onChange={({ currentTarget }) => setRemoves(currentTarget.checked)}
              />
              delete the message when the copy is delivered
            </label>
            <button type="button" class="main" onClick={send}>
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

/** Numbers of 16 digits and more would lose some in a parser: such a message is edited unformatted. */
function pretty(body: string): string {
  try {
    return /[:[,]\s*-?\d{16,}/.test(body) ? body : JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
