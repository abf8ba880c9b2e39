import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readAssembly } from '../../local/template/read-assembly.ts';
import { assembleProject } from './assembly.ts';

/** Each function's code, by the function's name; with all state, as the local run, or with none. */
let codes: ReadonlyMap<string, Buffer>;
let codesWithoutState: ReadonlyMap<string, Buffer>;

beforeAll(async () => {
  codes = readCodes(await assembleProject());
  codesWithoutState = readCodes(await assembleProject({ keepState: 'none' }));
}, 60_000);

function readCodes(assembly: string): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const { template, assets } of readAssembly(assembly)) {
    for (const { Type, Properties = {} } of Object.values(template.Resources ?? {})) {
      if (Type !== 'AWS::Lambda::Function') continue;
      const { S3Key } = Properties.Code as { S3Key: string };
      const code = readFileSync(join(assets.get(S3Key) ?? '', 'index.mjs'));
      found.set(String(Properties.FunctionName), code);
    }
  }
  return found;
}

/** Those that are no part of the pipeline itself. */
const consumersOf = (codes: ReadonlyMap<string, Buffer>) =>
  [...codes].filter(([name]) => !/-(ingest|republish)$/.test(name));

/** Code as large as it is uploaded: Lambda takes it zipped, which packs as gzip does. */
const zipped = (code: Buffer) => gzipSync(code).length;

describe('the bundles', () => {
  test('ingest has at most 120 KB', () => {
    expect(codes.get('whatsapp-dev-ingest')?.length).toBeLessThan(120_000);
  });

  test('the function that empties the spill queue has at most 16 KB', () => {
    expect(codes.get('whatsapp-dev-republish')?.length).toBeLessThan(16_000);
  });

  test('a consumer that keeps no state has at most 10 KB', () => {
    const consumers = consumersOf(codesWithoutState);
    expect(consumers.length).toBeGreaterThanOrEqual(4);
    for (const [name, code] of consumers) {
      expect([name, code.length < 10_000]).toEqual([name, true]);
    }
  });

  test('a consumer that keeps state has at most 10 KB as it is uploaded', () => {
    for (const [name, code] of consumersOf(codes)) {
      expect([name, zipped(code) < 10_240]).toEqual([name, true]);
    }
  });

  test('none brings the AWS SDK along, and ingest does not need that of Lambda either', () => {
    for (const [name, code] of codes) {
      expect([name, code.includes('SignatureV4')]).toEqual([name, false]);
    }
    expect(String(codes.get('whatsapp-dev-ingest'))).not.toMatch(/@aws-sdk|@smithy/);
  });
});
