import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shortenLogLine } from '../../../cli/terminal/log-line.ts';

describe("a line of a function's log", () => {
  test("shows an error's stack on lines of its own", () => {
    const line = shortenLogLine(
      JSON.stringify({
        timestamp: 't',
        level: 'ERROR',
        requestId: 'r',
        message: {
          message: 'failed',
          error: 'TypeError',
          errorMessage: 'no price',
          errorAt: '/app/orders.ts:1:2',
          stack:
            'TypeError: no price\n    at handle (/app/orders.ts:1:2)\n    at run (node:async_hooks:1:2)',
        },
      }),
    );
    expect(line.split('\n')).toEqual([
      'ERROR  failed  error=TypeError',
      '  TypeError: no price',
      '      at handle (/app/orders.ts:1:2)',
    ]);
  });

  test('says which proof a refused webhook lacks', () => {
    const refused = (cause: string) =>
      shortenLogLine(
        JSON.stringify({
          level: 'WARN',
          message: { message: 'refused', refusal: 'unauthorized', cause },
        }),
      );
    expect(refused('no-proof')).toMatch(/neither a signature \(x-webhook-hmac\) nor a secret/);
    expect(refused('wrong-signature')).toMatch(
      /its signature does not match: the secret is another one/,
    );
    expect(refused('wrong-secret')).toMatch(/its secret is not one of the active ones/);
    expect(refused('something-new')).toBe(
      'WARN  refused  refusal=unauthorized  cause=something-new',
    );
  });

  test('says what drift means', () => {
    const line = JSON.stringify({
      level: 'WARN',
      message: { message: 'drift', events: ['message.new'], fields: [] },
    });
    expect(shortenLogLine(line)).toMatch(/^WARN {2}drift .*\n {2}The sender sends what .* kept; /);
  });

  test('is unchanged if it is not from this project', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(shortenLogLine(text)).toBe(text);
      }),
    );
  });
});
