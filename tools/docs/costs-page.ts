import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type EventType, typesInCategory } from '../../events/catalog.ts';
import type { BusType, Sender, WhatsAppEvent } from '../../events/envelope.ts';
import { exampleWebhook } from '../../events/example-webhook.ts';
import { normalizeWebhook } from '../../events/normalize.ts';
import { parse } from '../../events/parse.ts';
import { stateUse, tablePrices } from '../../events/state/state-price.ts';
import { callRegisters } from '../../lambdas/state/call-registers.ts';
import { groupRegisters } from '../../lambdas/state/group-registers.ts';
import { labelRegisters } from '../../lambdas/state/label-registers.ts';
import { messageRegisters } from '../../lambdas/state/message-registers.ts';
import { type Register, type RegistersOf, registersOf } from '../../lambdas/state/register.ts';
import { sessionRegisters } from '../../lambdas/state/session-registers.ts';
import { toItem } from '../../lambdas/state/state.ts';
import { templateOf } from '../../lib/template-of.ts';
import { costLines, costRows } from '../../ops/cost/cost-lines.ts';
import { costValues, facts, prices, pricesAsOf } from '../../ops/cost/numbers.ts';
import { markdownTable } from './markdown.ts';

/** What still publishes each event once, to a consumer that retries, for the least money. */
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

type Bills = readonly (readonly ReturnType<typeof costLines>[])[];
let madeBills: Bills | undefined;

/** For each setting the lines of the bill at each volume; made once in a process, by a synth for each setting. */
function bills(): Bills {
  madeBills ??= settings.map((setting) => {
    const context = Object.fromEntries(
      setting.split(' ').flatMap((each) => (each === '' ? [] : [each.split('=')])),
    );
    const template = templateOf(context);
    return volumes.map((webhooks) => costLines(template, webhooks, costValues()));
  });
  return madeBills;
}

/** What a million webhooks cost with a setting, in dollars. */
interface CostTotal {
  /** The setting; `the default` for none. */
  readonly name: string;
  /** At each volume: what each million uses, and its share of the fixed monthly cost. */
  readonly perMillion: readonly (readonly [used: number, fixed: number])[];
}

/** The totals for each setting, at 1, 10 and 100 million webhooks a month. */
export function costTotals(): readonly CostTotal[] {
  return settings.map((setting, index) => {
    const totalOf = (isFixed: boolean) =>
      costRows(bills()[index] ?? [], volumes, isFixed).at(-1)?.[1] ?? [];
    const [used, fixed] = [totalOf(false), totalOf(true)];
    return {
      name: setting === '' ? 'the default' : setting,
      perMillion: used.map((value, at) => [value, (fixed[at] ?? 0) / 10 ** at]),
    };
  });
}

const dollars = (values: readonly number[]) => values.map((value) => value.toFixed(2));

