/** Measured values in short. */
export interface Summary {
  readonly median: number;
  /** A quarter of the values lie below. */
  readonly low: number;
  /** A quarter of the values lie above. */
  readonly high: number;
  /** How many values there are. */
  readonly rounds: number;
}

/** Median and quartiles of what was measured. */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => {
    const place = part * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? Number.NaN;
    return below + ((sorted[Math.ceil(place)] ?? Number.NaN) - below) * (place % 1);
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75), rounds: sorted.length };
}
