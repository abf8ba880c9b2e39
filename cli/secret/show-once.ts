import type { LiveSecret } from '../../events/keyring/keyring.ts';
import { type Pause, pause as pauseInRealTime } from '../../ops/pause.ts';
import { listenForInterruption } from '../terminal/interruption.ts';
import type { Proof } from './proof.ts';

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
 * the waiting, not the showing: a stored secret that nobody has seen would be of no use.
 *
 * @param pause waits until every instance takes it
 */
export async function showOnce(shown: Shown, pause: Pause = pauseInRealTime): Promise<void> {
  const { sender, proof, header, secret, waitSeconds, json } = shown;
  const interruption = listenForInterruption();
  if (waitSeconds > 0) {
    if (!json) console.error(`Stored. ${waitSeconds} s until it is taken everywhere …`);
    await pause(waitSeconds * 1000, interruption.signal);
  }
  interruption.release();
  const { id, value, createdAt } = secret;
  if (json) console.log(JSON.stringify({ sender, proof, header, id, secret: value, createdAt }));
  else
    console.log(
      `Secret ${id} of ${sender}, shown this once:\n\n  ${value}\n\n${placeOf(proof, header)}`,
    );
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
