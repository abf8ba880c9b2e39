import { Command, InvalidArgumentError, Option } from 'commander';
import { showStep } from './terminal/progress.ts';
import { parseJson, readTextFile } from './terminal/read-text-file.ts';
import { formatTable } from './terminal/table.ts';

type Pairs = readonly (readonly [name: string, value: string])[];

/** `fanout cost`: estimates the cost of a stack per month and per million webhooks. */
export function costCommand(): Command {
  return new Command('cost')
    .summary('Estimate the cost of a stack')
    .description(
      'Estimate the cost of a stack per month and per million webhooks, from its template',
    )
    .addOption(
      new Option('--millions <list>', 'millions of webhooks a month')
        .argParser(parseMillions)
        .default([1, 10, 100], '1,10,100'),
    )
    .option('-c, --context <setting=value>', 'a setting, as for cdk deploy', collectPair)
    .addOption(
      new Option('--template <file>', 'a template instead of the app in this directory').conflicts(
        'context',
      ),
    )
    .option('--set <name=value>', 'a price or fact of docs/costs.md', collectPair)
    .option('--json', 'every cost line as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  fanout cost --millions 0.3 -c archiveDays=0
  fanout cost --set bytes=900 --set ingestMs=18 --set busEvents=1.1
  aws cloudformation get-template --stack-name NAME \\
    --query TemplateBody > stack.json
  fanout cost --template stack.json`,
    )
    .action(async (options, command) => cost(options, command));
}

interface CostOptions {
  readonly millions: readonly number[];
  readonly context?: Pairs;
  readonly template?: string;
  readonly set?: Pairs;
  readonly json?: boolean;
}

async function cost(
  { millions, context = [], template, set = [], json }: CostOptions,
  command: Command,
): Promise<void> {
  const { costLines, costRows } = await import('../ops/cost/cost-lines.ts');
  const { costValues } = await import('../ops/cost/numbers.ts');
  let values: ReturnType<typeof costValues>;
  try {
    values = costValues(Object.fromEntries(set));
  } catch (error) {
    return command.error(`error: ${(error as Error).message}`);
  }
  const resources =
    template === undefined
      ? await showStep(
          'Synthesizing the app',
          async () =>
            (await import('../lib/template-of.ts')).templateOf(
              Object.fromEntries(context),
              undefined,
              '.',
            ),
          true,
        )
      : parseJson(readTextFile(template, command), template, command);
  const volumes = millions.map((count) => count * 1e6);
  const bills = volumes.map((webhooks) => costLines(resources, webhooks, values));
  if (json) {
    return console.log(JSON.stringify({ millions, bills, values }));
  }
  for (const isFixed of [false, true]) {
    const title = isFixed ? 'fixed, per month' : 'US dollars per million webhooks';
    const rows = costRows(bills, volumes, isFixed).map(([label, dollars]) => [
      label,
      ...dollars.map((value) => value.toFixed(2).padStart(9)),
    ]);
    console.log(`${formatTable([title, ...millions.map((count) => `${count} million`)], rows)}\n`);
  }
}

function parseMillions(given: string): readonly number[] {
  const numbers = given.split(',').map((text) => (text.trim() === '' ? 0 : Number(text)));
  if (numbers.every((number) => number > 0 && number <= 1e6)) {
    return numbers;
  }
  throw new InvalidArgumentError(`"${given}" is no list of millions, such as 0.25 or 1,10.`);
}

function collectPair(given: string, pairs: Pairs = []): Pairs {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
  if (name !== undefined && value !== undefined) {
    return [...pairs, [name, value]];
  }
  throw new InvalidArgumentError(`"${given}" is not of the form name=value.`);
}
