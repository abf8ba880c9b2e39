import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { logsCommand } from '../../cli/logs.ts';
import { functionsWithLogs, readLogFiles, readLogGroup } from '../../ops/logs.ts';
import { writeRunFile } from '../../ops/run-file.ts';
import { runCommand } from '../cli/run-command.ts';

const line = (time: string, message: unknown, level = 'INFO') =>
  `${JSON.stringify({ timestamp: `2026-01-31T${time}Z`, level, requestId: 'r', message })}\n`;

const at = (time: string) => Date.parse(`2026-01-31T${time}Z`);

describe('the log files of a local run', () => {
  let folder = '';
  let path = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fanout-logs-'));
    path = join(folder, 'whatsapp-dev-orders.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (query: { since?: number; follow?: boolean; signal?: AbortSignal } = {}) =>
    readLogFiles(folder, 'whatsapp-dev-orders', {
      since: 0,
      follow: false,
      signal: new AbortController().signal,
      ...query,
    });
  const texts = async (...query: Parameters<typeof read>) => {
    const found: string[] = [];
    for await (const { text } of read(...query)) {
      found.push(text);
    }
    return found;
  };

  test('are read from the older one to the newer, also a line that is not ended yet', async () => {
    writeFileSync(`${path}.1`, line('12:00:00', 'one'));
    writeFileSync(path, `${line('12:00:01', 'two')}no JSON`);
    expect(functionsWithLogs(folder)).toEqual(['whatsapp-dev-orders']);
    expect((await texts()).map((text) => /one|two|no JSON/.exec(text)?.[0])).toEqual([
      'one',
      'two',
      'no JSON',
    ]);
    expect(await texts({ since: at('12:00:01') })).toHaveLength(2);
  });

  test('are followed, also when a full file is renamed', async () => {
    writeFileSync(path, line('12:00:00', 'one'));
    const controller = new AbortController();
    const seen: string[] = [];
    for await (const { text } of read({ follow: true, signal: controller.signal })) {
      seen.push(JSON.parse(text).message);
      if (seen.length === 1) {
        appendFileSync(path, line('12:00:01', 'zwei – ü'));
      } else if (seen.length === 2) {
        renameSync(path, `${path}.1`);
        writeFileSync(path, line('12:00:02', '3'));
      } else {
        controller.abort();
      }
    }
    expect(seen).toEqual(['one', 'zwei – ü', '3']);
  });

  test('fanout logs shows errors with their stacks, and timeouts, and with --errors nothing else', async () => {
    const logs = join(folder, 'logs');
    const stack = 'TypeError: no price\n    at handle (/app/orders.ts:1:2)';
    const file = 'whatsapp-dev-orders.log';
    writeFileSync(path, '');
    mkdirSync(logs);
    writeFileSync(
      join(logs, file),
      line('12:00:00', { message: 'handled' }) +
        '{"_aws":{}}\n' +
        line('12:00:01', { message: 'failed', error: 'TypeError', stack }, 'ERROR') +
        '{"time":"2026-01-31T12:00:31.9Z","type":"platform.report","record":{"metrics":{"durationMs":30004},"status":"timeout"}}\n',
    );
    const run = (...words: string[]) =>
      runCommand(logsCommand(), ...words, '--data', folder, '--since', '2026-01-01');
    const { lines } = await run('orders');
    expect(lines).toEqual([
      '12:00:00  INFO  handled',
      [
        '12:00:01  ERROR  failed  error=TypeError',
        '            TypeError: no price',
        '                at handle (/app/orders.ts:1:2)',
      ].join('\n'),
      '12:00:31  ERROR  timed out after 30 s',
    ]);
    expect((await run('orders', '--errors')).lines).toEqual(lines.slice(1));
    const asLogged = (await run('orders', '--errors', '--json')).lines;
    expect(asLogged.map((each) => /ERROR|timeout/.exec(each)?.[0])).toEqual(['ERROR', 'timeout']);
    await expect(run('order')).rejects.toThrow(
      /There is no function "order"\. Did you mean "orders"\?/,
    );
  });
});

describe('fanout logs of a function without a line to show', () => {
  let folder = '';
  let server: Server;
  let said: string[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fanout-logs-'));
    mkdirSync(join(folder, 'logs'));
    said = [];
    const members = ['groups', 'ingest'].map(
      (name) =>
        `<member><ResourceType>AWS::Lambda::Function</ResourceType><PhysicalResourceId>whatsapp-dev-${name}</PhysicalResourceId></member>`,
    );
    server = createServer((request, response) => {
      request.resume();
      response
        .writeHead(200, { 'content-type': 'text/xml' })
        .end(
          `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>${members.join('')}</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`,
        );
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    writeRunFile(folder, {
      ...{ pid: process.pid, started: '', stacks: ['Test'], region: 'us-east-1' },
      awsEndpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const run = async (...words: string[]) => {
    const { lines, errors } = await runCommand(logsCommand(), ...words, '--data', folder);
    expect(lines).toEqual([]);
    said = errors;
  };

  test('says that it has logged nothing yet, if it exists', async () => {
    await run('groups');
    expect(said).toEqual(['groups has logged nothing yet.']);
    await expect(run('group')).rejects.toThrow(/There is no function "group"\. Did you mean/);
  });

  test('says what there is beside messages: metrics, or no error', async () => {
    const now = new Date().toISOString();
    writeFileSync(
      join(folder, 'logs', 'whatsapp-dev-ingest.log'),
      `{"timestamp":"${now}","_aws":{}}\n`.repeat(2),
    );
    await run('ingest');
    expect(said).toEqual([
      'No messages were logged in that time, only 2 metrics (--json). Read further back with --since.',
    ]);
    await run('ingest', '--errors');
    expect(said[0]).toMatch(/^No warning and no error was logged in that time\./);
  });
});

describe('a log group of CloudWatch Logs', () => {
  let server: Server;
  let endpoint = '';
  const requests: Record<string, unknown>[] = [];
  beforeEach(async () => {
    requests.length = 0;
    const event = (id: string) => ({ eventId: id, timestamp: 1_000, message: `line ${id}\n` });
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const asked = JSON.parse(body) as Record<string, unknown>;
        requests.push({ ...asked, target: request.headers['x-amz-target'] });
        const page = asked.nextToken
          ? { events: [event('b'), event('c')] }
          : { events: [event('a'), event('b')], nextToken: 'next' };
        response
          .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
          .end(JSON.stringify(page));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.close();
  });

  test('is read page by page, each line once', async () => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const clientSettings = { endpoint, region: 'us-east-1', credentials };
    const query = { since: 500, follow: false, signal: new AbortController().signal };
    const found: string[] = [];
    for await (const { text } of readLogGroup({ clientSettings }, 'whatsapp-prod-orders', query)) {
      found.push(text);
    }
    expect(found).toEqual(['line a', 'line b', 'line c']);
    expect(requests).toMatchObject([
      {
        target: 'Logs_20140328.FilterLogEvents',
        logGroupName: '/aws/lambda/whatsapp-prod-orders',
        startTime: 500,
      },
      { nextToken: 'next' },
    ]);
  });
});
