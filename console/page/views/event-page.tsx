import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SendAnswer } from '../../server/routes/send.ts';
import type { Trace } from '../../server/trace/trace-event.ts';
import { addressOf, filter } from '../model/address.ts';
import { get, post } from '../model/api.ts';
import { senderNames } from '../model/format.ts';
import { changeListeners } from '../model/live.ts';
import { goTo } from '../model/router.ts';
import { connection, draftOf, report, reveal, showError } from '../model/store.ts';
import { Chip, copy, Facts, Json, Time, Untrusted } from '../parts/values.tsx';
import { Rules } from './rules.tsx';
import { Waterfall } from './waterfall.tsx';

/** Closes the event; the list has the focus again. */
function close(): void {
  goTo(addressOf.events());
  document.querySelector<HTMLElement>('.list')?.focus();
}

/** One event: what it says, what happened, which rules match, and how normalization changed it. */
export function EventPage({ id }: { readonly id: string }) {
  const { trace, error } = useTrace(id);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Who goes through the list by keys stays in it.
    if (!document.activeElement?.matches('.list')) {
      heading.current?.focus();
    }
  }, []);
  return (
    <section class="detail" aria-labelledby="event-title">
      <header>
        <h2 id="event-title" tabIndex={-1} ref={heading}>
          {trace ? <Untrusted text={trace.summary.type} max={80} /> : 'Event'}
        </h2>
        {trace && <Chip look={trace.summary.outcome}>{trace.summary.outcome}</Chip>}
        {trace && <Time at={trace.summary.at} isExact />}
        <button type="button" class="close" data-close onClick={close}>
          Close
        </button>
      </header>
      {error !== undefined && <p class="error-text">{error}</p>}
      {!trace && error === undefined && <p class="quiet">Loading …</p>}
      {trace && <Content trace={trace} />}
    </section>
  );
}

function Content({ trace }: { readonly trace: Trace }) {
  const { summary, occurrences, differences, envelope, raw } = trace;
  const data = (envelope as { data?: unknown } | undefined)?.data;
  const before = new Map(
    differences.map(({ kind, path, from }) => [
      `payload.${from ?? path}`,
      kind === 'left-out' ? 'only in raw' : kind,
    ]),
  );
  const after = new Map(
    differences
      .filter(({ kind }) => kind !== 'left-out')
      .map(({ kind, path, from }) => [
        `data.${path}`,
        from === undefined ? kind : `${kind} from ${from}`,
      ]),
  );
  return (
    <>
      <Actions trace={trace} />
      <dl class="facts ids">
        <Fact name="session" value={summary.session} to={(session) => ({ session })} />
        <Fact name="chat" value={summary.chat} to={(chat) => ({ chat })}>
          {summary.chat !== undefined && (
            <a href={addressOf.state('chats', summary.chat, { session: summary.session })}>
              conversation
            </a>
          )}
        </Fact>
        <Fact name="sender" value={senderOf(summary)} />
        <Fact name="event id" value={summary.eventId} to={(text) => ({ text })} isWide />
        <Fact name="idempotency key" value={summary.key} to={(text) => ({ text })} isWide />
      </dl>
      <h3>Timeline</h3>
      <Waterfall trace={trace} />
      <h3>Data</h3>
      {data === undefined ? (
        <p class="quiet">There is no data.</p>
      ) : (
        <Facts value={textFirst(data)} />
      )}
      <h3>Rules</h3>
      {trace.rules ? (
        <Rules results={trace.rules} />
      ) : (
        <p class="quiet">
          Which rules match is not known: the event's content is not held any more, or the pipeline
          cannot be read.
        </p>
      )}
      {occurrences.length > 0 && <h3>Duplicates</h3>}
      <ul class="occurrences">
        {occurrences.map(({ eventId, at, type, result, requestId }) => (
          <li key={`${eventId}-${requestId}-${at}`}>
            <Chip look="warn">{result}</Chip> <Time at={at} isExact />{' '}
            {eventId === undefined ? (
              <>
                not published
                {requestId && (
                  <>
                    {' '}
                    (request <Untrusted text={requestId} max={60} />)
                  </>
                )}
              </>
            ) : (
              <a href={addressOf.events(filter.value, eventId)}>
                as <Untrusted text={type ?? 'an event'} max={60} />
              </a>
            )}
          </li>
        ))}
      </ul>
      <div class="beside">
        <div>
          <h3>Envelope</h3>
          <Json value={envelope} label="Envelope" marks={after} />
        </div>
        <div>
          <h3>Raw payload</h3>
          <Json value={raw} label="Raw payload" marks={before} />
        </div>
      </div>
      {trace.isHidden && (
        <p class="quiet">What normalization changed is shown with personal content.</p>
      )}
    </>
  );
}

