import { readFileSync } from 'node:fs';
import {
  type PriceName,
  prices,
  pricesAsOf,
  type UnitPrices,
  unitPrices,
} from '../../lib/prices.ts';
import type { ConnectionOptions } from '../aws/connection.ts';
import { type Assumed, type AssumptionName, assumed, assumptions } from './assumptions.ts';
import { costOf } from './cost-of.ts';
import { findTemplate } from './find-template.ts';
import { formatCosts } from './format-costs.ts';
import { readMix } from './read-mix.ts';
import { readNumbers } from './read-numbers.ts';
import { readStackFacts } from './stack-facts.ts';

/** What `fanout cost` is told. */
export interface CostOptions extends ConnectionOptions {
  readonly webhooks: readonly number[];
  readonly mix: string;
  readonly context?: readonly (readonly [string, string])[];
  readonly template?: string;
  readonly set?: readonly (readonly [string, string])[];
  readonly prices?: string;
  readonly json?: boolean;
}

/** `fanout cost`: counts, and prints. */
export async function cost(options: CostOptions): Promise<void> {
  const mix = readMix(options.mix);
  const unit = readPrices(options.prices);
  const assume = readAssumed(options.set);
  const { template, source } = await findTemplate(options);
  const facts = readStackFacts(template);
  const costs = options.webhooks.map((webhooks) =>
    costOf({ facts, mix, webhooks, prices: unit, assumed: assume }),
  );
  if (!options.json) {
    console.log(formatCosts(costs, { source, mix: mix.summary, date: pricesAsOf.date }));
    return;
  }
  console.log(
    JSON.stringify({ source, mix, costs, pricesAsOf, unitPrices: unit, assumed: assume }, null, 2),
  );
}

function readPrices(file: string | undefined): UnitPrices {
  if (file === undefined) return unitPrices();
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`The file of prices ${file} cannot be read as JSON.`, { cause: error });
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new Error(
      `The file of prices ${file} must hold one JSON object, such as {"busEvents":1.1}.`,
    );
  }
  return unitPrices(
    readNumbers(Object.entries(given), Object.keys(prices) as PriceName[], 'price'),
  );
}

const readAssumed = (given: CostOptions['set'] = []): Assumed =>
  assumed(readNumbers(given, Object.keys(assumptions) as AssumptionName[], 'assumption'));
