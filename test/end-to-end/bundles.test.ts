import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readAssembly } from '../../local/template/read-assembly.ts';
import { assembleProject } from './assembly.ts';

/** Each function's code, by the function's name. */
const codes = new Map<string, Buffer>();

beforeAll(async () => {
  for (const { template, assets } of readAssembly(await assembleProject())) {
    for (const { Type, Properties = {} } of Object.values(template.Resources ?? {})) {
      if (Type !== 'AWS::Lambda::Function') continue;
      const { S3Key } = Properties.Code as { S3Key: string };
      const code = readFileSync(join(assets.get(S3Key) ?? '', 'index.mjs'));
      codes.set(String(Properties.FunctionName), code);
    }
  }
}, 60_000);

/** Code as large as it is uploaded: Lambda takes it zipped, which packs as gzip does. */
const zipped = (code: Buffer) => gzipSync(code).length;

describe('the bundles', () => {
  test('ingest has at most 120 KB', () => {
    expect(codes.get('whatsapp-dev-ingest')?.length).toBeLessThan(120_000);
  });

  test('the function that empties the spill queue has at most 15 KB', () => {
    expect(codes.get('whatsapp-dev-republish')?.length).toBeLessThan(15_000);
  });

  test('a consumer that keeps no state has at most 10 KB', () => {
    expect(codes.get('whatsapp-dev-messages')?.length).toBeLessThan(10_000);
  });

  test('a consumer has at most 10 KB as it is uploaded', () => {
    const consumers = [...codes].filter(([name]) => !/-(ingest|republish)$/.test(name));
    expect(consumers.length).toBeGreaterThanOrEqual(4);
    for (const [name, code] of consumers) {
      expect([name, zipped(code) < 10_000]).toEqual([name, true]);
    }
  });

  test('none brings the AWS SDK along, and ingest does not need that of Lambda either', () => {
    for (const [name, code] of codes) {
      expect([name, code.includes('SignatureV4')]).toEqual([name, false]);
    }
    expect(String(codes.get('whatsapp-dev-ingest'))).not.toMatch(/@aws-sdk|@smithy/);
  });
});
