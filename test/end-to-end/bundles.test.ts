import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readAssembly } from '../../local/template/read-assembly.ts';
import { assembleProject } from './assembly.ts';

/** Bytes of each function's code, without source maps, by the function's name. */
const sizes = new Map<string, number>();
let ingest = '';

beforeAll(async () => {
  for (const { template, assets } of readAssembly(await assembleProject())) {
    for (const { Type, Properties = {} } of Object.values(template.Resources ?? {})) {
      if (Type !== 'AWS::Lambda::Function') continue;
      const { S3Key } = Properties.Code as { S3Key: string };
      const directory = assets.get(S3Key) ?? '';
      const code = readdirSync(directory).filter((name) => !name.endsWith('.map'));
      const bytes = code.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
      sizes.set(String(Properties.FunctionName), bytes);
      if (String(Properties.FunctionName).endsWith('-ingest')) {
        ingest = readFileSync(join(directory, 'index.mjs'), 'utf8');
      }
    }
  }
}, 60_000);

describe('the bundles', () => {
  test('ingest has at most 120 KB, and needs no AWS SDK', () => {
    expect(sizes.get('whatsapp-dev-ingest')).toBeLessThan(120_000);
    expect(ingest).not.toMatch(/@aws-sdk|@smithy/);
  });

  test('the function that empties the spill queue has at most 25 KB', () => {
    expect(sizes.get('whatsapp-dev-republish')).toBeLessThan(25_000);
  });

  test('a consumer has at most 25 KB', () => {
    const consumers = [...sizes].filter(([name]) => !/-(ingest|republish)$/.test(name));
    expect(consumers.length).toBeGreaterThanOrEqual(4);
    for (const [name, bytes] of consumers) expect([name, bytes < 25_000]).toEqual([name, true]);
  });
});
