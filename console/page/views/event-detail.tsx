import { useEffect, useRef, useState } from 'preact/hooks';
import type { Trace } from '../../server/trace/trace-event.ts';
import { get } from '../model/api.ts';
import { newsListeners } from '../model/live.ts';
import { complain, opened, reveal } from '../model/store.ts';
import { clockTime, JsonView, Untrusted } from '../parts/values.tsx';
import { EventActions } from './event-actions.tsx';
import { RuleExplanations } from './rule-explanations.tsx';
import { Timeline } from './timeline.tsx';

/** One event: timeline, rules, duplicates and payload. */
export function EventDetail({ seq }: { readonly seq: number }) {
  const trace = useTrace(seq);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section class="detail" aria-labelledby="event-title">
      <header>
        <h2 id="event-title" tabIndex={-1} ref={heading}>
          {trace ? <Untrusted text={trace.summary.type} max={80} /> : `Event ${seq}`}
        </h2>
        {trace && (
          <span class={`chip outcome ${trace.summary.outcome}`}>{trace.summary.outcome}</span>
        )}
        <button
          type="button"
          class="close"
          onClick={() => {
            opened.value = undefined;
          }}
        >
          Close
        </button>
      </header>
      {trace && <Content trace={trace} />}
    </section>
  );
}

function Content({ trace }: { readonly trace: Trace }) {
  const { summary, occurrences, differences, envelope, raw } = trace;
  return (
    <>
      <EventActions trace={trace} />
      <dl class="facts">
        <Fact name="Key" value={summary.key} />
        <Fact name="Event id" value={summary.eventId} />
        <Fact name="Session" value={summary.session} />
        <Fact name="Chat" value={summary.chat} />
        <Fact name="Sender" value={[summary.sender, summary.engine].filter(Boolean).join(', ')} />
      </dl>
      <h3>Timeline</h3>
      <Timeline trace={trace} />
      <h3>Rules</h3>
      <RuleExplanations results={trace.rules} />
      <h3>Duplicates</h3>
      {occurrences.length === 0 && <p class="quiet">None.</p>}
      <ul class="occurrences">
        {occurrences.map(({ seq, at, type, result, requestId }) => (
          <li key={`${seq}-${requestId}-${at}`}>
            <span class="chip">{result}</span> {at !== undefined && <time>{clockTime(at)}</time>}{' '}
            {seq === undefined ? (
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
              <button
                type="button"
                class="link"
                onClick={() => {
                  opened.value = seq;
                }}
              >
                as <Untrusted text={type ?? 'an event'} max={60} />
              </button>
            )}
          </li>
        ))}
      </ul>
      <div class="beside">
        <div>
          <h3>Envelope</h3>
          <JsonView value={envelope} label="Envelope" />
        </div>
        <div>
          <h3>Raw payload</h3>
          <JsonView value={raw} label="Raw payload" />
        </div>
      </div>
      <h3>What normalization changed</h3>
      {trace.isHidden ? (
        <p class="quiet">Shown with personal content.</p>
      ) : (
        <Differences differences={differences} />
      )}
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string | undefined }) {
  if (!value) {
    return null;
  }
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Untrusted text={value} max={120} />
      </dd>
    </div>
  );
}

const differenceNames = {
  changed: 'changed',
  moved: 'moved',
  added: 'added',
  'left-out': 'only in raw',
} as const;

const maxDifferences = 200;

function Differences({ differences }: Pick<Trace, 'differences'>) {
  if (differences.length === 0) {
    return <p class="quiet">Nothing: the payload is the data.</p>;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="scroll" tabIndex={0} aria-label="Differences">
      <table>
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col">field</th>
            <th scope="col">was</th>
            <th scope="col">is</th>
          </tr>
        </thead>
        <tbody>
          {differences.slice(0, maxDifferences).map(({ kind, path, from, before, after }) => (
            <tr key={`${kind} ${path}`}>
              <td>
                <span class="chip">{differenceNames[kind]}</span>
              </td>
              <td>
                <Untrusted text={path} />
              </td>
              <td>
                <Untrusted text={from ?? before ?? ''} />
              </td>
              <td>
                <Untrusted text={after ?? ''} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The trace, loaded again when something happens to its event. */
function useTrace(seq: number): Trace | undefined {
  const [trace, setTrace] = useState<Trace>();
  const asking = useRef(false);
  const revealing = reveal.value;
  useEffect(() => {
    const load = async () => {
      if (asking.current) {
        return;
      }
      asking.current = true;
      await get<Trace>('event', { seq, reveal: revealing }).then(setTrace, complain);
      asking.current = false;
    };
    void load();
    const listener = ({ changed }: { readonly changed: readonly { readonly seq: number }[] }) => {
      if (changed.some((each) => each.seq === seq)) {
        void load();
      }
    };
    newsListeners.add(listener);
    return () => {
      newsListeners.delete(listener);
    };
  }, [seq, revealing]);
  return trace;
}
