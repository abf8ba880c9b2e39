import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore } from '@event-fanout/local-aws/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { doctorCommand } from '../../cli/doctor.ts';
import { checkBootstrap, checkCredentials } from '../../ops/checks/check-account.ts';
import { checkDeployment, compareTemplates } from '../../ops/checks/check-deployment.ts';
import { checkDisk } from '../../ops/checks/check-disk.ts';
import { checkLocalData, checkVersions, isOlder } from '../../ops/checks/check-machine.ts';
import {
  addTo,
  checkTraffic,
  checkTrafficFindings,
  checkWaha,
} from '../../ops/checks/check-sender.ts';
import { exitStatusOf, type Finding } from '../../ops/checks/finding.ts';
import { checkSession, checkWebhook, readWahaSessions } from '../../ops/checks/sender-webhooks.ts';
import { tailPrefix } from '../../ops/tail/tail-queue.ts';
import { busEvent, exampleDetail, fill } from '../ops/dead-letters/example-messages.ts';
import { startPipeline, type TestPipeline } from '../ops/local-pipeline.ts';
import { runCommand } from './run-command.ts';

const printed = (findings: readonly Finding[]) =>
  findings.map(({ level, what }) => `${level}: ${what}`).join('\n');

describe('a webhook of a WAHA session', () => {
  const good = {
    url: 'https://api.example.com/webhooks',
    events: ['message.any', 'session.status'],
    hmac: { key: 'hidden-key' },
    retries: { policy: 'exponential', delaySeconds: 2, attempts: 15 },
  };
  const check = (more: object = {}) => {
    const answer = [{ name: 'shop', config: { webhooks: [{ ...good, ...more }] } }];
    return readWahaSessions(answer).flatMap(({ name, webhooks }) =>
      webhooks.flatMap((webhook) => checkWebhook(name, webhook)),
    );
  };

  test('that is configured correctly has no finding', () => {
    expect(check()).toEqual([]);
    expect(check({ url: 'https://api.example.com/webhooks/' })).toEqual([]);
  });

  test.each([
    ['is subscribed to both message and message.any', { events: ['message', 'message.any'] }],
    ['is subscribed to both message and message.any', { events: ['*'] }],
    ['is subscribed to "mesage"', { events: ['mesage'] }],
    ['is subscribed to engine.event', { events: ['message', 'engine.event'] }],
    ['is subscribed to no messages', { events: ['session.status'] }],
    ['has neither a signature nor a secret', { hmac: null }],
    ['is not signed, but has a secret', { hmac: null, url: `${good.url}?secret=hidden-secret` }],
    [
      'is not signed, but has a secret',
      { hmac: null, customHeaders: [{ name: 'Authorization', value: 'Bearer hidden-secret' }] },
    ],
    ['is http, not https', { url: 'http://api.example.com/webhooks' }],
    ['has the default retries', { retries: null }],
  ])('%s', (what, more) => {
    const findings = check(more);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.what).toContain(what);
    expect(findings[0]?.todo).toBeTruthy();
    expect(JSON.stringify(findings)).not.toContain('hidden');
  });

  test('that goes to somebody else is not asked to be signed with the secret of this endpoint', () => {
    const others = [
      { ...good, hmac: null },
      { ...good, hmac: null, url: `${good.url}?secret=hidden-secret` },
      { ...good, hmac: { key: 'key of theirs' } },
    ];
    const answer = [{ name: 'shop', config: { webhooks: others } }];
    const [session] = readWahaSessions(answer, ['our-secret']);
    const of = (ingress: string) =>
      session?.webhooks.flatMap((each) => checkWebhook('shop', each, ingress));
    expect(of('https://our.example.com/webhooks')).toEqual([]);
    expect(of(good.url)).toHaveLength(3);
  });

  test('to this machine may use http', () => {
    expect(check({ url: 'http://localhost:3000/webhooks' })).toEqual([]);
  });

  test('that is configured twice, or points elsewhere, is found', () => {
    const of = (...urls: readonly string[]) =>
      readWahaSessions([{ name: 's', config: { webhooks: urls.map((url) => ({ url })) } }]);
    const [twice, elsewhere, here] = [
      ...of(good.url, `${good.url}?secret=hidden`),
      ...of('https://other.example.com/'),
      ...of(`${good.url}/`),
    ];
    if (!twice || !elsewhere || !here) {
      throw new Error('unread');
    }
    expect(printed(checkSession(twice, good.url))).toMatch(/is configured twice/);
    expect(printed(checkSession(elsewhere, good.url))).toMatch(
      /None of its webhooks points to this endpoint/,
    );
    expect(checkSession(here, good.url)).toEqual([]);
    expect(checkSession(elsewhere, undefined)).toEqual([]);
  });

  test('of any shape is read without an error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (answer) => {
        for (const { name, webhooks } of readWahaSessions(answer)) {
          for (const webhook of webhooks) {
            checkWebhook(name, webhook);
          }
        }
      }),
    );
  });
});

