import type { Keyring, LiveSecret, SenderSecrets, Way } from '../../events/keyring/keyring.ts';
import {
  isSameSecret,
  isSignature,
  looksLikeSignature,
  signatureHeader,
} from '../../events/signature.ts';
import { type Presented, presentedSecrets } from './presented-secrets.ts';
import type { RawBody } from './read-raw-body.ts';

/** Which proofs a stage takes: a signature over the body, a secret sent along, or either. */
export type Authentication = Way | 'any';

/** What a stage compares with. A way that is absent takes nothing. */
export type Keyrings = Readonly<Partial<Record<Way, Keyring>>>;

/** The parts of a request that authentication reads. Header names are lower case. */
export interface SignedRequest extends Presented {
  readonly rawBody: RawBody;
}

/** A live secret that a request has proved to know. */
export interface Match {
  /** Name of the sender that the secret belongs to. */
  readonly sender: string;
  readonly secretId: string;
  /** Whether the sender has a newer secret than this. */
  readonly isOlder: boolean;
  /** The only sessions that the sender may speak for. @default - any */
  readonly sessions?: readonly string[] | undefined;
}

/** What came of comparing a request with every live secret. */
export interface Comparison {
  /** None: the request is not authentic. */
  readonly matches: readonly Match[];
  /** Whether there was anything to compare; if not, newer secrets would not help. */
  readonly isPresented: boolean;
}

/**
 * Finds the live secrets that a request proves to know. All of them are tried, whatever headers say and
 * whichever fits, so that the time tells nothing. A request that carries a signature is judged by the
 * signature alone, so that a changed body is refused even when a secret in its URL is right.
 */
export function authenticate(
  request: SignedRequest,
  keyrings: Keyrings,
  accepted: Authentication,
): Comparison {
  if (accepted !== 'secret' && isSigned(request, keyrings.hmac)) {
    return compareSignatures(request, keyrings.hmac);
  }
  if (accepted === 'hmac') return { matches: [], isPresented: false };
  return compareSecrets(request, keyrings.secret);
}

const isSigned = ({ headers }: SignedRequest, keyring: Keyring | undefined) =>
  headers[signatureHeader] !== undefined ||
  sendersOf(keyring).some(
    ([, { header }]) => header !== undefined && headers[header] !== undefined,
  );

function compareSignatures(
  { headers, rawBody }: SignedRequest,
  keyring: Keyring | undefined,
): Comparison {
  const matches = matchesOf(keyring, ({ value }, { algorithm, header = signatureHeader }) =>
    isSignature(readSignature(headers[header]), rawBody, value, algorithm),
  );
  return { matches, isPresented: matches.length > 0 || isAnySignature(headers) };
}

const isAnySignature = (headers: SignedRequest['headers']) =>
  Object.values(headers).some((text) => {
    const signature = readSignature(text);
    return looksLikeSignature(signature, 'sha512') || looksLikeSignature(signature, 'sha256');
  });

/** GitHub, Meta and others write the digest's name before the signature; which digest is ours to say. */
const readSignature = (text = '') => text.replace(/^sha(?:256|512)=/, '');

function compareSecrets(request: SignedRequest, keyring: Keyring | undefined): Comparison {
  const matches = matchesOf(keyring, ({ value }, { header }) =>
    isAnySame(presentedSecrets(request, header), value),
  );
  const senders = sendersOf(keyring);
  const isPresented = [undefined, ...senders.map(([, { header }]) => header)].some(
    (header) => presentedSecrets(request, header).length > 0,
  );
  return { matches, isPresented };
}

/** Each is compared: `some` would stop at the first that fits. */
const isAnySame = (given: readonly string[], value: string) =>
  given.filter((secret) => isSameSecret(secret, value)).length > 0;

function matchesOf(
  keyring: Keyring | undefined,
  fits: (secret: LiveSecret, sender: SenderSecrets) => boolean,
): Match[] {
  const matches: Match[] = [];
  for (const [name, sender] of sendersOf(keyring)) {
    for (const secret of sender.secrets) {
      if (!fits(secret, sender)) continue;
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

type Senders = readonly (readonly [name: string, secrets: SenderSecrets])[];

const nobody: Senders = [];

/** Each keyring's senders as a list, made once. */
const senders = new WeakMap<Keyring, Senders>();

function sendersOf(keyring: Keyring | undefined): Senders {
  if (!keyring) return nobody;
  let list = senders.get(keyring);
  if (!list) {
    list = Object.entries(keyring.senders);
    senders.set(keyring, list);
  }
  return list;
}
