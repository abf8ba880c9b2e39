import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { showOnce } from '../../../cli/terminal/secret-value.ts';

describe('a new secret', () => {
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    jest.spyOn(console, 'log').mockImplementation((line: unknown) => {
      lines.push(String(line));
    });
    jest.spyOn(console, 'error').mockImplementation(() => {});
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const secret = { id: 'second', value: 'a-new-secret', createdAt: '2026-01-01T00:00:00.000Z' };
  const shown = { sender: 'waha', proof: 'hmac-sha512', secret } as const;

  test('is shown only after the time that every instance needs to accept it', async () => {
    const pauses: number[] = [];
    await showOnce({ ...shown, waitSeconds: 6 }, async (ms) => {
      pauses.push(ms);
      expect(lines).toEqual([]);
    });
    expect(pauses).toEqual([6_000]);
    expect(lines.join()).toContain('a-new-secret');
  });

  test('is shown when Ctrl-C ends the wait', async () => {
    await showOnce({ ...shown, waitSeconds: 600 }, async (_ms, signal) => {
      process.emit('SIGINT');
      expect(signal?.aborted).toBe(true);
    });
    expect(lines.join()).toContain('a-new-secret');
  });
});
