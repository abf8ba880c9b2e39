import type { Envelope } from '../../events/envelope.ts';
import type {
  AuthScheme,
  Keyring,
  LiveSecret,
  SenderSecrets,
} from '../../events/keyring/keyring.ts';
import { ingestMetrics } from '../../events/names.ts';
import {
  isSameSecret,
  isSignature,
  looksLikeSignature,
  signatureHeader,
} from '../../events/signature.ts';
import { count } from '../runtime/count.ts';
import { RefusedError } from './responses.ts';
import type { SecretCache } from './secret-cache.ts';

/** The authentication that a stage accepts: a signature of the body, a secret in the request, or either. */
export type Authentication = AuthScheme | 'any';

/** The keyrings of a stage. An absent auth scheme accepts no request. */
export type Keyrings = Readonly<Partial<Record<AuthScheme, Keyring>>>;

/** The parts of a request that may contain a secret. Header names are lower case. */
export interface SecretPlaces {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Path as the API reports it. */
  readonly path: string;
}

/** The parts of a request that authentication reads. */
export interface SignedRequest extends SecretPlaces {
  readonly rawBody: Uint8Array;
}

/** A live secret that a request matches, by a signature or by the secret itself. */
export interface Match {
  /** Name of the sender that the secret belongs to. */
  readonly sender: string;
  readonly secretId: string;
  /** Whether the sender also has a newer secret. */
  readonly isOlder: boolean;
  /** Sessions whose events the sender may send. @default - all */
  readonly sessions?: readonly string[] | undefined;
}

/** Which proof a request lacks, or which one does not fit. For the log, never for the answer. */
export type AuthFault =
  | 'no-proof'
  | 'no-signature'
  | 'no-secret'
  | 'malformed-signature'
  | 'wrong-signature'
  | 'wrong-secret';

/** Result of comparing a request with every live secret. */
export interface Comparison {
  /** Empty if the request is not authentic. */
  readonly matches: readonly Match[];
  /** Whether the request has a signature or a secret. If not, reading newer secrets would not help. */
  readonly isPresented: boolean;
  /** What is wrong if nothing matches. */
  readonly fault: AuthFault;
}

/**
 * Finds the live secrets that a request matches. Every secret is compared, also after a match, so that the
 * response time reveals nothing. If a request has a signature, only the signature is checked: a changed body
 * is refused even if its URL contains a valid secret.
 */
export function authenticate(
  request: SignedRequest,
  keyrings: Keyrings,
  accepted: Authentication,
): Comparison {
  if (accepted !== 'secret' && isSigned(request, keyrings.hmac)) {
    return compareSignatures(request, keyrings.hmac);
  }
  if (accepted === 'hmac') {
    return { matches: [], isPresented: false, fault: 'no-signature' };
  }
  const compared = compareSecrets(request, keyrings.secret);
  return accepted === 'any' && !compared.isPresented
    ? { ...compared, fault: 'no-proof' }
    : compared;
}

const isSigned = ({ headers }: SignedRequest, keyring: Keyring | undefined) =>
  headers[signatureHeader] !== undefined ||
  Object.values(keyring?.senders ?? {}).some(
    ({ header }) => header !== undefined && headers[header] !== undefined,
  );

function compareSignatures(
  { headers, rawBody }: SignedRequest,
  keyring: Keyring | undefined,
): Comparison {
  const matches = matchesOf(keyring, ({ value }, { algorithm, header = signatureHeader }) =>
    isSignature(readSignature(headers[header]), rawBody, value, algorithm),
  );
  const isPresented = matches.length > 0 || isAnySignature(headers);
  return { matches, isPresented, fault: isPresented ? 'wrong-signature' : 'malformed-signature' };
}

const isAnySignature = (headers: SignedRequest['headers']) =>
  Object.values(headers).some((text) => {
    const signature = readSignature(text);
    return looksLikeSignature(signature, 'sha512') || looksLikeSignature(signature, 'sha256');
  });

/**
 * Removes the prefix `sha256=` or `sha512=`, which GitHub, Meta and others write before the signature. The
 * keyring's settings of the sender name the digest.
 */
const readSignature = (text = '') => text.replace(/^sha(?:256|512)=/, '');

function compareSecrets(request: SignedRequest, keyring: Keyring | undefined): Comparison {
  const matches = matchesOf(keyring, ({ value }, { header }) =>
    isAnySame(presentedSecrets(request, header), value),
  );
  const headers = Object.values(keyring?.senders ?? {}).map(({ header }) => header);
  const isPresented = [undefined, ...headers].some(
    (header) => presentedSecrets(request, header).length > 0,
  );
  return { matches, isPresented, fault: isPresented ? 'wrong-secret' : 'no-secret' };
}

