import { matches } from '@event-fanout/event-pattern';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { noiseRuleFor } from '../../events/noise/noise-rule.ts';
import { readNoiseRules } from '../../events/noise/read-noise-rules.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { serializeEnvelope } from '../../events/serialize-envelope.ts';
import type { Mix, MixRow } from './mixes.ts';
import type { StackFacts } from './stack-facts.ts';

/** The webhooks of one row of a mix on their way through a stack. */
export interface Flow {
  readonly row: MixRow;
  /** Webhooks a month. */
  readonly received: number;
  /** Of them put on the bus. */
  readonly told: number;
  /** Looked up in the ledger: a read each. */
  readonly lookedUp: number;
  /** Noted there: a write each. */
  readonly noted: number;
  /** Bytes of the entry on the bus. */
  readonly eventBytes: number;
  /** Logical ids or ARNs of the targets that hear it, one for each match. */
  readonly targets: readonly string[];
}

/** What EventBridge puts around an entry: ids, account, region, resources. */
const wrapperBytes = 350;

/** Sends a mix through a stack. The catalog, the noise rules and the event patterns are the real ones. */
export function flowsThrough(facts: StackFacts, mix: Mix, webhooks: number): readonly Flow[] {
  const { NOISE, DEDUPLICATE, LEDGER_TABLE } = facts.ingest.environment;
  const rules = readNoiseRules(typeof NOISE === 'string' ? NOISE : 'none');
  const deduplicated = String(DEDUPLICATE ?? 'none').split(',');
  const shareTold = ({ type, fromMe, repeats = 0 }: MixRow) => {
    const measure = noiseRuleFor(
      { type, ...(fromMe === undefined ? {} : { fromMe }) },
      rules,
    )?.measure;
    if (!measure) return 1;
    if (measure.kind === 'drop') return 0;
    return measure.kind === 'sample' ? 1 / measure.oneIn : 1 - repeats;
  };
  return mix.rows.map((row) => {
    const received = webhooks * row.share;
    const told = received * shareTold(row);
    const isLookedUp =
      LEDGER_TABLE !== undefined &&
      (deduplicated.includes('all') || deduplicated.includes(row.type));
    const first = mix.rows.find(({ type }) => type === row.twinOf);
    const isTwin = isLookedUp && first !== undefined && shareTold(first) === 1;
    const text = eventOf(row, isTwin ? row.twinOf : undefined);
    const event: unknown = JSON.parse(text);
    return {
      row,
      received,
      told,
      lookedUp: isLookedUp ? told : 0,
      noted: isLookedUp && !isTwin ? told : 0,
      eventBytes: Buffer.byteLength(text) + wrapperBytes,
      targets: facts.rules
        .filter(({ pattern }) => matches(pattern, event))
        .flatMap(({ targets }) => targets),
    };
  });
}

/** The event that a webhook of this kind and size becomes, as JSON. */
function eventOf({ type, bytes, fromMe }: MixRow, twinOf: string | undefined): string {
  const example = exampleWebhook(type, 'waha');
  const length = (webhook: unknown) => Buffer.byteLength(JSON.stringify(webhook));
  // Where the size comes from in practice: what the engine adds for itself.
  const padded = (pad: string) => ({ ...example, metadata: { pad } });
  const pad = 'x'.repeat(Math.max(0, bytes - length(padded(''))));
  const { events } = normalizeWebhook(Buffer.from(JSON.stringify(padded(pad))), {
    receivedAt: new Date(0),
    requestId: '18a767mkh37y0h',
  });
  const [envelope] = events;
  if (!envelope) throw new Error(`The example of ${type} makes no event.`);
  const meta = {
    ...envelope.meta,
    ...(fromMe === undefined ? {} : { fromMe }),
    ...(twinOf === undefined ? {} : { twinOf }),
  };
  const detail = serializeEnvelope({ ...envelope, meta } as typeof envelope);
  return `{"source":"whatsapp","detail-type":${JSON.stringify(type)},"detail":${detail}}`;
}
