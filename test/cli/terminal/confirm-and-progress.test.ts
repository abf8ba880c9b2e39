import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { confirmByTyping } from '../../../cli/terminal/confirm.ts';
import { InterruptedError } from '../../../cli/terminal/interruption.ts';
import { createProgress, showStep } from '../../../cli/terminal/progress.ts';

describe('a confirmation', () => {
  const ask = async (typed: string) => {
    const input = new PassThrough();
    input.end(`${typed}\n`);
    await confirmByTyping('the-queue', 'This is final.', { input, output: new PassThrough() });
  };

  test('is the name, and nothing else', async () => {
    await expect(ask('the-queue')).resolves.toBeUndefined();
    await expect(ask('yes')).rejects.toThrow('Nothing was done.');
    await expect(ask('')).rejects.toThrow('Nothing was done.');
  });

  test('is interrupted by Ctrl-C, which does not count as a wrong answer', async () => {
    const input = new PassThrough();
    const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    const requested = confirmByTyping('the-queue', 'Final.', { input, output });
    input.write('\u0003');
    await expect(requested).rejects.toThrow(InterruptedError);
  });

  test('is not given by closing the input', async () => {
    const input = new PassThrough();
    const requested = confirmByTyping('the-queue', 'Final.', { input, output: new PassThrough() });
    input.end();
    await expect(requested).rejects.toThrow('Nothing was done.');
  });
});

describe('a step', () => {
  const run = async (isTTY: boolean) => {
    let text = '';
    const stream = { isTTY, columns: 40, write: (more: string) => (text += more) };
    const result = await showStep('Synthesizing', () => 7, true, stream);
    return { text, result };
  };

  test('is shown on a terminal while it runs, and leaves nothing behind', async () => {
    const { text, result } = await run(true);
    expect(result).toBe(7);
    expect(text).toBe('\r\u001B[KSynthesizing …\r\u001B[K');
  });

  test('is not shown elsewhere', async () => {
    expect(await run(false)).toEqual({ text: '', result: 7 });
  });
});

describe('progress', () => {
  const shown = (isTTY: boolean, ...times: readonly number[]) => {
    let text = '';
    let at = 0;
    const stream = { isTTY, columns: 70, write: (more: string) => (text += more) };
    const progress = createProgress('messages', 200, stream, () => at);
    times.forEach((time, index) => {
      at = time;
      progress.show((index + 1) * 100);
    });
    progress.end();
    return text;
  };

  test('is a bar on a terminal', () => {
    expect(shown(true, 1_000)).toBe(
      `\r\u001B[K${'█'.repeat(15)}${'░'.repeat(15)} 100 of about 200 messages, 100/s\n`,
    );
  });

  test('is a line every few seconds elsewhere', () => {
    expect(shown(false, 1_000, 6_000, 7_000)).toBe('200 of about 200 messages, 33/s\n');
  });
});
