import { fileURLToPath } from 'node:url';
import { Command } from 'commander';

const root = fileURLToPath(new URL('..', import.meta.url));

/** `fanout docs`: makes the derived documents anew. For those who work on this project. */
export function docsCommand(): Command {
  return new Command('docs')
    .description('Make the derived documents anew (for work on this project)')
    .option('--check', 'change nothing; fail when a document is not fresh')
    .option('--record', 'play the commands of docs/cli.md anew first, on a local run of their own')
    .action(async ({ check, record }: { check?: boolean; record?: boolean }) => {
      if (record) {
        const { recordRuns } = await import('./docs/runs/record-runs.ts');
        const { writeRecordings } = await import('./docs/runs/recordings.ts');
        writeRecordings(root, await recordRuns((line) => console.error(line)));
      }
      // Loaded late: it needs a development dependency, and no other command should wait for it.
      const { findStale, renewDocument } = await import('./docs/documents.ts');
      const stale = findStale(root);
      const paths = stale.map(({ path }) => path);
      if (check && stale.length > 0) {
        throw new Error(`Not fresh: ${paths.join(', ')}. Run: npm run docs`);
      }
      for (const document of stale) renewDocument(root, document);
      if (paths.length > 0) console.log(paths.join('\n'));
    });
}
