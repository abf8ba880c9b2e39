import { prices, pricesAsOf, unitPrices } from '../../../lib/prices.ts';
import { templateOf } from '../../../lib/template-of.ts';
import { assumed, assumptions } from '../../cost/assumptions.ts';
import { type Cost, costOf } from '../../cost/cost-of.ts';
import { type Mix, mixes } from '../../cost/mixes.ts';
import { readStackFacts, type StackFacts } from '../../cost/stack-facts.ts';
import { rowsOf, stateOf, volumeInWords } from '../../cost/summarize-costs.ts';
import type { TemplateJson } from '../../cost/template-json.ts';
import { markdownTable } from '../markdown-table.ts';
import { type CostOption, costOptions } from './cost-options.ts';

const volumes = [1e6, 1e7, 1e8];

let made: string | undefined;

/** docs/costs.md. Made once in a process: it synthesizes the app with each option. */
export function costsPage(): string {
  made ??= `${[
    intro,
    '## Each option',
    optionTable('2kb'),
    optionTable('realistic'),
    `What the options are set to, beside the defaults:\n\n${settingsTable()}`,
    '## What the default is made of',
    ...Object.keys(mixes).map((name) => componentTable(name as keyof typeof mixes)),
    '## The mixes',
    ...Object.entries(mixes).map(([name, mix]) => mixTable(name, mix)),
    '## Assumptions',
    markdownTable(
      ['name for `--set`', 'value', 'unit', 'where it comes from'],
      Object.entries(assumptions).map(([name, { value, unit, source }]) => [
        `\`${name}\``,
        String(value),
        unit,
        source,
      ]),
    ),
    '## Prices',
    `US dollars of ${pricesAsOf.region} as of ${pricesAsOf.date}. \`memory\`: not looked up again at that date.`,
    markdownTable(
      ['name for `--prices`', 'dollars', 'for', 'known from'],
      Object.entries(prices).map(([name, { dollars, per, unit, page, known }]) => [
        `\`${name}\``,
        String(dollars),
        `${per === 1 ? 'each' : per.toLocaleString('en-US')} ${unit}`,
        `[${known}](${page})`,
      ]),
    ),
  ].join('\n\n')}\n`;
  return made;
}

const intro = `# What it costs

Made by \`npm run docs\` from the synthesized template, [a price list](../lib/prices.ts) and
[assumptions](../cli/cost/assumptions.ts). The same for your own settings, volumes and mix, or for a stack that
is deployed:

\`\`\`sh
npx fanout cost --webhooks 3M --mix realistic -c noise=presence:drop,engine:drop
npx fanout cost --stack WhatsAppEventFanout-prod --set ingestMs=18
\`\`\`

All numbers are US dollars for each million webhooks *received*, without free tiers, and count what is paid
without any webhook too: idle polls, alarms, the dashboard, secrets, metrics. That part is divided by the
volume, which is why a million a month costs more each than a hundred. **None of it was compared with a
bill.** What is not counted: data transfer, requests to KMS with a key of your own, what a service of your
own does with a queue, and what your own rules and consumers cost unless they are in the template.

Keeping state of messages is a service of its own beside the delivery, and costs more than it, so that it is
kept only where it is asked for ([why](decisions/state-of-messages-if-asked.md)); the column says how much of
the whole state is (written, and kept once as much expires as comes).

What was aimed at, for a million webhooks: $4.60 for the line *as it comes* of the first table (each webhook
a message of 2 KB heard by one consumer, which other designs can be compared by), $3.70 for the cheapest
option there (*frugal*), and $2.50 for a realistic mix without its noise (*frugal, noise left out* in the
second table). The tables say at which volume each is met: fixed costs are $10 a month, of which alarms and
the dashboard are $7.`;

const factsOf = new Map<string, StackFacts>();

function factsWith({ name, settings }: CostOption): StackFacts {
  const known = factsOf.get(name) ?? readStackFacts(templateOf(settings) as TemplateJson);
  factsOf.set(name, known);
  return known;
}

const costsWith = (option: CostOption, mix: Mix): readonly Cost[] =>
  volumes.map((webhooks) =>
    costOf({ facts: factsWith(option), mix, webhooks, prices: unitPrices(), assumed: assumed() }),
  );

const dollars = (value: number) => value.toFixed(2);

function optionTable(name: keyof typeof mixes): string {
  const header = [
    'option',
    ...volumes.map((volume) => `${volumeInWords(volume)} a month`),
    'of it state',
    'fixed, a month',
  ];
  const rows = costOptions.map((option) => {
    const costs = costsWith(option, mixes[name]);
    const [first] = costs as [Cost];
    return [
      option.name,
      ...costs.map(({ dollarsAMillion }) => dollars(dollarsAMillion)),
      dollars(stateOf(first)),
      dollars(first.fixedDollarsAMonth),
    ];
  });
  return `**${name}**: ${mixes[name].summary}.\n\n${markdownTable(header, rows)}`;
}

const settingsTable = () =>
  markdownTable(
    ['option', 'settings'],
    costOptions.slice(1).map(({ name, settings }) => [
      name,
      Object.entries(settings)
        .map(([setting, value]) => `\`${setting}=${value}\``)
        .join(' '),
    ]),
  );

function componentTable(name: keyof typeof mixes): string {
  const costs = costsWith(costOptions[0] as CostOption, mixes[name]);
  const rows = rowsOf(costs).filter(({ dollarsAMillion }) =>
    dollarsAMillion.some((value) => value >= 0.005),
  );
  return `**${name}**, as it comes:\n\n${markdownTable(
    ['component', 'for', ...volumes.map(volumeInWords)],
    rows.map(({ component, consumer, dollarsAMillion }) => [
      component,
      consumer,
      ...dollarsAMillion.map(dollars),
    ]),
  )}`;
}

function mixTable(name: string, { summary, rows }: Mix): string {
  return `**${name}**: ${summary}.\n\n${markdownTable(
    ['kind', 'share', 'bytes', 'by this account', 'why'],
    rows.map(({ type, share, bytes, fromMe, repeats = 0, reason = '' }) => [
      `\`${type}\``,
      `${Number((share * 100).toFixed(2))} %`,
      bytes.toLocaleString('en-US'),
      fromMe === undefined ? '' : fromMe ? 'yes' : 'no',
      repeats > 0 ? `${reason}; ${repeats * 100} % repeat within half a minute` : reason,
    ]),
  )}`;
}