/** Compares all values in constant time; `some` would stop at the first match. */
const isAnySame = (given: readonly string[], value: string) =>
  given.filter((secret) => isSameSecret(secret, value)).length > 0;

function matchesOf(
  keyring: Keyring | undefined,
  fits: (secret: LiveSecret, sender: SenderSecrets) => boolean,
): Match[] {
  const matches: Match[] = [];
  for (const [name, sender] of Object.entries(keyring?.senders ?? {})) {
    for (const secret of sender.secrets) {
      if (!fits(secret, sender)) {
        continue;
      }
      matches.push({
        sender: name,
        secretId: secret.id,
        isOlder: secret !== sender.secrets.at(-1),
        sessions: sender.sessions,
      });
    }
  }
  return matches;
}

/** The query parameter in which Wawp's documentation advises to put a secret. */
export const secretParameter = 'secret';

/** The header for senders that can add one but cannot sign. */
export const secretHeader = 'x-webhook-secret';

/** Matches the last part of a path such as `/webhooks/SECRET`. */
const secretInPath = /\/webhooks\/([^/]+)\/?$/;

/** All secrets in a request: in a header, as a bearer token, in the query, in the path. */
export function presentedSecrets(
  { headers, query, path }: SecretPlaces,
  header: string = secretHeader,
): string[] {
  const bearer = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const inPath = secretInPath.exec(path)?.[1];
  return [query[secretParameter], headers[header], bearer, inPath].filter(
    (secret): secret is string => secret !== undefined && secret !== '',
  );
}

/** The accepted authentication and the secrets to compare with. */
export interface KeyringSource {
  readonly authentication: Authentication;
  /** Keyrings by auth scheme. */
  readonly keyrings: SecretCache<AuthScheme, Keyring>;
}

/**
 * Returns the live secrets that a request matches. If none matches, it reads the secrets again and compares
 * once more, so that a rotated secret works from its first request on.
 *
 * @throws RefusedError if none matches
 */
export async function requireAuthentic(
  request: SignedRequest,
  source: KeyringSource,
): Promise<readonly Match[]> {
  let fault: AuthFault = 'no-proof';
  for (const fresh of [false, true]) {
    const keyrings = await readKeyrings(request, source, fresh);
    const compared = authenticate(request, keyrings, source.authentication);
    const { matches, isPresented } = compared;
    fault = compared.fault;
    if (matches.length > 0) {
      // An older secret can be retired once this metric stays at zero.
      for (const { sender, isOlder } of matches) {
        if (isOlder) {
          count(ingestMetrics.olderSecretUsed, 1, { Sender: sender });
        }
      }
      return matches;
    }
    if (!isPresented) {
      break;
    }
  }
  throw new RefusedError('unauthorized', fault);
}

/**
 * Reads the keyrings that a request may need. If it has a signature in the default header, only the `hmac`
 * keyring.
 */
async function readKeyrings(
  { headers }: SignedRequest,
  { authentication, keyrings }: KeyringSource,
  fresh: boolean,
): Promise<Keyrings> {
  const accepted =
    authentication === 'any' && headers[signatureHeader] !== undefined ? 'hmac' : authentication;
  const read = (scheme: AuthScheme) =>
    accepted === 'any' || accepted === scheme ? keyrings.get(scheme, { fresh }) : undefined;
  try {
    const [hmac, secret] = await Promise.all([read('hmac'), read('secret')]);
    return { ...(hmac && { hmac }), ...(secret && { secret }) };
  } catch (error) {
    throw new RefusedError('unavailable', error);
  }
}

/**
 * Refuses a webhook of a session that none of the matched secrets may send. A webhook that names no session
 * needs a secret without a list of sessions.
 *
 * @throws RefusedError
 */
export function requireCovered(matches: readonly Match[], events: readonly Envelope[]): void {
  for (const { meta } of events) {
    const { session } = meta;
    const isCovered = matches.some(
      ({ sessions }) => !sessions || (session !== undefined && sessions.includes(session)),
    );
    if (!isCovered) {
      throw new RefusedError('unauthorized', 'session-not-covered');
    }
  }
}

/**
 * Refuses a webhook that is older than a sender's last retry could be. The time is read from the body, which
 * the signature covers, not from a header. A body without a time (WAHA before 2025.3) is accepted.
 *
 * @param sentAt times in the body, ISO-8601
 * @param window hours; 0 accepts any age
 * @throws RefusedError
 */
export function requireRecent(
  sentAt: readonly (string | undefined)[],
  window: number,
  now: number,
): void {
  if (window === 0) {
    return;
  }
  for (const time of sentAt) {
    if (time !== undefined && now - Date.parse(time) > window * 3_600_000) {
      throw new RefusedError('unauthorized', 'too-old');
    }
  }
}
