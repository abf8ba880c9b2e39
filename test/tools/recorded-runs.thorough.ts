import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { comparableRun, readRecordings } from '../../tools/docs/cli-page.ts';
import { recordRuns } from '../../tools/docs/record-runs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('what docs/cli.md shows of the commands', () => {
  test('is what they do: npm run docs:record shows what they do now', async () => {
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
