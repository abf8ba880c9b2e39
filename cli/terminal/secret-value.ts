import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import type { AuthScheme, LiveSecret, SenderSecrets } from '../../events/keyring/keyring.ts';
import { type Pause, pause as pauseInRealTime } from '../../ops/duration.ts';
import { listenForInterruption } from './interruption.ts';

/** How a sender may prove itself, as the commands name it. */
export const proofs = ['hmac-sha512', 'hmac-sha256', 'secret'] as const;

/** One of {@link proofs}. */
export type Proof = (typeof proofs)[number];

/** Which keyring a proof is kept in. */
export const schemeOf = (proof: Proof): AuthScheme => (proof === 'secret' ? 'secret' : 'hmac');

/** How a sender of a keyring proves itself. */
export function proofOf(scheme: AuthScheme, { algorithm = 'sha512' }: SenderSecrets): Proof {
  return scheme === 'secret' ? 'secret' : `hmac-${algorithm}`;
}

/** Shorter ones could be guessed or searched for. */
const shortest = 16;

/** Longer than any sender takes; a header and a URL hold it. */
const max = 512;

/** Bytes of a secret that is made here; WAHA and Wawp set no limit that is known. */
const randomLength = 32;

/** What options say of a new secret. */
export interface NewSecretOptions {
  readonly fromStdin?: boolean;
}

/** Generates a secret, or reads it from standard input: an option would be stored in the shell's history. */
export async function newSecret(
  { fromStdin }: NewSecretOptions,
  command: Command,
): Promise<LiveSecret> {
  const value = fromStdin ? (await readStdin()).trim() : randomBytes(randomLength).toString('hex');
  if (value.length < shortest || value.length > max || /[^\x21-\x7e]/.test(value)) {
    command.error(
      `error: the secret on standard input has ${value.length} characters; it must have ${shortest} to ${max}, printable ASCII without spaces`,
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

/** What is shown of a secret that was made. */
export interface Shown {
  readonly sender: string;
  readonly proof: Proof;
  readonly header?: string | undefined;
  readonly secret: LiveSecret;
  /** Seconds until every instance takes it. */
  readonly waitSeconds: number;
  readonly json?: boolean | undefined;
}

/**
 * Shows a secret, the only time that it is shown, when every instance of ingest takes it. Ctrl-C ends
 * the wait, but the secret is still shown: a stored secret that was never shown would be useless.
 *
 * @param pause waits until every instance takes it
 */
export async function showOnce(shown: Shown, pause: Pause = pauseInRealTime): Promise<void> {
  const { sender, proof, header, secret, waitSeconds, json } = shown;
  const interruption = listenForInterruption();
  if (waitSeconds > 0) {
    if (!json) {
      console.error(`Stored. ${waitSeconds} s until it is taken everywhere …`);
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
      : 'The sender puts it behind the URL (?secret=… or /webhooks/…), into x-webhook-secret, or sends it as a bearer token.';
  }
  const digest = proof.slice('hmac-'.length);
  return `The key of the sender's HMAC (${digest}, hexadecimal, in ${header ?? 'x-webhook-hmac'}). In WAHA: webhooks[].hmac.key.`;
}
