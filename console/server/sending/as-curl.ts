import { sign, signatureAlgorithmHeader, signatureHeader } from '../../../events/signature.ts';
import type { FrontDoor } from './find-front-door.ts';

/** Text as one word of a shell, whatever is in it. */
export const quoteForShell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * The request as a command to paste. The body goes through a pipe: an argument may be 128 KiB long at
 * most on Linux. It is signed, and the secret itself is not in it, unless the sender sends it along.
 */
export function asCurl(body: string, { url, proof }: FrontDoor): string {
  const headers = ['content-type: application/json'];
  const target = new URL(url);
  if (proof.kind === 'signature') {
    headers.push(`${signatureHeader}: ${sign(body, proof.secret)}`);
    headers.push(`${signatureAlgorithmHeader}: sha512`);
  } else {
    // Whoever pastes it knows the secret, and the shell's history does not.
    target.searchParams.set('secret', 'YOUR-SECRET');
  }
  return [
    `printf %s ${quoteForShell(body)} |`,
    `curl -sS --data-binary @- ${headers.map((each) => `-H ${quoteForShell(each)}`).join(' ')} ${quoteForShell(target.href)}`,
  ].join(' \\\n  ');
}
