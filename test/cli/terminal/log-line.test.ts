import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isProblem, shortenLogLine } from '../../../cli/terminal/log-line.ts';

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

  test('says how an invocation ended that Lambda itself has ended', () => {
    const report = (record: object, type = 'report') =>
      JSON.stringify({ time: '2026-01-31T12:00:00Z', type: `platform.${type}`, record });
    const metrics = { durationMs: 30_012.3, memorySizeMB: 256, maxMemoryUsedMB: 90 };
    const exited = { status: 'error', errorType: 'Runtime.ExitError' };
    const lines = [
      report({ status: 'timeout', errorType: 'Sandbox.Timedout', metrics }),
      report({ ...exited, metrics }),
      report({ ...exited, metrics: { ...metrics, maxMemoryUsedMB: 256 } }),
      report({ status: 'failure', errorType: 'Extension.Crash', metrics }),
      report({ status: 'error', errorType: 'SyntaxError' }, 'initReport'),
    ];
    expect(lines.map(shortenLogLine)).toEqual([
      'ERROR  timed out after 30 s',
      'ERROR  the process ended before the handler did (Runtime.ExitError)',
      'ERROR  out of memory: it used 256 MB, and has 256 MB (Runtime.ExitError)',
      'ERROR  failed (Extension.Crash)',
      'ERROR  at the start of the function: failed (SyntaxError)',
    ]);
    expect(lines.map(isProblem)).not.toContain(false);
    const success = report({ status: 'success', metrics });
    expect([shortenLogLine(success), isProblem(success)]).toEqual([success, false]);
  });

  test('is unchanged if it is not from this project', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(shortenLogLine(text)).toBe(text);
      }),
    );
  });
});