describe('a WAHA server', () => {
  let server: Server;
  let url = '';
  const requests: { method: string | undefined; key: string | string[] | undefined }[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push({ method: request.method, key: request.headers['x-api-key'] });
      if (request.url === '/moved') {
        return response.writeHead(301, { location: '/' }).end();
      }
      if (request.headers['x-api-key'] !== 'right') {
        return response.writeHead(401).end();
      }
      if (request.url !== '/waha/api/sessions?all=true') {
        return response.writeHead(404).end();
      }
      const webhook = {
        url: `${url}/moved`,
        events: ['message.any'],
        hmac: { key: 'k' },
        retries: { attempts: 15 },
      };
      response.end(JSON.stringify([{ name: 'shop', config: { webhooks: [webhook] } }]));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });

  test('is asked for its sessions, and each webhook for redirects, without the key', async () => {
    requests.length = 0;
    const findings = await checkWaha({ url: `${url}/waha`, apiKey: 'right', ingress: undefined });
    expect(printed(findings)).toBe(`error: ${url}/moved redirects (301).`);
    expect(requests).toEqual([
      { method: 'GET', key: 'right' },
      { method: 'HEAD', key: undefined },
    ]);
  });

  test('whose key is not an active secret is reported, and an active one is not', async () => {
    const of = (secrets: readonly string[]) =>
      checkWaha({ url: `${url}/waha`, apiKey: 'right', ingress: undefined, secrets });
    expect(printed(await of(['another']))).toContain(
      `error: ${url}/moved is signed with a secret that is not active here.`,
    );
    expect(printed(await of(['another', 'k']))).not.toContain('not active');
  });

  test('that refuses the API key, or is no WAHA server, is reported', async () => {
    const ask = (at: string, apiKey: string) => checkWaha({ url: at, apiKey, ingress: undefined });
    await expect(ask(`${url}/waha`, 'wrong')).rejects.toThrow(/refuses the API key/);
    await expect(ask(url, 'right')).rejects.toThrow(/answers 404/);
    await expect(ask('http://127.0.0.1:9', 'k')).rejects.toThrow(
      /No WAHA server answers at http:\/\/127\.0\.0\.1:9/,
    );
    await expect(ask('waha', 'k')).rejects.toThrow(/not the URL/);
  });
});

describe('what is deployed', () => {
  const template = (Resources: object) => ({ Resources });
  const queue = (more: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties: {}, ...more });

  test('is compared by resource, regardless of metadata and the order of keys', () => {
    const deployed = template({
      A: { Properties: { x: 1, y: 2 }, Type: 'T' },
      Gone: queue(),
      Changed: queue(),
      CDKMetadata: { Type: 'AWS::CDK::Metadata' },
    });
    const wanted = template({
      Changed: queue({ Properties: { DelaySeconds: 1 } }),
      A: { Type: 'T', Metadata: { 'aws:cdk:path': 'x' }, Properties: { y: 2, x: 1 } },
      New: queue(),
    });
    expect(compareTemplates(deployed, wanted)).toEqual({
      added: ['New (AWS::SQS::Queue)'],
      removed: ['Gone (AWS::SQS::Queue)'],
      changed: ['Changed (AWS::SQS::Queue)'],
    });
  });

  test.each([
    ['UPDATE_COMPLETE', 'ok'],
    ['UPDATE_IN_PROGRESS', 'note'],
    ['UPDATE_ROLLBACK_COMPLETE', 'error'],
    ['ROLLBACK_FAILED', 'error'],
  ])('by a stack that is %s is %s', async (StackStatus, level) => {
    const cloudFormation = { send: async () => ({ Stacks: [{ StackStatus }] }) };
    const [finding] = await checkDeployment({ cloudFormation } as never, 'S', undefined);
    expect(finding?.level).toBe(level);
  });
});

describe('the account', () => {
  const bootstrapped = (Stacks: object[]) =>
    checkBootstrap({ cloudFormation: { send: async () => ({ Stacks }) } } as never);
  const withVersion = (OutputValue: string) => [
    { Outputs: [{ OutputKey: 'BootstrapVersion', OutputValue }] },
  ];

  test('must have been bootstrapped for the CDK, with a recent version', async () => {
    expect(printed(await bootstrapped(withVersion('28')))).toMatch(/^ok/);
    expect(printed(await bootstrapped(withVersion('4')))).toMatch(
      /^error: .* version 4, older than 6/,
    );
    expect(printed(await bootstrapped([{}]))).toMatch(/^note: .* has no version output/);
  });

  test('needs credentials', async () => {
    expect(printed(await checkCredentials({ accessKeyId: async () => 'AKIA' }))).toMatch(/^ok/);
    expect(printed(await checkCredentials({ accessKeyId: async () => undefined }))).toMatch(
      /^error/,
    );
  });
});

