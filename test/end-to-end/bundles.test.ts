import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { assembleProject } from './assembly.ts';
import { consumersOf, readCodes } from './function-codes.ts';

let codes: ReadonlyMap<string, Buffer>;

beforeAll(async () => {
  codes = readCodes(await assembleProject());
});

/** Code as large as it is uploaded: Lambda takes it zipped, which packs as gzip does. */
const zipped = (code: Buffer) => gzipSync(code).length;

describe('the bundles', () => {
  test('ingest has at most 120 KB', () => {
    expect(codes.get('whatsapp-dev-ingest')?.length).toBeLessThan(120_000);
  });

  test('the function that empties the spill queue has at most 16 KB', () => {
    expect(codes.get('whatsapp-dev-republish')?.length).toBeLessThan(16_000);
  });

  test('a consumer that keeps state has at most 10 KB as it is uploaded', () => {
    for (const [name, code] of consumersOf(codes)) {
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
