import { SourceTextModule } from 'node:vm';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { assembleProject } from './assembly.ts';
import { readCodes, services, servicesIn } from './function-codes.ts';

let codes: ReadonlyMap<string, Buffer>;

beforeAll(async () => {
  codes = readCodes(await assembleProject());
});

describe('the bundles', () => {
  test('ingest has at most 480 KB, with the AWS SDK inside', () => {
    expect(codes.get('whatsapp-dev-ingest')?.length).toBeLessThan(480_000);
  });

  test('every other function has at most 380 KB, with the AWS SDK inside', () => {
    const others = [...codes].filter(([name]) => !/-ingest$/.test(name));
    expect(others.length).toBeGreaterThanOrEqual(6);
    for (const [name, code] of others) {
      expect([name, code.length < 380_000]).toEqual([name, true]);
    }
  });

  test('each contains the clients that it calls, and no other', () => {
    expect(servicesIn(codes.get('whatsapp-dev-ingest'))).toEqual(Object.keys(services));
    expect(servicesIn(codes.get('whatsapp-dev-republish'))).toEqual(['bus']);
    expect(servicesIn(codes.get('whatsapp-dev-calls'))).toEqual(['bus', 'queues', 'tables']);
    expect(servicesIn(codes.get('whatsapp-dev-watch'))).toEqual(['queues', 'tables']);
  });

  test("modules of Lambda's own SDK are loaded only when they are needed", () => {
    for (const [name, code] of codes) {
      const fixed = new SourceTextModule(String(code)).dependencySpecifiers.filter(
        (specifier) => !specifier.startsWith('node:'),
      );
      expect([name, fixed]).toEqual([name, []]);
    }
  });
});