describe('received events', () => {
  const nothing = { events: 0, duplicates: 0, conflicts: 0, unrecognized: {} };
  const withMeta = (more: object) => {
    const event = JSON.parse(busEvent('message.any'));
    return JSON.stringify({
      ...event,
      detail: { ...event.detail, meta: { ...event.detail.meta, ...more } },
    });
  };

  test('show that message and message.any are both subscribed', () => {
    const subscribed = addTo(addTo(nothing, withMeta({})), withMeta({ duplicateOf: 'message' }));
    expect(printed(checkTrafficFindings(subscribed))).toMatch(
      /warning: 1 of 2 events were published before as another/,
    );
  });

  test('report unrecognized events with the reason', () => {
    const text = JSON.stringify({
      detail: { meta: { type: 'unrecognized' }, data: { reason: 'unknown-event' } },
    });
    expect(printed(checkTrafficFindings(addTo(nothing, text)))).toMatch(
      /Not understood: 1 unknown-event/,
    );
    expect(printed(checkTrafficFindings(addTo(nothing, 'no JSON')))).toMatch(/No event arrived/);
  });

  test('have no finding otherwise', () => {
    expect(printed(checkTrafficFindings(addTo(nothing, busEvent('message'))))).toMatch(
      /^ok: 1 events/,
    );
  });
});

describe('the data of local runs', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fanout-doctor-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const look = () => checkLocalData({ defaultIngress: 'http://127.0.0.1:9', data: folder });

  test('are ok when there are none, and when they can be used', async () => {
    expect(printed(await look())).toMatch(/ok: No data in/);
    openStore(folder).close();
    expect(printed(await look())).toMatch(/ok: .* can be used/);
  });

  test('that another run uses are reported as in use', async () => {
    const store = openStore(folder);
    expect(printed(await look())).toMatch(/warning: .*is in use by another local run/);
    store.close();
  });

  test('on a full disk are an error, also while a run uses them: it answers webhooks with 503', async () => {
    openStore(folder).close();
    expect(checkDisk(folder, () => 31e6)).toMatchObject([
      {
        level: 'error',
        what: 'Its disk is full (29 MB free): webhooks are answered 503 until there is space again.',
      },
    ]);
    expect(checkDisk(folder, () => 1e9)).toMatchObject([{ level: 'ok', facts: { freeMb: 953 } }]);
    expect(checkDisk(join(folder, 'none'), () => 0)).toEqual([]);
    expect(checkDisk(folder)).toMatchObject([
      { about: 'disk', facts: { freeMb: expect.any(Number) } },
    ]);
  });

  test('that other users can read are a warning', async () => {
    const data = join(folder, 'open');
    mkdirSync(data);
    openStore(data).close();
    chmodSync(data, 0o755);
    const findings = await checkLocalData({ defaultIngress: 'http://127.0.0.1:9', data });
    expect(printed(findings)).toMatch(/warning: Other users of this machine can read/);
  });

  test('another program at the port is a warning', async () => {
    const server = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const ingress = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const findings = await checkLocalData({ ingress, defaultIngress: ingress, data: folder });
    server.close();
    expect(printed(findings)).toMatch(/warning: Another program listens/);
  });

  test('the run of another folder at the default port is not taken for the one of this folder', async () => {
    const server = createServer((_request, response) => response.end('{"status":"ready"}'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const place = { defaultIngress: origin, data: folder };
    expect(printed(await checkLocalData(place))).toMatch(/note: That of another folder listens at/);
    expect(printed(await checkLocalData({ ...place, ingress: origin }))).toMatch(
      /ok: It listens at/,
    );
    server.close();
  });

  test('that are damaged, or a file, are a warning which names them', async () => {
    writeFileSync(join(folder, 'fanout.sqlite'), 'no database '.repeat(100));
    expect(printed(await look())).toMatch(/warning: .*fanout-doctor-.* holds a damaged database/);
    const file = join(folder, 'fanout.sqlite');
    const findings = await checkLocalData({ defaultIngress: 'http://127.0.0.1:9', data: file });
    expect(printed(findings)).toMatch(/warning: .*fanout\.sqlite is no directory/);
  });
});

describe('versions, as the published command checks them', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));

  test('are those of Node.js alone: it needs no other package', async () => {
    const findings = await checkVersions(root, true);
    expect(findings.map(({ about }) => about)).toEqual(['Node.js']);
  });
});

