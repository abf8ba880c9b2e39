import { prices } from '../../cli/cost/numbers.ts';

/** What the curve is made of: CPU milliseconds, measured. */
export interface MeasuredWork {
  /** For a webhook of 2 KB, warm. */
  readonly warmCpuMs: number;
  /** From the start of the process to the first answer. */
  readonly coldCpuMs: number;
}

/** What a function of some memory takes, and costs. */
export interface MemoryPoint {
  readonly memoryMb: number;
  /** Billed milliseconds of a webhook. */
  readonly warmMs: number;
  /** Billed milliseconds of a cold start. */
  readonly coldMs: number;
  /** For a million webhooks, requests not included. */
  readonly dollars: number;
}

/** "At 1,769 MB, a function has the equivalent of one vCPU" (Lambda Developer Guide, "Memory"). */
const memoryOfOneCpu = 1_769;

/** Milliseconds for which ingest waits for others: two calls of DynamoDB and PutEvents; an estimate. */
export const waitMs = 20;

/** Share of the webhooks that start a function (Lambda Developer Guide: "typically under 1 %"). */
export const coldShare = 0.01;

/** Memory sizes that are looked at, in MB. */
export const memorySizes = [128, 256, 512, 1_024, 1_769] as const;

/** Duration and price by memory: the CPU's share grows with it, and the time to wait for others does not shrink. */
export function memoryCurve({ warmCpuMs, coldCpuMs }: MeasuredWork): MemoryPoint[] {
  const { value: dollars, per } = prices.lambdaGbSeconds;
  return memorySizes.map((memoryMb) => {
    const share = Math.min(1, memoryMb / memoryOfOneCpu);
    const warmMs = warmCpuMs / share + waitMs;
    const coldMs = coldCpuMs / share + waitMs;
    const gbSeconds = ((memoryMb / 1_024) * (warmMs + coldShare * coldMs)) / 1_000;
    return { memoryMb, warmMs, coldMs, dollars: (gbSeconds * 1_000_000 * dollars) / per };
  });
}
