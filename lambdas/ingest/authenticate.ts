import { isSameSecret, isSignature, signatureHeader } from '../../events/signature.ts';

/** Which proofs a stage takes: a signature over the body, a secret sent along, or either. */
export type Authentication = 'hmac' | 'secret' | 'any';

/** What a stage compares with. A secret that is absent is never equal to anything. */
export interface Secrets {
  /** The key of the sender's HMAC. */
  readonly signing?: string | undefined;
  /** What a sender that does not sign sends along. */
  readonly url?: string | undefined;
}

/** The parts of a request that authentication reads. Header names are lower case. */
export interface SignedRequest {
  readonly rawBody: Uint8Array;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
}

/** The query parameter in which Wawp's documentation advises to put a secret. */
export const secretParameter = 'secret';

/** The header for senders that can add one but cannot sign. */
export const secretHeader = 'x-webhook-secret';

/**
 * Whether a request proves that it comes from a sender that knows this stage's secret. A request
 * that carries a signature is judged by the signature alone, so that a changed body is refused even
 * when a secret in its URL is right.
 */
export function isAuthentic(
  request: SignedRequest,
  secrets: Secrets,
  accepted: Authentication,
): boolean {
  const signature = request.headers[signatureHeader];
  if (signature !== undefined && accepted !== 'secret') {
    return isSignature(signature, request.rawBody, secrets.signing ?? '');
  }
  if (accepted === 'hmac') return false;
  return presentedSecrets(request).some((given) => isSameSecret(given, secrets.url ?? ''));
}

function presentedSecrets({ headers, query }: SignedRequest): string[] {
  const bearer = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return [query[secretParameter], headers[secretHeader], bearer].filter(
    (secret): secret is string => secret !== undefined,
  );
}
