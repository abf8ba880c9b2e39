import { Command } from 'commander';
import { pricesAsOf } from '../lib/prices.ts';
import { addConnectionOptions } from './aws/connection.ts';
import { assumptions } from './cost/assumptions.ts';
import { mixes } from './cost/mixes.ts';
import { parsePair, parseVolumes } from './cost/parse-cost-options.ts';

const collectPair = (given: string, pairs: readonly (readonly [string, string])[] = []) => [
  ...pairs,
  parsePair(given),
];

/** `fanout cost`: what a stack costs for each million webhooks, by component and by consumer. */
export function costCommand(): Command {
  const names = Object.keys(mixes).join(', ');
  return addConnectionOptions(new Command('cost'))
    .description('Dollars for each million webhooks, by component and consumer, from a template')
    .option(
      '--webhooks <list>',
      'webhooks a month: 1M, 250k or 1M,10M,100M',
      parseVolumes,
      [1_000_000, 10_000_000, 100_000_000],
    )
    .option('--mix <mix>', `what comes: ${names}, or a file with one of your own`, 'realistic')
    .option('-c, --context <setting=value>', 'a setting of the app, as for cdk deploy', collectPair)
    .option('--template <file>', 'a synthesized template instead of this project’s app')
    .option('--set <name=value>', 'one of the assumptions below', collectPair)
    .option('--prices <file>', 'prices of your region: JSON with dollars by name of the price')
    .option('--json', 'one JSON object with every line, price and assumption')
    .addHelpText('after', helpText)
    .action(async (options) => (await import('./cost/cost.ts')).cost(options));
}

const helpText = `
Without --template and --stack it is this project's app with its settings. Prices are AWS's list prices of
${pricesAsOf.region} of ${pricesAsOf.date}, without free tiers; nothing here was compared with a bill.

Assumptions:
${Object.entries(assumptions)
  .map(([name, { value, unit }]) => `  ${name.padEnd(18)} ${String(value).padStart(6)}  ${unit}`)
  .join('\n')}

A mix of your own is a JSON list, of which the shares make 1:
  [{"type":"message","share":0.8,"bytes":2300},{"type":"presence.update","share":0.2,"bytes":700,"repeats":0.5}]

Examples:
  fanout cost
  fanout cost --webhooks 3M --mix 2kb
  fanout cost -c noise=presence:drop,engine:drop -c archiveDays=0
  fanout cost --stack WhatsAppEventFanout-prod --set ingestMs=18 --json`;
