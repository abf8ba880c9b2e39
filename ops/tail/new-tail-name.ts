import { randomBytes } from 'node:crypto';
import { tailPrefix } from './tail-prefix.ts';

/** A name that says when, and that no two listeners share. */
export function newTailName(): string {
  const when = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${tailPrefix}${when}-${randomBytes(3).toString('hex')}`;
}
