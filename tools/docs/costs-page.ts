import { stateUse, tablePrices } from '../../events/state/state-price.ts';
import { templateOf } from '../../lib/template-of.ts';
import { costLines, costRows } from '../../ops/cost/cost-lines.ts';
import { costValues, facts, prices, pricesAsOf } from '../../ops/cost/numbers.ts';
import { markdownTable } from './markdown.ts';
import { stateUnitsTable } from './state-units.ts';

/** The settings with the lowest cost that still publish each event once, to a consumer that retries. */
export const cheapest = {
  ingress: 'function-url',
  state: 'none',
  identities: 'off',
  archiveDays: 0,
  stateBatchSeconds: 20,
  ingestMemoryMb: 256,
  logRetentionDays: 1,
  authentication: 'hmac',
  alarms: 'off',
  logDataProtection: 'off',
} as const;

/** The settings that change the price, as `name=value`. */
const settings = [
  '',
  'ingress=function-url',
  'ingress=rest-api',
  'archiveDays=0',
  'deduplicate=none',
  'identities=off',
  'alarms=off',
  'dashboard=on',
  'state=groups,calls,labels,sessions',
  'state=none',
  'stateDays=365',
  'filters=message:drop',
  Object.entries(cheapest)
    .map(([name, value]) => `${name}=${value}`)
    .join(' '),
];

const volumes = [1e6, 1e7, 1e8];
const header = ['1 million', '10 million', '100 million'];
let page: string | undefined;

/** docs/costs.md, made once in a process: it synthesizes the app with each of the settings. */
export function costsPage(): string {
  page ??= makePage();
  return page;
}

const dollars = (values: readonly number[]) => values.map((value) => value.toFixed(2));

function makePage(): string {
  const bills = settings.map((setting) => {
    const context = Object.fromEntries(
      setting.split(' ').flatMap((each) => (each === '' ? [] : [each.split('=')])),
    );
    const template = templateOf(context);
    return volumes.map((webhooks) => costLines(template, webhooks, costValues()));
  });
  const rowsOf = (index: number, isFixed: boolean) =>
    costRows(bills[index] ?? [], volumes, isFixed);
  const settingTable = markdownTable(
    ['setting', ...header, 'fixed', ...header.map((volume) => `${volume}, all`)],
    settings.map((setting, index) => {
      const [used = [], fixed = []] = [false, true].map((each) => rowsOf(index, each).at(-1)?.[1]);
      const all = used.map((value, at) => value + (fixed[at] ?? 0) / 10 ** at);
      const name = setting === '' ? 'the default' : setting.replaceAll(/\S+/g, '`$&`');
      return [name, ...dollars(used), ...dollars(fixed.slice(0, 1)), ...dollars(all)];
    }),
  );
  const componentTable = (isFixed: boolean) =>
    markdownTable(
      ['component', ...header],
      rowsOf(0, isFixed).map(([label, values]) => [label, ...dollars(values)]),
    );
  return `${[
    intro,
    settingTable,
    notes,
    '## What the default is made of\n\nFor each million webhooks:',
    componentTable(false),
    'Fixed cost per month; a queue in use is polled less:',
    componentTable(true),
    stateIntro,
    stateUnitsTable(),
    '## Assumptions\n\n`counted` and `measured` by tests of this project; the rest is assumed:',
    numberTable(facts),
    `## Prices\n\nUS dollars, ${pricesAsOf.region}, ${pricesAsOf.date}, without free tiers. \`list\`: read in AWS's list at that date; \`quoted\`: as publications of 2026 quote it; \`memory\`: not looked up again. Each links AWS's page.`,
    numberTable(prices),
  ].join('\n\n')}\n`;
}

const numberTable = (numbers: typeof facts | typeof prices) =>
  markdownTable(
    ['name', 'value', 'of', 'source'],
    Object.entries(numbers).map(([name, { value, per, unit, source }]) => [
      `\`${name}\``,
      String(value),
      per === 1 ? unit : `${per.toLocaleString('en-US')} ${unit}`,
      source,
    ]),
  );

const intro = `# What it costs

The table shows the cost in US dollars per million webhooks, at 1, 10 and 100 million webhooks a month, by setting.
Each webhook is a message of 2 KB for one consumer. The first three columns are the usage charges. \`fixed\` is
charged each month even without webhooks, here at 1 million. The last three columns are the sum of both, per million.`;

const { chatWrites, chatReads, messagesAnHour } = stateUse;
const { millionWrites, millionReads } = tablePrices;
const dollarsIfAlone =
  (1 - 1 / messagesAnHour) * (chatWrites * millionWrites + chatReads * millionReads);

const stateIntro = `## What state takes

Write units of DynamoDB by event type, counted on the examples; a unit is 1 KB of an item that is begun. \`each\`
is written for every event. \`first of an hour\` is written by the first message of an hour in its chat, so that a
message takes two units at most, and one in a conversation. \`once\` is written when a session, a label or the
second address of a person is first seen. What is usually stored already is read instead, for a tenth of the
price, unless the function has just seen it. An item with a text of more than about 500 bytes takes one unit
more for each KB; a text is cut at 65,536 characters.

The tables above assume ${messagesAnHour} messages of a chat in an hour in which it has any. If each was alone in
its hour, a million messages would cost $${dollarsIfAlone.toFixed(2)} more.`;

const notes = `\`filters=message:drop\` is the price of a webhook that a filter rule drops. Events of other types cost what
messages do, but for the state they write: see [below](#what-state-takes).

Made by \`npm run docs\`: resources are counted in the synthesized template, requests by what the pipeline does
for an event. **Nothing was compared with a bill.** Not counted, as cents: scheduled functions, failed
deliveries, requests to KMS. Not counted either: data transfer, and targets that are no queue of this stack.

For your own settings, volume and prices: \`npx fanout cost\`, with \`-c name=value\` as for \`cdk deploy\`,
\`--set\` for any number below, \`--template\` for the template of a deployed stack.`;
