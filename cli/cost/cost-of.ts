import type { UnitPrices } from '../../lib/prices.ts';
import type { Assumed } from './assumptions.ts';
import { consumerLines } from './consumer-lines.ts';
import type { CostLine } from './cost-line.ts';
import { ingestLines } from './ingest-lines.ts';
import type { Mix } from './mixes.ts';
import type { StackFacts } from './stack-facts.ts';
import { standingLines } from './standing-lines.ts';
import { type Flow, flowsThrough } from './traffic.ts';

/** What the lines of a bill are made from. */
export interface CostContext {
  readonly facts: StackFacts;
  readonly flows: readonly Flow[];
  readonly prices: UnitPrices;
  readonly assumed: Assumed;
}

/** What {@link costOf} counts. */
export interface CostQuestion {
  readonly facts: StackFacts;
  readonly mix: Mix;
  /** Webhooks a month that the front door receives. */
  readonly webhooks: number;
  readonly prices: UnitPrices;
  readonly assumed: Assumed;
}

/** What a stack costs a month. */
export interface Cost {
  readonly webhooks: number;
  readonly lines: readonly CostLine[];
  readonly dollarsAMonth: number;
  /** For each million webhooks received. */
  readonly dollarsAMillion: number;
  /** The part of it that is there without any webhook. */
  readonly fixedDollarsAMonth: number;
}

/** Counts what a stack costs with so many webhooks of a mix. Pure: no clock, no network. */
export function costOf({ facts, mix, webhooks, prices, assumed }: CostQuestion): Cost {
  const context = { facts, prices, assumed, flows: flowsThrough(facts, mix, webhooks) };
  const lines = [...ingestLines(context), ...consumerLines(context), ...standingLines(context)];
  const dollarsAMonth = total(lines);
  return {
    webhooks,
    lines,
    dollarsAMonth,
    dollarsAMillion: (dollarsAMonth / webhooks) * 1_000_000,
    fixedDollarsAMonth: total(lines.filter(({ kind }) => kind === 'fixed')),
  };
}

const total = (lines: readonly CostLine[]) =>
  lines.reduce((sum, { dollarsAMonth }) => sum + dollarsAMonth, 0);
