import type { Envelope, Meta } from '../../events/envelope.ts';
import { fingerprint } from '../../events/fingerprint.ts';
import { ingestMetrics } from '../../events/names.ts';
import type { Measure } from '../../events/noise/noise-rule.ts';
import { count } from '../runtime/count.ts';
import type { IngestDependencies } from './create-handler.ts';
import type { Ledger, LedgerEntry, Verdict } from './ledger.ts';

/** An envelope, and whether its fact was told before. */
export interface Judged {
  readonly envelope: Envelope;
  /**
   * `unchecked`: this stage does not look for duplicates of this kind. `noise`: this stage leaves it
   * out, and does not look it up either.
   */
  readonly verdict:
    | Verdict
    | { readonly kind: 'unchecked' }
    | { readonly kind: 'noise'; readonly by: Measure['kind'] };
  /** What the ledger was asked for, and notes. @default - it was not asked */
  readonly entry?: LedgerEntry;
}

/** Asks whether an event is noise, and if not looks up whether its fact was told before. */
export async function judge(
  envelope: Envelope,
  {
    ledger,
    isDeduplicated,
    noise,
  }: Pick<IngestDependencies, 'ledger' | 'isDeduplicated' | 'noise'>,
): Promise<Judged> {
  const by = noise?.leavesOut(envelope);
  if (by) return { envelope, verdict: { kind: 'noise', by } };
  if (!ledger || !isDeduplicated(envelope.meta.type)) {
    return { envelope, verdict: { kind: 'unchecked' } };
  }
  const entry = entryOf(envelope);
  return { envelope, verdict: await ledger.judge(entry), entry };
}

/** What consumers are told of the verdict, in the event's meta; nothing of what is simply new. */
function markOf(
  verdict: Judged['verdict'],
): Partial<Pick<Meta, 'twinOf' | 'conflict' | 'ledger'>> | undefined {
  switch (verdict.kind) {
    case 'twin':
      return { twinOf: verdict.of };
    case 'conflict':
      return { conflict: true };
    case 'unavailable':
      return { ledger: 'unavailable' };
    default:
      return undefined;
  }
}

/** An event with what consumers are told of the verdict. */
export function marked({ envelope, verdict }: Judged): Envelope {
  const mark = markOf(verdict);
  return mark ? ({ ...envelope, meta: { ...envelope.meta, ...mark } } as Envelope) : envelope;
}

/** Whether an event goes no further than this. */
export const staysHere = ({ kind }: Judged['verdict']): boolean =>
  kind === 'duplicate' || kind === 'noise';

/** Whether the sender is told that this is nothing new. */
export const isToldBefore = ({ kind }: Judged['verdict']): boolean =>
  kind === 'duplicate' || kind === 'twin';

/** Notes in the ledger what was new and is now safe. */
export async function noteAll(
  judged: readonly Judged[],
  { ledger }: Pick<IngestDependencies, 'ledger'>,
): Promise<void> {
  await Promise.all(
    judged.map(({ verdict, entry }) =>
      ledger && entry && verdict.kind === 'new' ? note(entry, ledger) : undefined,
    ),
  );
}

async function note(entry: LedgerEntry, ledger: Ledger): Promise<void> {
  const result = await ledger.note(entry);
  // Two requests with one fact at the same time: both are on the bus, under the same id.
  if (result === 'late') count(ingestMetrics.toldAgain, 1, { Verdict: 'published-twice' });
  if (result === 'unavailable') count(ingestMetrics.notNoted);
}

const entryOf = ({ meta, data }: Envelope): LedgerEntry => ({
  id: meta.id,
  type: meta.type,
  fingerprint: fingerprint(data),
});
