import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import type { LiveSecret } from '../../events/keyring/keyring.ts';

/** Shorter ones could be guessed or searched for. */
const shortest = 16;

/** Longer than any sender takes; a header and a URL hold it. */
const longest = 512;

/** Bytes of a secret that is made here; WAHA and Wawp set no limit that is known. */
const randomLength = 32;

/** What options say of a new secret. */
export interface NewSecretOptions {
  readonly fromStdin?: boolean;
}

/** Makes a secret, or takes it from standard input: on the command line it would stand in the shell's history. */
export async function newSecret(
  { fromStdin }: NewSecretOptions,
  command: Command,
): Promise<LiveSecret> {
  const value = fromStdin ? (await readStdin()).trim() : randomBytes(randomLength).toString('hex');
  if (value.length < shortest || value.length > longest || /[^\x21-\x7e]/.test(value)) {
    command.error(
      `error: the secret on standard input has ${value.length} characters; it must have ${shortest} to ${longest}, printable ASCII without spaces`,
    );
  }
  return { id: randomBytes(4).toString('hex'), value, createdAt: new Date().toISOString() };
}

async function readStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text;
}
