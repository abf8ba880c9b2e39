import { readEvent } from '@event-fanout/event-pattern';
import { own } from '../../../events/own.ts';
import type { Pipeline } from '../../../ops/aws/pipeline.ts';
import { redactEnvelope } from '../../../ops/redact-envelope.ts';
import type { EventRecord, Journal } from '../journal/journal.ts';
import { errorClass } from '../journal/outcome.ts';
import type { Summary } from '../journal/summary.ts';
import { hideSummary } from '../personal/hide-personal.ts';
import {
  compareShapes,
  type Difference,
  explainRules,
  type RuleExplanation,
} from './explain-rules.ts';
import { type Hop, hopsOf } from './hops.ts';

/** One other report of the same fact. */
export interface OtherOccurrence {
  /** Absent where it was not published. */
  readonly eventId?: string;
  readonly at?: number;
  readonly type?: string;
  /** What became of it: `duplicate`, `conflict`, … */
  readonly result: string;
  readonly requestId?: string;
}

/** All that is known of one event. */
export interface Trace {
  readonly summary: Summary;
  readonly publishedAt: number;
  /** Undefined where the text is not held any more, or the pipeline cannot be read. */
  readonly rules: readonly RuleExplanation[] | undefined;
  /** What happened at each target. */
  readonly hops: readonly Hop[];
  readonly omittedSteps: number;
  /** The envelope without `raw`; undefined where the text is not held any more. */
  readonly envelope: unknown;
  readonly raw: unknown;
  readonly differences: readonly Difference[];
  readonly occurrences: readonly OtherOccurrence[];
  /** Whether the sender's body is known, so that it can be sent again. */
  readonly canSendAgain: boolean;
  readonly isHidden: boolean;
}

/** Collects what is known of an event, with personal content only if `reveal` is set. */
export async function traceEvent(
  record: EventRecord,
  journal: Journal,
  pipeline: Pipeline | undefined,
  { reveal }: { readonly reveal: boolean },
): Promise<Trace> {
  const text = await journal.text(record.seq);
  const summary = journal.summary(record);
  const known = {
    summary: reveal ? summary : hideSummary(summary),
    publishedAt: record.publishedAt,
    rules: text === undefined || !pipeline ? undefined : explainRules(text, pipeline),
    hops: hopsOf(record.steps, journal.targets),
    omittedSteps: record.omitted,
    occurrences: occurrencesOf(record, journal),
    isHidden: !reveal,
  };
  const envelope = own(parse(text), 'detail');
  if (!reveal) {
    const { raw, ...rest } = redactEnvelope(envelope);
    const rules = known.rules?.map((rule) => ({
      ...rule,
      failures: rule.failures.map((failure) => ({ ...failure, actual: [] })),
    }));
    return {
      ...known,
      rules,
      hops: known.hops.map(withoutMessages),
      envelope: rest,
      raw,
      differences: [],
      canSendAgain: false,
    };
  }
  const { raw, ...rest } = (envelope ?? {}) as Record<string, unknown>;
  return {
    ...known,
    envelope: envelope === undefined ? undefined : rest,
    raw,
    differences: compareShapes(own(raw, 'payload'), rest.data),
    canSendAgain: rebuildBody(envelope) !== undefined,
  };
}

function occurrencesOf(record: EventRecord, journal: Journal): OtherOccurrence[] {
  return journal.otherOccurrences(record).map(({ seq, at, result, requestId }) => {
    const other = seq === undefined ? undefined : journal.at(seq);
    return {
      eventId: other?.eventId,
      at: at ?? other?.head.at,
      type: other?.head.type,
      result: result ?? other?.head.mark ?? 'published too',
      requestId,
    };
  });
}

/** The classes of errors say nothing of a person; messages and stacks may. */
const withoutMessages = ({ attempts, failures, ...hop }: Hop): Hop => ({
  ...hop,
  attempts: attempts.map(({ error, stack, ...attempt }) => ({
    ...attempt,
    ...(error !== undefined && { error: errorClass(error) }),
  })),
  failures: failures.map(({ at, error }) => ({ at, error: errorClass(error) })),
});

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : readEvent(text, false);
  } catch {
    return undefined;
  }
}

/**
 * The body that a sender has sent, as far as an envelope holds it. Undefined where it lies elsewhere (a
 * claim check), for bytes that are no UTF-8, which cannot be typed or pasted, and for events that no
 * sender sends.
 */
export function rebuildBody(envelope: unknown): string | undefined {
  const raw = own(envelope, 'raw');
  if (raw === undefined || own(raw, 'claimCheck') !== undefined) {
    return undefined;
  }
  if (own(envelope, 'data', 'encoding') !== undefined) {
    return undefined;
  }
  return typeof raw === 'string' ? raw : JSON.stringify(raw);
}
