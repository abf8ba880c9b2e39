import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { comparableRun, readRecordings } from '../../tools/docs/cli-page.ts';
import { recordRuns } from '../../tools/docs/record-runs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the recorded output in docs/cli.md', () => {
  test('is up to date; npm run docs:record renews it', async () => {
    const recorded = readRecordings(root);
    const played = await recordRuns(() => {});
    expect([...played.keys()].sort()).toEqual([...recorded.keys()].sort());
    for (const [name, text] of played) {
      expect(`${name}\n${comparableRun(text)}`).toBe(
        `${name}\n${comparableRun(recorded.get(name) ?? '')}`,
      );
    }
  }, 600_000);
});
