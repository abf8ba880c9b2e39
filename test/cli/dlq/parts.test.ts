import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { confirmByTyping } from '../../../cli/terminal/confirm.ts';
import { parseCount, parseMoment, parseRate } from '../../../cli/terminal/options.ts';
import { createProgress } from '../../../cli/terminal/progress.ts';
import { readConnection } from '../../../ops/aws/connect.ts';
import { explainError } from '../../../ops/aws/explain-error.ts';
import { inParallel } from '../../../ops/aws/in-parallel.ts';
import { readLetter } from '../../../ops/dead-letters/dead-letter-message.ts';
import {
  NotALetterError,
  readExported,
  writeExported,
} from '../../../ops/dead-letters/export-and-import.ts';
import { formatAge } from '../../../ops/duration.ts';

describe('where a command works', () => {
  test('is the local run unless told otherwise, with no thought of real credentials', () => {
    expect(readConnection({}, {})).toMatchObject({
      endpoint: 'http://127.0.0.1:4566',
      region: 'us-east-1',
      isLocal: true,
    });
    expect(readConnection({}, { AWS_PORT: '5000' }).endpoint).toBe('http://127.0.0.1:5000');
  });

  test('is AWS when a stack is named', () => {
    const connection = readConnection({ stack: 'S', region: 'eu-west-1', profile: 'p' }, {});
    expect(connection).toMatchObject({ endpoint: undefined, isLocal: false, region: 'eu-west-1' });
  });

  test('is not local when the endpoint is another machine', () => {
    expect(readConnection({ endpoint: 'https://aws.test' }, {}).isLocal).toBe(false);
    expect(readConnection({ endpoint: 'http://127.0.0.1.evil.test' }, {}).isLocal).toBe(false);
    expect(readConnection({ endpoint: 'http://localhost:1', stack: 'S' }, {}).isLocal).toBe(true);
    expect(() => readConnection({ endpoint: 'nonsense' }, {})).toThrow(/"nonsense" is no URL/);
  });
});

describe('what AWS refuses', () => {
  test.each([
    [{ name: 'CredentialsProviderError' }, /no usable AWS credentials.*--profile/],
    [{ name: 'Error', message: 'Region is missing' }, /--region/],
    [{ name: 'ExpiredTokenException' }, /expired/],
    [{ name: 'AccessDenied', message: 'because' }, /does not allow it: because/],
    [{ code: 'ENOTFOUND' }, /cannot be reached \(ENOTFOUND\)/],
  ])('is said in plain words: %j', (error, expected) => {
    expect(explainError(error).message).toMatch(expected);
  });

  test('stays as it is when there is nothing to add', () => {
    const error = new Error('as it is');
    expect(explainError(error)).toBe(error);
  });
});

describe('a moment', () => {
  test('is so long ago, now, or a time', () => {
    expect(parseMoment('2h', 10_000_000)).toBe(2_800_000);
    expect(parseMoment('now', 5)).toBe(5);
    expect(parseMoment('2026-01-31T12:00:00Z')).toBe(Date.UTC(2026, 0, 31, 12));
    expect(parseMoment('2026-01-31T12:00:00+02:00')).toBe(Date.UTC(2026, 0, 31, 10));
    expect(parseMoment('2026-01-31')).toBe(Date.UTC(2026, 0, 31));
  });

  test.each(['', 'yesterday', '2', '-2h', '2 h', '2026-13-01', '2026-01-31T12:00:00'])(
    'is not %j',
    (given) => {
      expect(() => parseMoment(given)).toThrow(/Give a time ago/);
    },
  );

  test('is told as people say it', () => {
    expect([0, 59_999, 60_000, 7_200_000, 200_000_000].map(formatAge)).toEqual([
      '0s',
      '59s',
      '1m',
      '2h',
      '2d',
    ]);
  });
});

describe('numbers', () => {
  test('are taken only when they make sense', () => {
    expect([parseCount('12'), parseRate('50/s'), parseRate('0.5')]).toEqual([12, 50, 0.5]);
    for (const wrong of ['0', '-1', '1.5', 'x', '', '1e9'])
      expect(() => parseCount(wrong)).toThrow();
    for (const wrong of ['0', '-1', 'x', '', '0.0']) expect(() => parseRate(wrong)).toThrow();
  });
});

describe('an exported letter', () => {
  const attribute = fc.oneof(
    fc.record({
      DataType: fc.constantFrom('String', 'Number.int'),
      StringValue: fc.string({ minLength: 1 }),
    }),
    fc.record({
      DataType: fc.constant('Binary'),
      BinaryValue: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes)),
    }),
  );

  test('comes back as it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'a"\\\n\u0000\u2028😀\uD800'), minLength: 1 }),
        fc.dictionary(fc.string({ minLength: 1 }), attribute, { maxKeys: 10 }),
        (Body, MessageAttributes) => {
          const line = writeExported(readLetter({ MessageId: 'm', Body, MessageAttributes }));
          expect(line).not.toContain('\n');
          const entry = readExported(line, false);
          expect(entry.MessageBody).toBe(Body);
          expect(entry.MessageAttributes ?? {}).toEqual({ ...MessageAttributes });
        },
      ),
    );
  });

  test('is either read or refused, whatever the line holds, without repeating it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        try {
          expect(typeof readExported(line, true).MessageBody).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(NotALetterError);
        }
      }),
    );
  });
});

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

  test('is not given by who goes away', async () => {
    const input = new PassThrough();
    const asked = confirmByTyping('the-queue', 'Final.', { input, output: new PassThrough() });
    input.end();
    await expect(asked).rejects.toThrow('Nothing was done.');
  });
});

describe('progress', () => {
  const shown = (isTTY: boolean, ...times: readonly number[]) => {
    let text = '';
    let at = 0;
    const stream = { isTTY, columns: 70, write: (more: string) => (text += more) };
    const progress = createProgress('letters', 200, stream, () => at);
    times.forEach((time, index) => {
      at = time;
      progress.show((index + 1) * 100);
    });
    progress.end();
    return text;
  };

  test('is a bar on a terminal', () => {
    expect(shown(true, 1_000)).toBe(
      `\r\u001B[K${'█'.repeat(15)}${'░'.repeat(15)} 100 of about 200 letters, 100/s\n`,
    );
  });

  test('is a line now and then elsewhere', () => {
    expect(shown(false, 1_000, 6_000, 7_000)).toBe('200 of about 200 letters, 33/s\n');
  });
});

test('work in parallel keeps its order and its width', async () => {
  let running = 0;
  let most = 0;
  const results = await inParallel(
    [5, 1, 4, 2, 3],
    async (ms) => {
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, ms));
      running -= 1;
      return ms;
    },
    2,
  );
  expect(results).toEqual([5, 1, 4, 2, 3]);
  expect(most).toBe(2);
});