const senderOf = ({ sender = '', engine }: Trace['summary']) =>
  [senderNames[sender] ?? sender, engine].filter(Boolean).join(', ');

/** What a person reads first: the text. Addresses and ids follow. */
function textFirst(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return data;
  }
  const { body, content, messageId, chat, author, ...rest } = data as Record<string, unknown>;
  const all = { body, content, ...rest, author, chat, messageId };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

interface FactProps {
  readonly name: string;
  readonly value: string | undefined;
  readonly to?: (value: string) => object;
  /** Whether it needs a line of its own. */
  readonly isWide?: boolean;
  readonly children?: ComponentChildren;
}

/** An id, which leads to the events that have it, and can be copied. */
function Fact({ name, value, to, isWide = false, children }: FactProps) {
  if (!value) {
    return null;
  }
  const text = <Untrusted text={value} max={120} />;
  return (
    <div class={isWide ? 'full' : ''}>
      <dt>{name}</dt>
      <dd>
        {to ? <a href={addressOf.events(to(value))}>{text}</a> : text}{' '}
        {to && (
          <button
            type="button"
            class="small"
            aria-label={`Copy the ${name}`}
            onClick={() => copy(value, `the ${name}`)}
          >
            Copy
          </button>
        )}{' '}
        {children}
      </dd>
    </div>
  );
}

/** What can be done with an event. */
function Actions({ trace }: { readonly trace: Trace }) {
  const [isBusy, setBusy] = useState(false);
  const id = trace.summary.eventId;
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    await work().catch(showError);
    setBusy(false);
  };
  const copyAs = async (path: 'curl' | 'test-case', what: string) => {
    const { text } = await post<{ readonly text: string }>(path, { id });
    copy(text, `as ${what}`);
  };
  if (!trace.canSendAgain) {
    return (
      <p class="quiet">
        {trace.isHidden
          ? 'To send it again or to copy it, show personal content.'
          : 'The full body of the webhook is not available, so it cannot be sent again.'}
      </p>
    );
  }
  return (
    <div class="actions">
      <button
        type="button"
        class="main"
        disabled={isBusy}
        onClick={() =>
          run(async () => {
            report(describeAnswer(await post<SendAnswer>('send-again', { id })));
          })
        }
      >
        Send again
      </button>
      <button
        type="button"
        onClick={() => {
          // “Try it” reads the event.
          draftOf.value = '';
          goTo(addressOf.try({ edit: id }));
        }}
      >
        Edit and send
      </button>
      <button type="button" disabled={isBusy} onClick={() => run(() => copyAs('curl', 'curl'))}>
        Copy as curl
      </button>
      <button
        type="button"
        disabled={isBusy}
        onClick={() => run(() => copyAs('test-case', 'a test case'))}
      >
        Copy as test case
      </button>
    </div>
  );
}

/** Describes the response of the endpoint. */
export function describeAnswer({ status, ms, body }: SendAnswer): string {
  const { id, duplicate } = (body ?? {}) as { id?: unknown; duplicate?: unknown };
  const time = `${Math.round(ms)} ms`;
  if (status === 202) {
    return `Answered 202 in ${time}: accepted as ${String(id ?? 'several events')}.`;
  }
  if (duplicate) {
    return `Answered ${status} in ${time}: duplicate of ${String(id)}; not published again.`;
  }
  return `Answered ${status} in ${time}: ${JSON.stringify(body)}`;
}

/** The trace, loaded again when something happens to its event. */
function useTrace(id: string): { readonly trace?: Trace; readonly error?: string } {
  const [found, setFound] = useState<{ trace?: Trace; error?: string }>({});
  const revealing = reveal.value;
  const isGone = connection.value.state === 'gone';
  useEffect(() => {
    let isStale = false;
    let isAsking = false;
    let isWanted = false;
    const load = async () => {
      isWanted = true;
      if (isAsking) {
        return;
      }
      isAsking = true;
      while (isWanted && !isStale) {
        isWanted = false;
        const next = await get<Trace>('event', { id, reveal: revealing }).then(
          (trace) => ({ trace }),
          (error: Error) => ({ error: error.message }),
        );
        if (!isStale && !isGone) {
          setFound(next);
        }
      }
      isAsking = false;
    };
    if (!isGone) {
      void load();
    }
    const listener = (changed: ReadonlySet<string>) => {
      if (changed.has(id)) {
        void load();
      }
    };
    changeListeners.add(listener);
    return () => {
      isStale = true;
      changeListeners.delete(listener);
    };
  }, [id, revealing, isGone]);
  return found;
}
