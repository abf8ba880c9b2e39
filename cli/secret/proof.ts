import type { SenderSecrets, Way } from '../../events/keyring/keyring.ts';

/** How a sender may prove itself, as the commands name it. */
export const proofs = ['hmac-sha512', 'hmac-sha256', 'secret'] as const;

/** One of {@link proofs}. */
export type Proof = (typeof proofs)[number];

/** Which keyring a proof is kept in. */
export const wayOf = (proof: Proof): Way => (proof === 'secret' ? 'secret' : 'hmac');

/** How a sender of a keyring proves itself. */
export function proofOf(way: Way, { algorithm = 'sha512' }: SenderSecrets): Proof {
  return way === 'secret' ? 'secret' : `hmac-${algorithm}`;
}
