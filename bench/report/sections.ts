import { type IngestName, ingestSubjects } from '../ingest/subjects.ts';
import { memoryCurve } from '../memory/memory-curve.ts';
import type { Results, Subject } from '../results.ts';
import type { Summary } from '../statistics/summary.ts';
import { formatKilobytes, formatNumber, formatSummary } from './format-number.ts';
import { markdownTable } from './markdown-table.ts';
import { rivalTitles } from './rival-titles.ts';

/** What is said of each subject, as a table. */
export const sections: { readonly [S in Subject]: (result: Results[S]) => string } = {
  warm: ({ sizes }) =>
    markdownTable(
      ['CPU µs for a webhook', ...sizes.map(({ label }) => label)],
      Object.entries(ingestSubjects()).map(([name, { title }]) => [
        title,
        ...sizes.map(({ cpuUs }) => warmCell(cpuUs[name as IngestName], cpuUs.floor)),
      ]),
    ),
  cold: (result) =>
    markdownTable(
      [
        'from the start of the process',
        'loaded, ms',
        'first answer, ms',
        'above empty, ms',
        'CPU ms',
        "Node's modules",
      ],
      Object.entries(result).map(([name, { loadedMs, answeredMs, cpuMs, nodeModules }]) => [
        rivalTitles[name as keyof typeof rivalTitles],
        formatSummary(loadedMs),
        formatSummary(answeredMs),
        formatNumber(answeredMs.median - result.empty.answeredMs.median),
        formatSummary(cpuMs),
        String(nodeModules),
      ]),
    ),
  init: (result) =>
    markdownTable(
      ['what takes the time', 'ms'],
      Object.entries(result)
        .filter(([, { median }]) => median >= 0.1)
        .sort(([, a], [, b]) => b.median - a.median)
        .map(([label, ms]) => [label, formatSummary(ms)]),
    ),
  memory: ({ peakMb, ...work }) =>
    [
      markdownTable(
        ['bodies of', 'peak memory, MB'],
        Object.entries(peakMb).map(([label, megabytes]) => [label, megabytes.toFixed(0)]),
      ),
      markdownTable(
        ['memory, MB', 'a webhook, ms', 'a cold start, ms', '$ for a million'],
        memoryCurve(work).map(({ memoryMb, warmMs, coldMs, dollars }) => [
          String(memoryMb),
          formatNumber(warmMs),
          formatNumber(coldMs),
          dollars.toFixed(2),
        ]),
      ),
    ].join('\n\n'),
  consumers: (result) =>
    markdownTable(
      ['consumer', 'CPU µs for a batch of 10', 'for one event'],
      Object.entries(result).map(([name, us]) => [
        name,
        formatSummary(us),
        formatNumber(us.median / 10),
      ]),
    ),
  normalization: (result) =>
    markdownTable(
      ['kind', 'bytes', 'CPU µs'],
      Object.entries(result).map(([type, { bytes, us }]) => [
        `\`${type}\``,
        String(bytes),
        formatSummary(us),
      ]),
    ),
  patterns: (result) =>
    markdownTable(
      ['rules', 'CPU µs for an event of 2 KB'],
      Object.entries(result).map(([count, us]) => [count, formatSummary(us)]),
    ),
  pipeline: (runs) =>
    markdownTable(
      [
        'consumers',
        'kept',
        'webhooks/s',
        'p50 ms',
        'p99 ms',
        'p99.9 ms',
        'CPU ms for a webhook: all',
        'of it the run',
        'memory MB',
      ],
      runs.map(({ consumers, mode, webhooksPerSecond, p50, p99, p999, cpuMs, memoryMb }) => [
        String(consumers),
        mode === 'durable' ? 'on disk' : 'in memory',
        ...[webhooksPerSecond, p50, p99, p999].map((value) => value.toFixed(0)),
        cpuMs.all.toFixed(1),
        cpuMs.run.toFixed(1),
        memoryMb.toFixed(0),
      ]),
    ),
  bundles: (result) =>
    markdownTable(
      ['bundle', 'size', 'what is in it'],
      Object.entries(result).map(([name, { bytes, libraries }]) => [
        rivalTitles[name as keyof typeof rivalTitles] ?? `\`${name}\``,
        formatKilobytes(bytes),
        describeLibraries(libraries),
      ]),
    ),
};

function warmCell(own: Summary | undefined, floor: Summary | undefined): string {
  if (!own || !floor) return '–';
  const times = own === floor ? '' : `, **${(own.median / floor.median).toFixed(1)}×**`;
  return `${formatSummary(own)}${times}`;
}

/** The five largest, and the rest in one number. */
function describeLibraries(libraries: Readonly<Record<string, number>>): string {
  const all = Object.entries(libraries);
  const rest = all.slice(5).reduce((sum, [, bytes]) => sum + bytes, 0);
  const named = all.slice(0, 5).map(([name, bytes]) => `${name} ${formatKilobytes(bytes)}`);
  return [...named, ...(rest > 0 ? [`others ${formatKilobytes(rest)}`] : [])].join(', ');
}
