import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Check, resultOf, statusOf } from '../../cli/run/status.ts';
import { statusCommand } from '../../cli/status.ts';
import { checkIngress, checkSessions } from '../../ops/checks/check-pipeline.ts';
import { checkConsumers, checkFunctions } from '../../ops/checks/check-queues.ts';
import { attempt, type Finding, findingsOn } from '../../ops/checks/finding.ts';
import { writeRunFile } from '../../ops/run-file.ts';
import { fill } from '../ops/dead-letters/example-messages.ts';
import { startPipeline, type TestPipeline } from '../ops/local-pipeline.ts';
import { pipelineOf, queue, rule } from '../ops/pipeline-on-paper.ts';
import { runCommand } from './run-command.ts';

const text = (pattern: RegExp) => expect.stringMatching(pattern);

/** What findings say of the one thing that they are about. */
function only(findings: readonly Finding[]): Check {
  const { checks } = statusOf('stack', findings);
  expect(checks).toHaveLength(1);
  return checks[0] as Check;
}

describe('fanout status', () => {
  let pipeline: TestPipeline;
  beforeEach(async () => {
    pipeline = await startPipeline();
  });
  afterEach(() => pipeline.close());

  const status = async (...words: readonly string[]) => {
    const endpoint = ['--endpoint', pipeline.run.awsEndpoint];
    const { lines, exitCode } = await runCommand(statusCommand(), '--json', ...endpoint, ...words);
    const found = JSON.parse(lines[0] ?? '') as { result: string; checks: Check[] };
    const wrong = found.checks.filter(({ result }) => result !== 'ok');
    return { ...found, wrong, exitCode };
  };

  test('ends with 0 when everything is healthy', async () => {
    await fill(pipeline, 'whatsapp-dev-messages', ['{}', '{}']);
    const { result, checks, exitCode } = await status();
    expect([result, exitCode]).toEqual(['ok', 0]);
    expect(checks.find(({ name }) => name === 'messages')).toMatchObject({
      area: 'consumer',
      facts: { waiting: 2, inFlight: 0, deadLetters: 0, oldestSeconds: expect.any(Number) },
    });
  });

  test('of a local run of this machine also checks the space on its disk', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fanout-status-'));
    const { awsEndpoint, region } = pipeline.run;
    const run = { pid: process.pid, started: '', stacks: [], awsEndpoint, region };
    writeRunFile(folder, { ...run, ingress: undefined, console: undefined });
    writeFileSync(join(folder, 'fanout.sqlite'), '');
    const { lines } = await runCommand(statusCommand(), '--json', '--data', folder);
    rmSync(folder, { recursive: true });
    const { checks } = JSON.parse(lines[0] ?? '') as { checks: Check[] };
    expect(checks.find(({ area }) => area === 'disk')).toMatchObject({
      name: folder,
      facts: { freeMb: expect.any(Number) },
    });
  });

  test('ends with 1 when a dead-letter queue is not empty, and says how to look at it', async () => {
    await fill(pipeline, 'whatsapp-dev-messages-dead-letters', ['{}']);
    const { result, wrong, exitCode } = await status();
    expect([result, exitCode]).toEqual(['degraded', 1]);
    expect(wrong).toMatchObject([
      {
        area: 'consumer',
        name: 'messages',
        problems: ['Its dead-letter queue has 1 event: fanout dlq show messages --group-by error'],
      },
    ]);
  });

  test.each(['undeliverable', 'unrouted', 'spill'])(
    'ends with 1 when something is in the queue %s',
    async (role) => {
      await fill(pipeline, `whatsapp-dev-${role}`, ['{}']);
      const { wrong, exitCode } = await status();
      expect(wrong).toMatchObject([{ area: 'failure queue', facts: { role, holds: 1 } }]);
      expect(exitCode).toBe(1);
    },
  );

  test('finds a rule that somebody has disabled', async () => {
    const { eventBridge } = pipeline.run.services;
    const EventBusName = 'whatsapp-dev';
    const { Rules } = await eventBridge.call('ListRules', { EventBusName, NamePrefix: 'Test-' });
    const [first] = Rules as { Name: string }[];
    await eventBridge.call('DisableRule', { EventBusName, Name: first?.Name });
    const { wrong, exitCode } = await status();
    expect(wrong).toMatchObject([{ area: 'rule', name: first?.Name }]);
    expect(exitCode).toBe(1);
  });

  test('ends with 3 when nothing answers', async () => {
    const { result, exitCode } = await status('--endpoint', 'http://127.0.0.1:9');
    expect([result, exitCode]).toEqual(['unknown', 3]);
  });

  test('repeats the checks until it is stopped', async () => {
    const words = ['--watch', '1ms', '--endpoint', pipeline.run.awsEndpoint];
    const ended = runCommand(statusCommand(), ...words);
    let looks = 0;
    const services = pipeline.run.services.sqs;
    const call = services.call.bind(services);
    services.call = async (action, input, signal) => {
      if (action === 'GetQueueAttributes' && ++looks === 40) {
        process.emit('SIGINT');
      }
      return call(action, input, signal);
    };
    const { lines, exitCode } = await ended;
    expect(lines.length).toBeGreaterThan(1);
    expect(lines[0]).toMatch(/Test: all \d+ checks passed/);
    expect(exitCode).toBe(130);
  });
});

