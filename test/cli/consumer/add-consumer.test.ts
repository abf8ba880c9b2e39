import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { addConsumer, insertRow, rowSource } from '../../../cli/consumer/add-consumer.ts';
import { handlerFiles } from '../../../cli/consumer/handler-files.ts';
import {
  type AddOptions,
  addableKinds,
  readNewConsumer,
} from '../../../cli/consumer/new-consumer.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const tableFile = 'lib/consumers.ts';
const table = readFileSync(join(root, tableFile), 'utf8');

let folder = '';
let printed: unknown[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanout-add-'));
  mkdirSync(join(folder, 'lib'));
  cpSync(join(root, tableFile), join(folder, tableFile));
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((line) => void printed.push(line));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

const orders: AddOptions = { name: 'orders', type: ['message'], to: 'function' };
const read = (path: string) => readFileSync(join(folder, path), 'utf8');

describe('fanout consumer add', () => {
  test('writes the row at the end of the table, and changes no other line', () => {
    addConsumer(folder, orders);
    const row = [
      '  orders: {',
      "    kind: 'function',",
      "    summary: 'Subscribes to message',",
      "    pattern: pattern({ type: 'message' }),",
      '  },',
      '};',
      '',
    ];
    const imported = "import { pattern } from '../events/pattern.ts';\n";
    const before = table.startsWith(imported) ? table : imported + table;
    expect(read(tableFile)).toBe(before.replace(/};\n$/, row.join('\n')));
  });

  test('writes a typed handler and its test, and says what to do next', () => {
    addConsumer(folder, orders);
    expect(read('lambdas/consumers/orders.ts')).toContain("consume<'message'>(");
    expect(read('test/lambdas/consumers/orders.test.ts')).toContain('lambdas/consumers/orders.ts');
    expect(printed.join('\n')).toContain('1. write the handler in lambdas/consumers/orders.ts');
  });

  test('with --dry-run shows both and writes nothing', () => {
    addConsumer(folder, { ...orders, dryRun: true });
    expect(printed.join('\n')).toContain("kind: 'function'");
    expect(read(tableFile)).toBe(table);
    expect(existsSync(join(folder, 'lambdas'))).toBe(false);
  });

  test('writes no file for a consumer without a function', () => {
    addConsumer(folder, {
      name: 'n8n',
      category: ['messages', 'calls'],
      to: 'https',
      endpoint: 'https://example.com/hook',
    });
    expect(read(tableFile)).toContain(
      "    categories: ['messages', 'calls'],\n    endpoint: 'https://example.com/hook',\n",
    );
    expect(existsSync(join(folder, 'lambdas'))).toBe(false);
  });

  test('refuses a name that already exists, in the table or from an earlier run', () => {
    expect(() => addConsumer(folder, { ...orders, name: 'messages' })).toThrow(
      'The consumer "messages" already exists',
    );
    addConsumer(folder, { ...orders, name: 'my-orders' });
    expect(() => addConsumer(folder, { ...orders, name: 'my-orders' })).toThrow('already');
  });

  test('refuses to overwrite a handler, and does not change the table then', () => {
    mkdirSync(join(folder, 'lambdas/consumers'), { recursive: true });
    writeFileSync(join(folder, 'lambdas/consumers/orders.ts'), 'mine');
    expect(() => addConsumer(folder, orders)).toThrow(
      'The file lambdas/consumers/orders.ts already exists',
    );
    expect(read(tableFile)).toBe(table);
  });

  test('refuses a table that it cannot read', () => {
    writeFileSync(join(folder, tableFile), 'export const consumers = {};\n');
    expect(() => addConsumer(folder, orders)).toThrow('write the row by hand');
  });

  test.each<[Partial<AddOptions>, string]>([
    [{ name: 'My Orders' }, 'its name must be 1 to 30 lower-case letters'],
    [{ name: '../../etc' }, 'its name must be'],
    [{ type: ['mesage'] }, 'There is no event type "mesage". There are: '],
    [{ type: ['constructor'] }, 'There is no event type "constructor"'],
    [{ type: undefined }, 'Give --type or --category'],
    [{ category: ['calls'] }, 'not both'],
    [{ type: undefined, category: ['call'] }, 'a list of categories'],
    [{ to: 'https' }, 'Give --endpoint <url>: --to https needs it.'],
    [{ to: 'bus' }, 'Give --bus-arn <arn>: --to bus needs it.'],
    [{ to: 'https', endpoint: 'http://example.com' }, 'must be an https: URL'],
    [{ to: 'bus', busArn: 'other' }, 'must be the ARN of an event bus'],
    [{ endpoint: 'https://example.com' }, 'which a consumer of the kind function does not have'],
    [{ summary: 'a\nb' }, 'one line'],
  ])('with %j is refused with what is allowed', (wrong, message) => {
    expect(() => addConsumer(folder, { ...orders, ...wrong })).toThrow(message);
    expect(read(tableFile)).toBe(table);
  });
});

describe('a row that the command writes', () => {
  /** What a row's source says, read back. */
  const evaluate = (source: string) =>
    new Function('pattern', `return {${source}}`)((spec: object) => spec) as Record<
      string,
      { summary: string }
    >;

  test('keeps any summary unchanged', () => {
    const summary = fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' });
    fc.assert(
      fc.property(summary, fc.constantFrom('a', 'a-b'), (text, name) => {
        fc.pre(!/[\r\n]/.test(text));
        const source = rowSource(readNewConsumer({ ...orders, name, summary: text }));
        expect(evaluate(source)[name]?.summary).toBe(text);
      }),
    );
  });

  test('of several types excludes duplicates of another type, and has no line that is too long', () => {
    const type = [
      'message',
      'message.any',
      'message.reaction',
      'message.edited',
      'message.revoked',
      'message.ack',
    ];
    const source = rowSource(readNewConsumer({ ...orders, type, summary: 'Orders' }));
    expect(evaluate(source).orders).toMatchObject({
      pattern: { type, where: { 'meta.duplicateOf': { exists: false } } },
    });
    for (const line of source.split('\n')) {
      expect(line.length).toBeLessThanOrEqual(100);
    }
  });

  test.each(addableKinds.filter((kind) => kind !== 'https' && kind !== 'bus'))(
    'of the kind %s is in the table once',
    (to) => {
      const written = insertRow(table, readNewConsumer({ name: 'mine', category: ['calls'], to }));
      expect(written.split('\n  mine: {')).toHaveLength(2);
    },
  );

  test('has a handler whose types are those of its categories', () => {
    const consumer = readNewConsumer({
      name: 'mine',
      category: ['calls', 'unrecognized'],
      to: 'function',
    });
    expect(handlerFiles(consumer)[0]?.text).toContain(
      "consume<EventTypeIn<'calls'> | 'call.missed' | 'unrecognized'>(",
    );
  });
});
