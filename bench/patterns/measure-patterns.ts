import { compilePattern, RuleIndex } from '@event-fanout/event-pattern';
import { eventSource } from '../../events/event-source.ts';
import type { EventPattern } from '../../events/pattern.ts';
import { heardPattern } from '../../lib/heard-pattern.ts';
import { batchOfTen } from '../consumers/batch-of-ten.ts';
import { interleave } from '../statistics/interleaved.ts';
import type { Summary } from '../statistics/summary.ts';

/** Numbers of rules; a bus has 300 at most (EventBridge quotas). */
const ruleCounts = ['1', '10', '50', '300'] as const;

/** Microseconds for one event, by the number of rules. */
export type PatternsResult = Readonly<Record<(typeof ruleCounts)[number], Summary>>;

/** Measures how long it takes to find the rules that an event of 2 KB matches, from its JSON on. */
export async function measurePatterns({
  rounds,
  runs,
}: {
  readonly rounds: number;
  readonly runs: number;
}): Promise<PatternsResult> {
  const { records } = batchOfTen().template as { records: string };
  const event: string = JSON.parse(records).Records[0].body;
  const indexes = new Map(ruleCounts.map((count) => [count, indexOf(Number(count))]));
  const measure = async (count: (typeof ruleCounts)[number]) => {
    const index = indexes.get(count) as RuleIndex<number>;
    const before = process.cpuUsage();
    let found = 0;
    for (let run = 0; run < runs; run += 1) found += index.matching(event).length;
    const { user, system } = process.cpuUsage(before);
    if (found < runs) throw new Error('A rule that hears every message did not match');
    return (user + system) / runs;
  };
  for (const count of ruleCounts) await measure(count);
  return interleave(ruleCounts, rounds, measure);
}

/** The first rule hears every message; the others are of four kinds that people write. */
function indexOf(count: number): RuleIndex<number> {
  const index = new RuleIndex<number>();
  for (let rule = 0; rule < count; rule += 1) {
    index.add(
      rule,
      compilePattern(rule === 0 ? heardPattern({ hears: ['messages'] }) : ruleOf(rule)),
    );
  }
  return index;
}

function ruleOf(number: number): EventPattern {
  const source = [eventSource];
  switch (number % 4) {
    case 0:
      return {
        source,
        'detail-type': ['message'],
        detail: { meta: { session: [`shop-${number}`] } },
      };
    case 1:
      return { source, 'detail-type': ['message.ack', 'message.reaction', `kind-${number}`] };
    case 2:
      return { source, detail: { data: { body: [{ prefix: `order ${number}` }] } } };
    default:
      return {
        source,
        detail: { meta: { chat: { id: [{ wildcard: `*${number}@g.us` }] }, fromMe: [true] } },
      };
  }
}
