import { type IngestName, ingestSubjects } from '../ingest/subjects.ts';
import type { WarmResult } from '../ingest/warm.ts';
import type { Summary } from '../statistics/summary.ts';

/** Warm ingest as a table: CPU time and its spread, and how it compares with the floor. */
export function warmSection({ sizes }: WarmResult): string {
  const rows = Object.entries(ingestSubjects()).map(([name, { title }]) => [
    title,
    ...sizes.map(({ cpuUs }) => cell(cpuUs[name as IngestName], cpuUs.floor)),
  ]);
  return [
    ['CPU µs for a webhook', ...sizes.map(({ label }) => label)],
    ['---', ...sizes.map(() => '---:')],
    ...rows,
  ]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

function cell(own: Summary | undefined, floor: Summary | undefined): string {
  if (!own || !floor) return '–';
  const { median, low, high } = own;
  const times = own === floor ? '' : `, ${(median / floor.median).toFixed(1)}×`;
  return `${median.toFixed(0)} (${low.toFixed(0)}–${high.toFixed(0)})${times}`;
}