/** docs/costs.md. */
export function costsPage(): string {
  const settingTable = markdownTable(
    ['setting', ...header, 'fixed', ...header.map((volume) => `${volume}, all`)],
    costTotals().map(({ name, perMillion }) => [
      name.includes('=') ? name.replaceAll(/\S+/g, '`$&`') : name,
      ...dollars(perMillion.map(([used]) => used)),
      ...dollars(perMillion.slice(0, 1).map(([, fixed]) => fixed)),
      ...dollars(perMillion.map(([used, fixed]) => used + fixed)),
    ]),
  );
  const componentTable = (isFixed: boolean) =>
    markdownTable(
      ['component', ...header],
      costRows(bills()[0] ?? [], volumes, isFixed).map(([label, values]) => [
        label,
        ...dollars(values),
      ]),
    );
  return `${[
    intro,
    settingTable,
    notes,
    '## Cost of the default settings\n\nVariable cost of each million webhooks:',
    componentTable(false),
    'Fixed cost per month. Idle queues are polled all the time; polling of a queue with messages is part of the variable cost:',
    componentTable(true),
    stateIntro,
    stateUnitsTable(),
    '## Assumptions\n\nValues with the source `counted` or `measured` are verified by tests of this project; the others are assumptions:',
    numberTable(facts),
    `## Prices\n\nUS dollars, ${pricesAsOf.region}, ${pricesAsOf.date}, without free tiers. The source links to AWS's page. \`list\`: read from AWS's price list at that date. \`quoted\`: quoted from publications of 2026. \`memory\`: not verified.`,
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

const intro = `# Costs

This page estimates the cost of the pipeline in US dollars, for 1, 10 and 100 million webhooks per month and by setting.
Each webhook is a message of 2 KB for one consumer. The first three columns are the variable cost of each million
webhooks. \`fixed\` is the monthly cost without any webhook. The last three columns are the sum of both for each million
webhooks.

![Dollars for a million webhooks by setting, at three volumes](images/costs.svg)`;

const { chatWrites, chatReads, messagesAnHour } = stateUse;
const { millionWrites, millionReads } = tablePrices;
const dollarsIfAlone =
  (1 - 1 / messagesAnHour) * (chatWrites * millionWrites + chatReads * millionReads);

const stateIntro = `## Cost of state

The table lists the DynamoDB write units of each event type, counted with the examples of the catalog. A write unit is
one started KB of an item. \`each\` is written for every event. \`first of an hour\` is written for the first message
of an hour in its chat, so a message costs two units at most, and one unit in a conversation. \`once\` is written when a
session, a label or the second address of a person is first seen. Items that are usually stored already are read first,
for a tenth of the price of a write, unless the function instance has read them before. An item with a text of more than
about 500 bytes costs one more unit for each KB; texts are cut at 65,536 characters.

The tables above assume ${messagesAnHour} messages in each hour in which a chat has messages. With one message in each such
hour, a million messages would cost $${dollarsIfAlone.toFixed(2)} more.`;

const notes = `\`filters=message:drop\` is the cost of a webhook that a filter rule drops. Events of other types cost the same as
messages, except for the state that they write: see [Cost of state](#cost-of-state).

\`npm run docs\` generates this page. It counts the resources in the synthesized template, and the requests that the
pipeline makes for an event. **The estimate was not compared with a bill.** It does not include scheduled functions, failed
deliveries and requests to KMS, which cost cents, nor data transfer and targets that are not queues of this stack.

\`npx fanout cost\` computes the cost of your own settings and volume, with \`-c name=value\` as for \`cdk deploy\`.
\`--set\` changes any assumption or price below, and \`--template\` reads the template of a deployed stack.`;

/** Which event types write state, and what they write. */
export const stateConsumers = {
  messages: {
    types: [...typesInCategory('messages'), ...typesInCategory('polls')],
    registers: messageRegisters,
  },
  groups: { types: typesInCategory('groups'), registers: groupRegisters },
  calls: { types: typesInCategory('calls'), registers: callRegisters },
  labels: { types: typesInCategory('labels'), registers: labelRegisters },
  sessions: { types: typesInCategory('sessions'), registers: sessionRegisters },
} as const satisfies Record<string, { types: readonly EventType[]; registers: object }>;

/** Days in the example of an expiry. */
const stateDays = 30;

/** The write units of an event's state. */
interface StateUnits {
  /** Of what is written for each event. */
  readonly each: number;
  /** Of what is written if it is the first of its chat in an hour. */
  readonly hourly: number;
  /** Of what is written once: the session, and the two addresses of a person. */
  readonly once: number;
}

/** The example of an event as a consumer receives it. */
export function exampleEvent(type: EventType, sender: Sender): WhatsAppEvent {
  const body = Buffer.from(JSON.stringify(exampleWebhook(type, sender)));
  const request = { receivedAt: new Date(Date.UTC(2026, 0, 1, 12)), requestId: 'request' };
  const [envelope] = normalizeWebhook(body, request).events;
  if (!envelope) {
    throw new Error(`The example of ${type} makes no event.`);
  }
  return parse(envelope);
}

/** The write units of the items of an event (DynamoDB Developer Guide, "Write capacity unit consumption"). */
export function stateUnitsOf(registers: object, event: WhatsAppEvent): StateUnits {
  const written = registersOf(registers as RegistersOf<BusType>, event);
  const units = (is: (register: Register) => boolean) =>
    written
      .filter(is)
      .reduce((sum, register) => sum + Math.ceil(itemSize(toItem(register, stateDays)) / 1_024), 0);
  return {
    each: units(({ isRepeated }) => !isRepeated),
    hourly: units(({ isRepeated, receivedAt }) => isRepeated === true && receivedAt !== undefined),
    once: units(({ isRepeated, receivedAt }) => isRepeated === true && receivedAt === undefined),
  };
}

/** Bytes of an item (DynamoDB Developer Guide, "DynamoDB item sizes and formats"). */
export const itemSize = (item: Readonly<Record<string, AttributeValue>>): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value),
    0,
  );

function valueSize({ S, N, L, M }: AttributeValue): number {
  if (S !== undefined) {
    return Buffer.byteLength(S);
  }
  if (N !== undefined) {
    return Math.ceil(N.replace(/[.-]/g, '').length / 2) + 1;
  }
  if (M !== undefined) {
    return 3 + Object.keys(M).length + itemSize(M);
  }
  if (L !== undefined) {
    return L.reduce((sum, each) => sum + 1 + valueSize(each), 3);
  }
  return 1;
}

/** The write units of each event type that writes state, by the example of WAHA. */
function stateUnitsTable(): string {
  const rows = Object.entries(stateConsumers).flatMap(([consumer, { types, registers }]) =>
    types.map((type) => {
      const { each, hourly, once } = stateUnitsOf(registers, exampleEvent(type, 'waha'));
      return [`\`${type}\``, consumer, ...[each, hourly, once].map(String)];
    }),
  );
  return markdownTable(['event type', 'consumer', 'each', 'first of an hour', 'once'], rows);
}
