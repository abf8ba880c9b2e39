import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { renewSections } from './docs/readme.ts';

const readmePath = new URL('../README.md', import.meta.url);

/** `fanout docs`: makes the derived parts of the documents anew. For those who work on this project. */
export function docsCommand(): Command {
  return new Command('docs')
    .description('Make the derived documents anew (for work on this project)')
    .option('--check', 'change nothing; fail when a document is not fresh')
    .action(({ check }: { check?: boolean }) => {
      const readme = readFileSync(readmePath, 'utf8');
      const fresh = renewSections(readme);
      if (fresh === readme) return;
      if (check) throw new Error('README.md is not fresh. Run: npm run docs');
      writeFileSync(readmePath, fresh);
      console.log('README.md');
    });
}
