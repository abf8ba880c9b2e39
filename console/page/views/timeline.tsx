import type { StepKind } from '../../server/journal/outcome.ts';
import type { Trace } from '../../server/trace/trace-event.ts';
import { clockTime, took, Untrusted } from '../parts/values.tsx';

const stepNames: Readonly<Record<StepKind, string>> = {
  routed: 'sent by its rule to',
  delivered: 'put into',
  'delivery-failed': 'not delivered to',
  undeliverable: 'undeliverable to',
  lost: 'lost before',
  given: 'received by the function from',
  handled: 'handled, from',
  failed: 'failed, back into',
  'given-up': 'failed for good, into the dead-letter queue of',
};

const isBad: ReadonlySet<StepKind> = new Set([
  'delivery-failed',
  'undeliverable',
  'lost',
  'failed',
  'given-up',
]);

/** What happened, in order, each with the time since the request. */
export function Timeline({ trace }: { readonly trace: Trace }) {
  const { summary, publishedAt, steps, omittedSteps } = trace;
  const since = (at: number) => `+${took(Math.max(0, at - summary.at))}`;
  return (
    <ol class="timeline">
      <li>
        <time>{clockTime(summary.at)}</time> received
      </li>
      <li>
        <time>{since(publishedAt)}</time> published, as number {summary.seq}
      </li>
      {steps.map(({ kind, at, target, by, attempt, error }, index) => (
        // Steps are only ever added at the end.
        <li key={index} class={isBad.has(kind) ? 'bad' : ''}>
          <time>{since(at)}</time> {stepNames[kind]} <Untrusted text={target} max={100} />
          {by !== undefined && by !== target && (
            <>
              {' '}
              by <Untrusted text={by} max={100} />
            </>
          )}
          {attempt !== undefined && attempt > 1 && <span class="chip">attempt {attempt}</span>}
          {error && (
            <span class="error">
              <Untrusted text={error} max={400} />
            </span>
          )}
        </li>
      ))}
      {omittedSteps > 0 && <li class="quiet">{omittedSteps} steps in between are not kept</li>}
    </ol>
  );
}
