import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { parseMix } from '../../../cli/cost/read-mix.ts';
import { createProgram } from '../../../cli/program.ts';
import { keptTemplate } from '../../lib/kept-template.ts';

let folder = '';
let template = '';
let said: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fanout-cost-'));
  template = join(folder, 'stack.template.json');
  writeFileSync(template, JSON.stringify(await keptTemplate()));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  said = [];
  jest.spyOn(console, 'log').mockImplementation((text) => {
    said.push(String(text));
  });
});

const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

async function cost(...options: string[]) {
  await createProgram().parseAsync(['cost', ...options], { from: 'user' });
  return said.join('\n');
}
const inJson = async (...options: string[]) =>
  JSON.parse(await cost('--template', template, '--json', ...options)) as {
    costs: { webhooks: number; dollarsAMillion: number; lines: { component: string }[] }[];
    unitPrices: Record<string, number>;
    assumed: Record<string, number>;
  };

describe('fanout cost', () => {
  test('shows each component and each consumer for each volume', async () => {
    const text = await cost('--template', template, '--webhooks', '250k,10M');
    for (const part of ['250,000', '10 million', 'front door', 'ledger', 'idle polling', 'total']) {
      expect(text).toContain(part);
    }
  });

  test('prints every line, price and assumption as JSON', async () => {
    const { costs, unitPrices } = await inJson('--webhooks', '1M', '--mix', '2kb');
    expect(costs).toMatchObject([{ webhooks: 1e6, dollarsAMillion: expect.any(Number) }]);
    expect(unitPrices.busEvents).toBeCloseTo(1e-6, 12);
  });

  test('takes prices and assumptions of your own', async () => {
    const prices = file('prices.json', '{"busEvents": 2}');
    const { costs, assumed } = await inJson('--prices', prices, '--set', 'ingestMs=18');
    expect(assumed.ingestMs).toBe(18);
    const bus = costs[0]?.lines.find(({ component }) => component === 'bus');
    expect(bus).toMatchObject({ dollarsAMonth: expect.closeTo(2, 1) });
  });

  test('takes a mix of your own', async () => {
    const mix = file('mix.json', '[{"type":"call.received","share":1,"bytes":800}]');
    const { costs } = await inJson('--mix', mix, '--webhooks', '1M');
    expect(costs[0]?.lines).toContainEqual(
      expect.objectContaining({ component: 'queue', consumer: 'calls' }),
    );
  });

  test.each([
    [['--mix', 'unreal'], '"unreal" is no mix: it must be 2kb, realistic or a file'],
    [['--set', 'ingestMS=1'], 'There is no assumption "ingestMS"'],
    [['--set', 'ingestMs=fast'], 'The assumption "ingestMs" is "fast"'],
    [['--prices', '/nowhere/prices.json'], 'cannot be read'],
    [['--template', '/nowhere/template.json'], 'cannot be read. Make it: npx cdk synth'],
    [['--stack', 'prod'], 'Give one of --template, --stack'],
  ])('%j is refused: %s', async (options, why) => {
    await expect(cost('--template', template, ...options)).rejects.toThrow(why);
  });

  test.each(['1T', '0', '', '-5', '1e6'])('%j is no number of webhooks', async (volume) => {
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    await expect(cost('--webhooks', volume)).rejects.toThrow('is no number of webhooks');
  });

  test('a template that is none is refused by its name', async () => {
    await expect(cost('--template', file('a.yaml', 'Resources:'))).rejects.toThrow('is not JSON');
    await expect(cost('--template', file('b.json', '[]'))).rejects.toThrow('no "Resources"');
  });
});

describe('a mix in a file', () => {
  test.each([
    ['{', 'it is not JSON'],
    ['{}', 'it must be a list of rows'],
    ['[{"type":"message","share":0.5,"bytes":100}]', 'the shares make 0.5, but must make 1'],
    ['[{"type":"massage","share":1,"bytes":100}]', 'row 1 has type "massage"'],
    ['[{"type":"message","share":1,"byte":100}]', 'row 1 has "byte"'],
    ['[{"type":"message","share":1}]', 'row 1 has bytes undefined'],
    ['[{"type":"message","share":1,"bytes":1,"fromMe":"yes"}]', 'row 1 has fromMe "yes"'],
    ['[null]', 'row 1 is no object'],
  ])('%s is refused: %s', (text, why) => {
    expect(() => parseMix(text, 'mix.json')).toThrow(`mix.json is no mix: ${why}`);
  });

  test('whatever is in it, it is read or refused by name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          expect(parseMix(text, 'mix.json').length).toBeGreaterThan(0);
        } catch (error) {
          expect(String(error)).toContain('mix.json is no mix');
        }
      }),
    );
  });
});
