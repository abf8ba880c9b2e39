import { hash } from 'node:crypto';

/** One party of a fact: what is known of an address. Short hashes, never the numbers themselves. {} = unknown. */
export interface Party {
  readonly phone?: string;
  readonly lid?: string;
}

/** What makes a fact the same fact. */
export interface FactKey {
  /** Hash of what all reports of the fact share, whatever address form they use. Key for the table. */
  readonly base: string;
  /** Chat, author, reader, … in a fixed order for the family. */
  readonly parties: readonly Party[];
}

/** Unknown against known is the same; different phones or different LIDs are different. */
export function canBeSame(a: readonly Party[], b: readonly Party[]): boolean {
  return a.every((party, index) => {
    const other = b[index] ?? {};
    return !differs(party.phone, other.phone) && !differs(party.lid, other.lid);
  });
}

const differs = (a: string | undefined, b: string | undefined) =>
  a !== undefined && b !== undefined && a !== b;

/** `meta.id`: from the base and, for each party, its phone if known, else its LID. */
export function idOf({ base, parties }: FactKey): string {
  const known = parties.map(({ phone, lid }) => phone ?? lid ?? '');
  if (known.every((each) => each === '')) return base;
  const family = base.slice(0, base.indexOf(':'));
  return `${family}:${hash('sha256', JSON.stringify([base, known]), 'hex').slice(0, 40)}`;
}
