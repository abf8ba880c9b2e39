import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import type { AuthScheme, LiveSecret, SenderSecrets } from '../../events/keyring/keyring.ts';
import { type Pause, pause as pauseInRealTime } from '../../ops/duration.ts';
import { listenForInterruption } from './interruption.ts';

/** The ways in which a sender can authenticate, as the commands name them. */
export const proofs = ['hmac-sha512', 'hmac-sha256', 'secret'] as const;

/** One of {@link proofs}. */
export type Proof = (typeof proofs)[number];

/** The auth scheme of a proof, which selects the keyring. */
export const schemeOf = (proof: Proof): AuthScheme => (proof === 'secret' ? 'secret' : 'hmac');

/** The proof of a sender in a keyring. */
export function proofOf(scheme: AuthScheme, { algorithm = 'sha512' }: SenderSecrets): Proof {
  return scheme === 'secret' ? 'secret' : `hmac-${algorithm}`;
}

/** Minimum length: a shorter secret could be found by trying. */
const minLength = 16;

/** Maximum length: more than senders use, and short enough for a header or a URL. */
const maxLength = 512;

/** Number of bytes of a generated secret. WAHA and Wawp have no documented limit. */
const randomLength = 32;

/** Options of a new secret. */
export interface NewSecretOptions {
  readonly fromStdin?: boolean;
}

/** Generates a secret, or reads it from standard input: an option would be stored in the shell's history. */
export async function newSecret(
  { fromStdin }: NewSecretOptions,
  command: Command,
): Promise<LiveSecret> {
  const value = fromStdin ? (await readStdin()).trim() : randomBytes(randomLength).toString('hex');
  if (value.length < minLength || value.length > maxLength || /[^\x21-\x7e]/.test(value)) {
    command.error(
      `error: the secret on standard input has ${value.length} characters; it must have ${minLength} to ${maxLength}, printable ASCII without spaces`,
    );
  }
  return { id: randomBytes(4).toString('hex'), value, createdAt: new Date().toISOString() };
}

async function readStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
  }
  return text;
}

/** A new secret, and how it is shown. */
export interface Shown {
  readonly sender: string;
  readonly proof: Proof;
  readonly header?: string | undefined;
  readonly secret: LiveSecret;
  /** Seconds until every instance accepts it. */
  readonly waitSeconds: number;
  readonly json?: boolean | undefined;
}

/**
 * Shows a new secret once, after every instance of ingest accepts it. Ctrl-C ends the wait, but the secret is
 * still shown: a stored secret that was never shown would be useless.
 *
 * @param pause waits until every instance accepts it
 */
export async function showOnce(shown: Shown, pause: Pause = pauseInRealTime): Promise<void> {
  const { sender, proof, header, secret, waitSeconds, json } = shown;
  const interruption = listenForInterruption();
  if (waitSeconds > 0) {
    if (!json) {
      console.error(`Stored. ${waitSeconds} s until every instance accepts it …`);
    }
    await pause(waitSeconds * 1000, interruption.signal);
  }
  interruption.release();
  const { id, value, createdAt } = secret;
  if (json) {
    console.log(JSON.stringify({ sender, proof, header, id, secret: value, createdAt }));
  } else {
    console.log(
      `Secret ${id} of ${sender}, shown this once:\n\n  ${value}\n\n${placeOf(proof, header)}`,
    );
  }
}

function placeOf(proof: Proof, header: string | undefined): string {
  if (proof === 'secret') {
    return header
      ? `The sender puts it into the header ${header}.`
      : 'The sender appends it to the URL (?secret=… or /webhooks/…), into x-webhook-secret, or sends it as a bearer token.';
  }
  const digest = proof.slice('hmac-'.length);
  return `The key of the sender's HMAC (${digest}, hexadecimal, in ${header ?? 'x-webhook-hmac'}). In WAHA: webhooks[].hmac.key.`;
}
