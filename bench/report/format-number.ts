import type { Summary } from '../statistics/summary.ts';

/** A number with as many digits as are worth reading. */
export function formatNumber(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en-US');
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

/** A median with the quartiles around it. */
export function formatSummary({ median, low, high }: Summary): string {
  return `${formatNumber(median)} (${formatNumber(low)}–${formatNumber(high)})`;
}

/** Bytes in KB of 1,000. */
export function formatKilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} KB`;
}
