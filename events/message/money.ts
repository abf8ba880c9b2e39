import type { ContentParts } from './content-data.ts';
import { readCount } from './engines/raw-value.ts';

type Money = NonNullable<ContentParts['order']>['total'];

const currencyPattern = /^[A-Z]{3}$/;

/** Number of digits after the decimal point by ISO 4217, for currencies that do not have two. */
const minorDigits: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'
    .split(' ')
    .map((currency) => [currency, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((currency) => [currency, 3] as const),
]);

/**
 * Converts an amount in thousandths, as WhatsApp writes it, to decimal text with the digits of its currency;
 * with more digits only if the amount needs them. Undefined unless there are both an amount and a currency.
 */
export function readMoney(thousandths: unknown, currency: unknown): Money {
  const amount = readCount(thousandths);
  if (amount === undefined || typeof currency !== 'string' || !currencyPattern.test(currency)) {
    return undefined;
  }
  const integerPart = String(Math.floor(amount / 1000));
  const fraction = String(amount % 1000).padStart(3, '0');
  const used = fraction.replace(/0+$/, '').length;
  const digits = Math.max(minorDigits.get(currency) ?? 2, used);
  return {
    amount: digits === 0 ? integerPart : `${integerPart}.${fraction.slice(0, digits)}`,
    currency,
  };
}
