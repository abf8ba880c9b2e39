import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openShell, type Shell } from '../../cli/shell.ts';
import { busEvent, fill } from './example-messages.ts';

const deadLetters = 'whatsapp-dev-messages-dead-letters';

describe('fanout dlq', () => {
  let shell: Shell;
  beforeEach(async () => {
    shell = await openShell();
  });
  afterEach(() => shell.close());

  test('export copies everything into a file for its owner only, import puts it back', async () => {
    const { pipeline, directory, audit, dlq, json, states } = shell;
    const bodies = [
      busEvent('message', '😀\n'),
      'no JSON',
      ...Array.from({ length: 100 }, (_, i) => `${i}`),
    ];
    await fill(pipeline, deadLetters, bodies, { 'fanout.reason': 'permanent' });
    const file = join(directory, 'letters.ndjson');
    const [exported] = await json('export', 'messages', file, '--audit', audit);
    expect(exported).toMatchObject({ exported: 102 });
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(await pipeline.depth(deadLetters)).toBe(102);
    expect(new Set(states(deadLetters))).toEqual(new Set(['visible']));
    await expect(dlq('export', 'messages', file, '--audit', audit)).rejects.toThrow(
      /already exists/,
    );

    const target = 'whatsapp-dev-calls-dead-letters';
    expect((await dlq('import', target, file, '--audit', audit, '--dry-run')).lines[0]).toMatch(
      /^102 .*would be sent/,
    );
    expect(await pipeline.depth(target)).toBe(0);
    await dlq('import', target, file, '--audit', audit);
    expect(pipeline.bodies(target).sort()).toEqual(bodies.sort());
    const [first] = pipeline.run.services.sqs.peek(pipeline.arn(target), 1);
    expect(first?.messageAttributes).toMatchObject({
      'fanout.reason': { StringValue: 'permanent' },
    });
  });

  test('import continues after the lines that were sent, and refuses to skip more than there are', async () => {
    const { pipeline, directory, audit, dlq, records } = shell;
    const file = join(directory, 'letters.ndjson');
    writeFileSync(file, '{"body":"a"}\n{"body":"b"}\n');
    const skip = (lines: string) =>
      dlq('import', 'messages', file, '--audit', audit, '--skip', lines);
    await expect(skip('3')).rejects.toThrow(
      `option '--skip <lines>': ${file} has 2 lines, so 3 cannot be skipped.`,
    );
    expect(records().at(-1)).toMatchObject({ event: 'ended', sent: 0 });
    await skip('1');
    await skip('2');
    expect(pipeline.bodies(deadLetters)).toEqual(['b']);
    await skip('0');
    expect(pipeline.bodies(deadLetters)).toHaveLength(3);
  });

  test('import sends nothing of a file with a mistake, and names the line', async () => {
    const { pipeline, directory, audit, dlq } = shell;
    const file = join(directory, 'letters.ndjson');
    writeFileSync(file, '{"body":"a"}\n\n{"body":"secret","attributes":[]}\n');
    const attempt = dlq('import', 'messages', file, '--audit', audit);
    await expect(attempt).rejects.toThrow(
      'Line 3 is not a message: expected "attributes" to be an object.',
    );
    expect(await pipeline.depth(deadLetters)).toBe(0);
  });
});