describe('the endpoint', () => {
  const answering = async (statusCode: number) => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (chunk) => bodies.push(String(chunk)));
      request.on('end', () => response.writeHead(statusCode, { location: '/other' }).end());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
    const { result, problems } = only(await checkIngress(url));
    server.close();
    return { result, problem: problems.join(), bodies };
  };

  test('is healthy when it refuses an unsigned request', async () => {
    expect(await answering(401)).toEqual({ result: 'ok', problem: '', bodies: ['{}'] });
  });

  test.each([
    [202, /accepts unsigned requests/],
    [301, /redirects/],
    [404, /route does not exist/],
    [429, /throttled/],
    [500, /answers 500/],
  ])('is not healthy when it answers %i', async (statusCode, problem) => {
    expect(await answering(statusCode)).toMatchObject({
      result: 'degraded',
      problem: expect.stringMatching(problem),
    });
  });

  test('is not healthy when no server listens', async () => {
    const { result, problems } = only(await checkIngress('http://127.0.0.1:9/webhooks'));
    expect(result).toBe('degraded');
    expect(problems.join()).toMatch(/No answer|Nothing listens/);
  });
});

describe('an event that waits', () => {
  const waiting = queue('whatsapp-dev-messages', {
    attributes: { ApproximateNumberOfMessages: '1', MessageRetentionPeriod: '345600' },
    tags: { 'fanout:consumer': 'messages' },
  });
  const reader = {
    name: 'messages-function',
    state: 'Active',
    lastUpdate: 'Successful',
    feeds: [{ queueArn: waiting.arn, state: 'Enabled' }],
  };
  const problemAfter = (hours: number, functions = [reader]) =>
    only(
      checkConsumers(pipelineOf([waiting], [rule('r', { Arn: waiting.arn })]), {
        ages: new Map([[waiting.arn, hours * 3_600_000]]),
        functions,
        maxAgeMs: 15 * 60_000,
      }),
    ).problems.join();

  test('for a function longer than it should is a problem', () => {
    expect(problemAfter(0.2)).toBe('');
    expect(problemAfter(1)).toMatch(/waited for 1h: the log group of messages-function/);
  });

  test('for the user’s own service is a problem only when it is about to be deleted', () => {
    expect(problemAfter(48, [])).toBe('');
    expect(problemAfter(90, [])).toMatch(/3d old and will soon be deleted/);
  });
});

test('a function that cannot run, or receives nothing, is a problem', () => {
  const look = { name: 'f', state: 'Active', lastUpdate: 'Successful', feeds: [] };
  const problemsOf = (more: Partial<Parameters<typeof checkFunctions>[0][number]>) =>
    only(checkFunctions([{ ...look, ...more }])).problems.join();
  expect(problemsOf({})).toBe('');
  expect(problemsOf({ state: 'Inactive' })).toBe('');
  expect(problemsOf({ state: 'Failed' })).toMatch(/cannot run/);
  expect(problemsOf({ lastUpdate: 'Failed' })).toMatch(/deploy again/);
  expect(problemsOf({ feeds: [{ queueArn: 'q', state: 'Disabled' }] })).toMatch(/receives nothing/);
});

test('a session that is not online is a problem, with advice for its status', async () => {
  const facts = ['WORKING', 'STARTING', 'SCAN_QR_CODE', 'FAILED', 'STOPPED'].map((status) => ({
    pk: 'sessions',
    sk: `status#${status}`,
    version: '',
    session: status.toLowerCase(),
    status,
    at: '2026-01-31T12:00:00.000Z',
  }));
  const { checks } = statusOf('stack', await checkSessions({ partition: async () => facts }));
  expect(checks.map(({ name, result }) => [name, result])).toEqual([
    ['working', 'ok'],
    ['starting', 'ok'],
    ['scan_qr_code', 'degraded'],
    ['failed', 'degraded'],
    ['stopped', 'degraded'],
  ]);
});

test('two problems of one item are one check, and an item that must not be read is another', async () => {
  const refused = async () => {
    throw new Error('refused');
  };
  const { result, checks } = statusOf('stack', [
    ...findingsOn('rule', 'r', ['It is disabled.', 'It has no target.'], { enabled: false }),
    ...(await attempt('session', refused, 'all')),
  ]);
  expect(result).toBe('degraded');
  expect(checks).toMatchObject([
    { area: 'rule', name: 'r', result: 'degraded', problems: [/disabled/, /no target/].map(text) },
    { area: 'session', name: 'all', result: 'unknown', problems: [text(/be checked: refused/)] },
  ]);
});

test('degraded outweighs unknown', () => {
  const result = (...levels: Finding['level'][]) => resultOf(levels.map((level) => ({ level })));
  expect(result('ok', 'note')).toBe('ok');
  expect(result('ok', 'unknown')).toBe('unknown');
  expect(result('unknown', 'error')).toBe('degraded');
});
