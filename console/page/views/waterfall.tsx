import type { ComponentChildren } from 'preact';
import type { Attempt, Hop } from '../../server/trace/hops.ts';
import type { Trace } from '../../server/trace/trace-event.ts';
import { addressOf } from '../model/address.ts';
import { duration } from '../model/format.ts';
import { overview } from '../model/store.ts';
import { Chip, Code, Untrusted } from '../parts/values.tsx';

const resultNames: Readonly<Record<Attempt['result'], string>> = {
  running: 'is running',
  handled: 'handled',
  failed: 'failed, and is tried again',
  'given-up': 'failed for good',
};

/** A timeline of an event as bars: received, published, delivered, each attempt. */
export function Waterfall({ trace }: { readonly trace: Trace }) {
  const { summary, publishedAt, hops, omittedSteps } = trace;
  const start = Math.min(summary.at, publishedAt);
  const times = hops.flatMap(({ arrivedAt, attempts, failures }) => [
    arrivedAt ?? start,
    ...attempts.flatMap(({ startedAt, endedAt }) => [startedAt ?? start, endedAt ?? start]),
    ...failures.map(({ at }) => at),
  ]);
  const scale = { start, span: Math.max(1, publishedAt - start, ...times.map((at) => at - start)) };
  return (
    <ol class="waterfall">
      <li>
        <Row name="received" from={summary.at} to={publishedAt} look="ingest" scale={scale} />
      </li>
      <li>
        <Row name="published" from={publishedAt} to={publishedAt} look="ingest" scale={scale} />
      </li>
      {hops.map((hop) => (
        <li key={hop.target}>
          <HopRows hop={hop} scale={scale} publishedAt={publishedAt} />
        </li>
      ))}
      {hops.length === 0 && <li class="quiet">No rule has sent it anywhere yet.</li>}
      {omittedSteps > 0 && <li class="quiet">{omittedSteps} steps in between are not kept</li>}
    </ol>
  );
}

interface Scale {
  readonly start: number;
  readonly span: number;
}

interface HopRowsProps {
  readonly hop: Hop;
  readonly scale: Scale;
  readonly publishedAt: number;
}

function HopRows({ hop, scale, publishedAt }: HopRowsProps) {
  const { target, arrivedAt, attempts, failures, lost, outcome } = hop;
  const route = overview.value?.routes.find((each) => each.target?.name === target);
  const [first] = attempts;
  const deadLetters = route?.deadLetters;
  return (
    <>
      <p class="hop">
        <a href={addressOf.events({ target })}>
          <b>
            <Untrusted text={route?.consumer ?? target} max={80} />
          </b>
        </a>{' '}
        <Chip look={outcome}>{outcome}</Chip>{' '}
        <span class="quiet">
          <Untrusted text={target} max={80} />
        </span>{' '}
        {outcome === 'dead' && deadLetters !== undefined && (
          <a href={addressOf.failures(deadLetters)}>to its dead-letter queue</a>
        )}
      </p>
      <Row
        name={arrivedAt === undefined ? 'sent' : 'queued'}
        from={arrivedAt ?? publishedAt}
        to={first?.startedAt ?? arrivedAt ?? publishedAt}
        look="queued"
        scale={scale}
        note={arrivedAt === undefined && 'AWS does not report when it arrives.'}
      />
      {failures.map(({ at, error }, index) => (
        <Row
          key={index}
          name={lost && index === failures.length - 1 ? lost : 'not delivered'}
          from={at}
          to={at}
          look="bad"
          scale={scale}
          note={<Untrusted text={error} max={300} />}
        />
      ))}
      {attempts.map((attempt, index) => (
        <AttemptRow key={index} attempt={attempt} scale={scale} publishedAt={publishedAt} />
      ))}
    </>
  );
}

interface AttemptRowProps {
  readonly attempt: Attempt;
  readonly scale: Scale;
  readonly publishedAt: number;
}

function AttemptRow({ attempt, scale, publishedAt }: AttemptRowProps) {
  const { number, startedAt, endedAt, result, reason, error, stack } = attempt;
  const isBad = result === 'failed' || result === 'given-up';
  const from = startedAt ?? endedAt ?? publishedAt;
  return (
    <>
      <Row
        name={
          number > 1 || isBad ? `attempt ${number}` : result === 'running' ? 'running' : 'handled'
        }
        from={from}
        to={endedAt ?? scale.start + scale.span}
        look={isBad ? 'bad' : 'handled'}
        scale={scale}
        note={
          (isBad || reason !== undefined) && (
            <>
              {resultNames[result]}
              {reason !== undefined && ` (${reason})`}
            </>
          )
        }
      />
      {error && (
        <div class="error">
          <p>
            <Untrusted text={error} max={600} />
          </p>
          {stack !== undefined && <Stack text={stack} />}
        </div>
      )}
    </>
  );
}

/** The stack of an error. */
export function Stack({ text }: { readonly text: string }) {
  return (
    <details class="stack">
      <summary>Stack</summary>
      <Code text={text} label="the stack" />
    </details>
  );
}

interface RowProps {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly look: 'ingest' | 'queued' | 'handled' | 'bad';
  readonly scale: Scale;
  readonly note?: ComponentChildren;
}

/** One bar with its start and its duration. */
function Row({ name, from, to, look, scale, note }: RowProps) {
  const percent = (ms: number) => `${Math.min(100, Math.max(0, (ms / scale.span) * 100))}%`;
  return (
    <div class="bar-row">
      <span class="step">{name}</span>
      <svg class="bar" height="14" aria-hidden="true">
        <rect class="track" x="0" y="6" width="100%" height="2" />
        <rect
          class={look}
          x={percent(from - scale.start)}
          y="2"
          width={percent(to - from)}
          height="10"
          rx="2"
        />
        <rect class={look} x={percent(from - scale.start)} y="2" width="3" height="10" />
      </svg>
      <span class="took">
        +{duration(Math.max(0, from - scale.start))}
        {to > from && <span class="quiet">, took {duration(to - from)}</span>}
      </span>
      {note && <span class="note quiet">{note}</span>}
    </div>
  );
}