describe('fanout doctor', () => {
  let pipeline: TestPipeline;
  beforeEach(async () => {
    pipeline = await startPipeline();
  });
  afterEach(() => pipeline.close());

  const doctor = async (...words: readonly string[]) => {
    const { lines, exitCode } = await runCommand(
      doctorCommand(),
      ...['--no-drift', '--json', '--endpoint', pipeline.run.awsEndpoint, ...words],
    );
    const findings = lines.map((line) => JSON.parse(line) as Finding);
    return { findings, exitCode };
  };

  test('is ended by Ctrl-C, and reports nothing as checked', async () => {
    const services = pipeline.run.services.sqs;
    const call = services.call.bind(services);
    services.call = async (action, input, signal) => {
      process.emit('SIGINT');
      services.call = call;
      return call(action, input, signal);
    };
    await expect(doctor()).rejects.toThrow('Stopped before all was checked.');
  });

  test('removes the leftovers of a killed tail, and says so', async () => {
    await pipeline.run.services.sqs.call('CreateQueue', {
      QueueName: `${tailPrefix}dead`,
      tags: {
        'fanout:role': 'tail',
        'fanout:bus': 'whatsapp-dev',
        'fanout:expires': '2026-01-01T00:00:00.000Z',
      },
    });
    const { findings } = await doctor();
    expect(findings.find(({ about }) => about === 'leftovers')).toMatchObject({
      level: 'note',
      what: `Removed: ${tailPrefix}dead.`,
    });
    expect((await doctor()).findings.at(-1)?.what).toBe('None.');
  });

  test('finds what status finds', async () => {
    expect((await doctor()).findings).toContainEqual(
      expect.objectContaining({ level: 'ok', about: 'pipeline' }),
    );
    await fill(pipeline, 'whatsapp-dev-messages-dead-letters', ['{}']);
    const { findings, exitCode } = await doctor();
    expect(findings.filter(({ level }) => level === 'error')).toMatchObject([
      {
        about: 'consumer',
        name: 'messages',
        what: 'Its dead-letter queue has 1 event: fanout dlq show messages --group-by error',
      },
    ]);
    expect(exitCode).toBe(1);
  });

  test('ends with 3 when the sender cannot be checked, and still reports everything else', async () => {
    const { findings, exitCode } = await doctor('--waha', 'http://127.0.0.1:9');
    expect(findings.find(({ about }) => about === 'sender')).toMatchObject({ level: 'unknown' });
    expect(findings.find(({ about }) => about === 'deployment')).toMatchObject({ level: 'ok' });
    expect([1, 3]).toContain(exitCode);
  });

  test('receives events for a while with --listen', async () => {
    const bus = await pipeline.find();
    const enough = new AbortController();
    const ended = checkTraffic(pipeline.access, bus, 600_000, enough.signal);
    const { eventBridge, sqs } = pipeline.run.services;
    const key = { EventBusName: 'whatsapp-dev', NamePrefix: tailPrefix };
    const targets = async () => {
      const [rule] = (await eventBridge.call('ListRules', key)).Rules as { Name: string }[];
      const of = { EventBusName: 'whatsapp-dev', Rule: rule?.Name };
      return rule ? ((await eventBridge.call('ListTargetsByRule', of)).Targets as []).length : 0;
    };
    while ((await targets()) === 0) {
      await new Promise(setImmediate);
    }
    await eventBridge.call('PutEvents', {
      Entries: [
        {
          EventBusName: 'whatsapp-dev',
          Source: 'whatsapp',
          DetailType: 'message',
          Detail: JSON.stringify(exampleDetail('message')),
        },
      ],
    });
    const [url = ''] = (await sqs.call('ListQueues', { QueueNamePrefix: tailPrefix }))
      .QueueUrls as string[];
    while (sqs.peek(sqs.arnOf(url), 1).length > 0) {
      await new Promise(setImmediate);
    }
    enough.abort();
    expect(printed(await ended)).toBe('ok: 1 events, all understood.');
  });
});

test('versions are compared by their numbers', () => {
  expect(isOlder('9.9.9', '10')).toBe(true);
  expect(isOlder('20.19.0', '20.19')).toBe(false);
  expect(isOlder('20.18.4', '20.19')).toBe(true);
  expect(isOlder('24.0.0', '20.19')).toBe(false);
});

test('the exit status says whether something is wrong, or could not be checked', () => {
  const status = (...levels: Finding['level'][]) =>
    exitStatusOf(levels.map((level) => ({ level, about: '', what: '' })));
  expect(status('ok', 'note')).toBe(0);
  expect(status('ok', 'warning', 'unknown')).toBe(1);
  expect(status('note', 'unknown')).toBe(3);
});
