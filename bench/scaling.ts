/**
 * Makes the tables of docs/scaling.md from a simulation with AWS's documented quotas:
 *
 *     npm run bench:scaling            # writes them
 *     npm run bench:scaling -- --check # fails when they are not fresh
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { renewTables } from './scaling/renew-tables.ts';

const page = new URL('../docs/scaling.md', import.meta.url);
const written = readFileSync(page, 'utf8');
const fresh = renewTables(written);
if (argv.includes('--check')) {
  if (fresh !== written)
    throw new Error('docs/scaling.md is not fresh. Run: npm run bench:scaling');
} else {
  writeFileSync(page, fresh);
  console.log(fresh);
}
