/** One line of a bill. */
export interface CostLine {
  /** What it is paid for. */
  readonly component: string;
  /** The consumer because of which it is paid. @default - it is paid for all */
  readonly consumer?: string;
  /** `volume` grows with the webhooks, `fixed` is there without any. */
  readonly kind: 'volume' | 'fixed';
  readonly dollarsAMonth: number;
  /** What was counted, in words. */
  readonly counted: string;
}

/** A quantity in words: 12.3 million requests. */
export function quantity(value: number, unit: string): string {
  const [scaled, word] =
    value >= 1e9
      ? [value / 1e9, ' billion']
      : value >= 1e6
        ? [value / 1e6, ' million']
        : [value, ''];
  return `${Number(scaled.toPrecision(3)).toLocaleString('en-US')}${word} ${unit}`;
}

/** Pieces of 64 KB that EventBridge and SQS bill for so many bytes. */
export const piecesOf = (bytes: number) => Math.max(1, Math.ceil(bytes / 65_536));

/** Seconds of a month of 730 hours, as AWS's own calculator has it. */
export const secondsAMonth = 730 * 3_600;
