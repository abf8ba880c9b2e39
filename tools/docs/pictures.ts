import { readFileSync } from 'node:fs';
import { costTotals } from './costs-page.ts';
import { flowPicture } from './flow-picture.ts';
import { type Bar, type BarGroup, barPicture } from './svg.ts';

/** Where the pictures are, from the root of the project. */
const folder = 'docs/images';

/** The numbers that pictures are drawn of, wherever they are written to. */
const benchmarksFile = new URL('../../docs/benchmarks.json', import.meta.url);
const scalingPage = new URL('../../docs/scaling.md', import.meta.url);

/** The drawn pictures of the documents, by path. */
export function pictures(): ReadonlyMap<string, string> {
  return new Map([
    [`${folder}/flow.svg`, flowPicture()],
    [`${folder}/costs.svg`, costsPicture()],
    [`${folder}/benchmarks.svg`, benchmarksPicture(readFileSync(benchmarksFile, 'utf8'))],
    [`${folder}/scaling.svg`, scalingPicture(readFileSync(scalingPage, 'utf8'))],
  ]);
}

/** Dollars for a million webhooks by setting, at three volumes; what is fixed is included. */
function costsPicture(): string {
  const volumes = ['1 million a month', '10 million', '100 million'];
  const totals = costTotals().flatMap(({ perMillion }) =>
    perMillion.map(([used, fixed]) => used + fixed),
  );
  const groups = volumes.map((heading, index) => ({
    heading,
    max: Math.max(...totals),
    bars: costTotals().map(({ name, perMillion }) => {
      const [used = 0, fixed = 0] = perMillion[index] ?? [];
      return {
        label: shortened(name),
        values: [used, fixed],
        text: `$${(used + fixed).toFixed(2)}`,
      };
    }),
  }));
  return barPicture('What a million webhooks cost, by volume and setting', groups, [
    { className: 'series0', text: 'for each million' },
    { className: 'series1', text: 'share of the fixed monthly cost' },
  ]);
}

/** A row of many settings is called by what they are: as cheap as it gets. */
const shortened = (name: string) =>
  name.split(' ').length > 3 ? 'the cheapest of all these' : name;

/** What is compared, in the words of docs/benchmarks.md. */
const contestants: Readonly<Record<string, string>> = {
  ours: 'ingest',
  'ours without deduplication': 'ingest, deduplicate=none',
  floor: '(a) its AWS calls by the SDK alone',
  'usual stack': '(b) middy and the SDK',
  powertools: '(c) Powertools',
  'quick start': '(d) AWS’s quick start',
};

interface Sample {
  readonly cpuMs: number;
}

/** CPU time of a webhook and of a cold start, from docs/benchmarks.json. */
export function benchmarksPicture(json: string): string {
  const { warm, cold } = JSON.parse(json) as {
    readonly warm: {
      readonly sizes: readonly {
        readonly kb: number;
        readonly samples: Readonly<Record<string, readonly Sample[]>>;
      }[];
    };
    readonly cold: Readonly<Record<string, readonly Sample[]>>;
  };
  const [small] = warm.sizes;
  const empty = medianCpu(cold.empty ?? []);
  return barPicture(
    'CPU time, beside other ways to receive a webhook (shorter is better)',
    [
      contest(`warm: microseconds for one webhook of ${small?.kb} KB`, small?.samples ?? {}, (ms) =>
        Math.round(ms * 1000),
      ),
      contest('cold: milliseconds above an empty function', cold, (ms) => Math.round(ms - empty)),
    ],
    [],
  );
}

function contest(
  heading: string,
  samples: Readonly<Record<string, readonly Sample[]>>,
  inUnit: (ms: number) => number,
): BarGroup {
  const bars = Object.entries(contestants).flatMap(([name, label]): Bar[] => {
    const measured = samples[name];
    if (measured === undefined) {
      return [];
    }
    const value = inUnit(medianCpu(measured));
    const emphasized = label.startsWith('ingest');
    return [{ label, values: [value], text: value.toLocaleString('en-US'), emphasized }];
  });
  return { heading, bars };
}

function medianCpu(samples: readonly Sample[]): number {
  const sorted = samples.map(({ cpuMs }) => cpuMs).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}

/** Which share of webhooks is accepted at a steady rate, from the first table of docs/scaling.md. */
export function scalingPicture(page: string): string {
  const [, table = ''] = /## At a steady rate\n\n((?:\|.*\n)+)/.exec(page) ?? [];
  const bars = table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) => {
      const [label = '', sent = '', , dropped = ''] = row.split(' | ').map((cell) => cell.trim());
      const share = (100 * numberOf(dropped)) / numberOf(sent);
      return {
        label: label.replace(/^\| /, ''),
        values: [100 - share, 0, share],
        text: share === 0 ? 'all accepted' : `${share < 1 ? '<1' : Math.round(share)} % dropped`,
      };
    });
  if (bars.length === 0) {
    throw new Error('docs/scaling.md has no table "At a steady rate".');
  }
  return barPicture(
    'Webhooks accepted at a steady rate, for ten minutes',
    [{ heading: '', bars, max: 100 }],
    [
      { className: 'series0', text: 'accepted' },
      { className: 'series2', text: 'dropped by the sender, after its retries' },
    ],
  );
}

const numberOf = (text: string) => Number(text.replaceAll(',', ''));
