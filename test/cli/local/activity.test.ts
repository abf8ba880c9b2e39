import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { ServedRequest } from '@event-fanout/local-aws';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type FanOut,
  formatAnswer,
  formatFailure,
  formatFanOut,
  formatLogLine,
  observeFanOut,
} from '../../../cli/local/activity.ts';
import { LogFiles } from '../../../cli/local/log-files.ts';
import { openTerminal } from '../../../cli/local/reporter.ts';

const queue = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const published = (eventId: string) => ({
  kind: 'published' as const,
  eventId,
  bus: 'whatsapp-dev',
  source: 'whatsapp',
  detailType: 'message',
  rules: [],
});
const body = (id: string, meta: object) => JSON.stringify({ id, detail: { meta } });

function observe() {
  const reported: FanOut[] = [];
  return { reported, observer: observeFanOut((each) => reported.push(each)) };
}

describe('the line for a request that no function publishes', () => {
  const facts = { ...({} as ServedRequest['facts']), method: 'POST', path: '/webhooks' };
  const lineFor = (request: Partial<Omit<ServedRequest, 'facts'>> & { path?: string }) => {
    const served = { status: 200, responseLength: 0, responseLatencyMs: 1, ...request };
    const { path = facts.path } = request;
    const line = formatAnswer({ ...served, facts: { ...facts, path } });
    return line && stripVTControlCharacters(line);
  };

  test('names a path without a route, but nothing behind its beginning, which may be a secret', () => {
    expect(lineFor({ status: 404, error: 'Not Found', path: '/webhook/hidden' })).toBe(
      '✗ 404  POST /webhook/…  Not Found (no such route; the start lists them)',
    );
  });

  test('says that a body is too large, and that a duplicate is not published', () => {
    expect(lineFor({ status: 413, error: 'Request Entity Too Large' })).toContain('larger than');
    expect(lineFor({ routeKey: 'POST /webhooks/{secret}' })).toContain('a duplicate, or filtered');
  });

  test('is absent for everything that has a line of its own', () => {
    expect(lineFor({ status: 202, routeKey: 'POST /webhooks' })).toBeUndefined();
    expect(lineFor({ status: 401, routeKey: 'POST /webhooks' })).toBeUndefined();
    expect(lineFor({ status: 200, routeKey: 'GET /other' })).toBeUndefined();
  });
});

describe('the line for a webhook', () => {
  test('is printed for a replayed event only if a rule of the replay matches it', () => {
    const { reported, observer } = observe();
    observer.routed?.({ ...published('a'), replay: 'again' });
    observer.routed?.({ ...published('b'), replay: 'again', rules: ['mine'] });
    expect(reported).toMatchObject([{ id: 'b' }]);
  });

  test('names its type, its session and every queue that it reached', () => {
    const { reported, observer } = observe();
    const receivedAt = new Date(Date.now() - 5).toISOString();
    const meta = { id: 'message:1', session: 'default', receivedAt };
    observer.queued?.(queue('messages'), body('a', meta));
    observer.queued?.(queue('other'), body('b', { ...meta, id: 'message:2' }));
    observer.queued?.(queue('mine'), body('a', meta));
    observer.routed?.(published('a'));
    expect(reported).toEqual([
      {
        time: expect.any(String),
        id: 'message:1',
        type: 'message',
        session: 'default',
        queues: ['messages', 'mine'],
        ms: expect.any(Number),
      },
    ]);
    const line = stripVTControlCharacters(formatFanOut(reported[0] as FanOut));
    expect(line).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} {2}message {2}default {2}→ messages, mine {2}\d+ ms$/,
    );
  });

  test('says why an event is unrecognized, in a word', () => {
    const { reported, observer } = observe();
    const detail = {
      meta: { id: 'unrecognized:1', type: 'unrecognized' },
      data: { reason: 'too-large' },
    };
    observer.queued?.(queue('unrecognized'), JSON.stringify({ id: 'a', detail }));
    observer.routed?.({ ...published('a'), detailType: 'unrecognized' });
    const line = stripVTControlCharacters(formatFanOut(reported[0] as FanOut));
    expect(line).toContain('  unrecognized  (too-large)  → unrecognized');
  });

  test('says so when no queue took it', () => {
    const { reported, observer } = observe();
    observer.routed?.(published('x'));
    expect(stripVTControlCharacters(formatFanOut(reported[0] as FanOut))).toMatch(/→ no queue$/);
  });

  test('is made from any body, also if a target received something other than the event', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const { reported, observer } = observe();
        observer.queued?.(queue('messages'), text);
        observer.routed?.(published('a'));
        expect(reported).toHaveLength(1);
      }),
    );
  });
});

describe("a function's log on the terminal", () => {
  const line = (text: string) =>
    stripVTControlCharacters(
      formatLogLine({ functionName: 'calls', text, kind: 'function', stream: 'stdout' }) ?? '',
    );

  test('has the name of the function before every line, and shortens structured lines', () => {
    expect(line('one\ntwo')).toBe('calls │ one\ncalls │ two');
    expect(
      line(
        '{"timestamp":"t","level":"INFO","requestId":"r","message":{"message":"handled","id":"a b"}}',
      ),
    ).toBe('calls │ INFO  handled  id="a b"');
    expect(line('{"no":"log"}')).toBe('calls │ {"no":"log"}');
  });

  test('omits metrics, and characters that would control the terminal', () => {
    expect(line('{"_aws":{}}')).toBe('');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
        expect(line(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }),
    );
  });

  test('the line of a failed delivery says when it is retried', () => {
    const text = formatFailure({
      ...{ kind: 'failed', eventId: 'a', bus: 'b', rule: 'r', targetId: 't', attempt: 1 },
      ...{ targetArn: queue('gone'), errorCode: 'NO_RESOURCE', errorMessage: '', retryInMs: 2_000 },
    });
    expect(stripVTControlCharacters(text ?? '')).toBe(
      '! not delivered  rule r  to gone  NO_RESOURCE  retry in 2 s',
    );
  });
});

describe('log files', () => {
  test('keep the log of each function in a current and a previous file, and no more', () => {
    const directory = mkdtempSync(join(tmpdir(), 'fanout-logs-'));
    const text = 'x'.repeat(1_000_000);
    for (let round = 0; round < 25; round += 1) {
      const files = new LogFiles(directory);
      files.observer.logged?.({ functionName: 'calls', text, kind: 'function', stream: 'stdout' });
      files.observer.logged?.({
        functionName: '../evil',
        text: 'e',
        kind: 'function',
        stream: 'stdout',
      });
      files.close();
    }
    expect(readdirSync(directory).sort()).toEqual(['___evil.log', 'calls.log', 'calls.log.1']);
    for (const name of ['calls.log', 'calls.log.1']) {
      expect(statSync(join(directory, name)).size).toBeLessThanOrEqual(10 * 1024 * 1024);
    }
    expect(readFileSync(join(directory, '___evil.log'), 'utf8')).toBe('e\n'.repeat(25));
    rmSync(directory, { recursive: true });
  });
});

describe('output to a pipe', () => {
  test('has full lines without a status line, and a closed pipe does not end the run', () => {
    const written: string[] = [];
    let onError = (_error: Error) => {};
    const stream = {
      write: (text: string) => written.push(text),
      on: (_event: string, listener: (error: Error) => void) => {
        onError = listener;
      },
    };
    const terminal = openTerminal(stream as unknown as NodeJS.WriteStream, () => 'status');
    terminal.line('one');
    onError(new Error('EPIPE'));
    terminal.line('two');
    terminal.close();
    expect(written).toEqual(['one\n']);
  });
});
