import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, findingsOn } from './finding.ts';

const bytesOfMb = 1024 * 1024;

/** Twice the write-ahead log of the local run's database, which must fit beside the database. */
const minFreeMb = 32;

/**
 * Checks that the disk of a data folder has space for what a local run stores. Without space its endpoint
 * answers every webhook with 503.
 */
export function checkDisk(folder: string, freeBytes = freeBytesOf): readonly Finding[] {
  if (!existsSync(join(folder, 'fanout.sqlite'))) {
    return [];
  }
  const freeMb = Math.floor(freeBytes(folder) / bytesOfMb);
  const problems =
    freeMb < minFreeMb
      ? [
          `Its disk is full (${freeMb} MB free): webhooks are answered 503 until there is space again.`,
        ]
      : [];
  return findingsOn('disk', folder, problems, { freeMb });
}

/** Free bytes for this user, on the disk of a folder. */
function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
