import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createProgram } from '../../cli/program.ts';
import { keptTemplate } from '../lib/kept-template.ts';

let folder = '';
let template = '';
let printed: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fanout-cost-'));
  template = join(folder, 'stack.template.json');
  writeFileSync(template, JSON.stringify(await keptTemplate()));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((text) => {
    printed.push(String(text));
  });
});

async function cost(...options: string[]) {
  await createProgram().parseAsync(['cost', ...options], { from: 'user' });
  return printed.join('\n');
}

describe('fanout cost', () => {
  test('shows each component for each volume, with fixed costs apart', async () => {
    const text = await cost('--template', template, '--millions', '0.25,10');
    for (const part of [
      '0.25 million',
      '10 million',
      'ingress',
      'deduplication',
      'alarms',
      'total',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('takes prices and facts of your own', async () => {
    const own = ['--set', 'busEvents=2', '--set', 'ingestMs=18', '--millions', '1'];
    const { bills, values } = JSON.parse(await cost('--template', template, '--json', ...own));
    expect(values).toMatchObject({ ingestMs: 18, busEvents: 2e-6 });
    expect(bills[0]).toContainEqual(expect.objectContaining({ component: 'bus', dollars: 2 }));
  });

  test('takes the settings of the app', async () => {
    const text = await cost('-c', 'ingress=function-url', '-c', 'archiveDays=0');
    expect(text).not.toMatch(/ingress|archive/);
  });

  test.each([
    [['--set', 'ingestMs'], 'is not of the form name=value'],
    [['--millions', '0'], 'is no list of millions'],
    [['--millions', ''], 'is no list of millions'],
    [['--millions', '1M'], 'is no list of millions'],
    [['-c', 'archiveDays=0'], "cannot be used with option '-c, --context"],
  ])('%j is refused: %s', async (options, why) => {
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    await expect(cost('--template', template, ...options)).rejects.toThrow(why);
  });

  test('a template that is missing, or is not JSON, is refused by name', async () => {
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    await expect(cost('--template', join(folder, 'nothing.json'))).rejects.toThrow(
      'nothing.json cannot be read: there is no such file.',
    );
    writeFileSync(join(folder, 'template.yaml'), 'Resources:');
    await expect(cost('--template', join(folder, 'template.yaml'))).rejects.toThrow(
      'template.yaml is not JSON',
    );
  });
});
