import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['test', 'packages/event-pattern/test', 'packages/local-aws/test']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
      join(folder, path),
    ),
  )
  .filter((path) => path.endsWith('.ts') && path !== 'test/machine-speed.test.ts')
  // Rounds of load and kill -9 that a person starts: they say how long they took.
  .filter((path) => !path.startsWith('test/durability/'))
  // No tests: what runs a suite under load, and what keeps and tidies up a cache.
  .filter((path) => path !== 'test/busy.ts' && path !== 'test/kept.ts')
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

const millisecondsOf = (text: string | undefined) => Number(text?.replaceAll('_', ''));
const config = readFileSync(new URL('../jest.config.mjs', import.meta.url), 'utf8');
const limit = millisecondsOf(/testTimeout: ([\d_]+)/.exec(config)?.[1]);

const linesWith = (pattern: RegExp) =>
  sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line) => {
      const match = pattern.exec(line);
      return match ? [{ path, line: line.trim(), value: millisecondsOf(match[1]) }] : [];
    }),
  );

describe('no test depends on how fast the machine is', () => {
  test('none reads a stopwatch: complexity is measured in counted steps, speed in bench/', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(linesWith(/performance\.now|process\.hrtime|cpuUsage\(|Date\.now\(\) - [a-z]/i)).toEqual(
      [],
    );
  });

  test('none has less time than others before it counts as hanging', () => {
    expect(limit).toBeGreaterThan(0);
    const limits = linesWith(/(?:^\s*\}, |jest\.setTimeout\()([\d_]{4,})\);$/);
    expect(limits.filter(({ value }) => value < limit)).toEqual([]);
  });
});
