import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { requireLocalRunNode } from '../../cli/published.ts';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

test('an older Node.js is answered by what the local run needs, and a command that brings it', () => {
  for (const version of ['20.20.2', '22.14.0', '23.0.0']) {
    expect(() => requireLocalRunNode(version)).toThrow(
      `and this is ${version}. Without installing it: npx --package node@24 --package ${manifest.name} fanout dev.`,
    );
  }
  expect(Object.keys(manifest.publishConfig.bin)).toEqual(['fanout']);
  expect(() => requireLocalRunNode('24.0.0')).not.toThrow();
  expect(() => requireLocalRunNode('26.1.0')).not.toThrow();
});
