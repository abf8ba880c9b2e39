import { type FileHandle, open } from 'node:fs/promises';
import type { AwsAccess } from '../aws/connect.ts';
import { writeExported } from './exported-letter.ts';
import type { EndQueue } from './failure-queue.ts';
import { type GoneThrough, type GoThroughOptions, goThrough } from './scan-queue.ts';

/**
 * Writes the letters of a queue to a new file that only its owner may read, one a line, and leaves
 * them in the queue.
 *
 * @throws when the file is there already or cannot be written
 */
export async function exportLetters(
  access: AwsAccess,
  queue: EndQueue,
  file: string,
  options: GoThroughOptions = {},
): Promise<GoneThrough> {
  const handle = await create(file);
  try {
    return await goThrough(access, queue, options, async (letters) => {
      await handle.appendFile(letters.map((letter) => `${writeExported(letter)}\n`).join(''));
    });
  } finally {
    await handle.close();
  }
}

async function create(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'wx', 0o600);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    throw new Error(`${file} is there already. Name another file, or remove it.`, { cause: error });
  }
}
