import { type LocalRun, startLocalRun } from '@event-fanout/local-aws';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectCommand } from '../../cli/connect.ts';
import { doctorCommand } from '../../cli/doctor.ts';
import { secretCommand } from '../../cli/secret.ts';
import { sendCommand } from '../../cli/send.ts';
import { runCommand } from '../cli/run-command.ts';
import { startWaha } from '../senders/start-waha.ts';
import { assembleProject } from './assembly.ts';

/** Other settings of the session, which a connection must not touch. */
const others = {
  metadata: { 'user.id': '123' },
  proxy: { server: 'proxy.example.com:3128' },
  noweb: { store: { enabled: true, fullSync: false } },
};
const otherWebhook = { url: 'http://127.0.0.1:9/other', events: ['call.received'] };

/** Bodies of the messages that consumers' functions have handled. */
const handled: string[] = [];
let run: LocalRun;
let waha: Awaited<ReturnType<typeof startWaha>>;
let endpoint: string;

beforeAll(async () => {
  const [assembly, started] = await Promise.all([assembleProject(), startWaha()]);
  waha = started;
  run = await startLocalRun({
    assembly,
    ingressPort: 0,
    awsPort: 0,
    environment: {},
    observer: {
      batchFinished: ({ records }, failed) => {
        handled.push(
          ...records.filter(({ messageId }) => !failed.has(messageId)).map(({ body }) => body),
        );
      },
    },
  });
  endpoint = `${[...run.ingresses.values()][0]}/webhooks`;
  await waha.call('PUT', '/api/sessions/default', {
    config: { ...others, webhooks: [otherWebhook] },
  });
});
afterAll(async () => {
  await waha?.close();
  await run?.close();
});

const connect = (...words: readonly string[]) =>
  runCommand(
    connectCommand(),
    ...['waha', waha.url, '--api-key', waha.apiKey, '--endpoint', run.awsEndpoint, ...words],
  );
const secret = async (...words: readonly string[]) => {
  const command = [...words, '--json', '--endpoint', run.awsEndpoint];
  return JSON.parse((await runCommand(secretCommand(), ...command)).lines.at(-1) ?? '{}') as {
    readonly secret: string;
  };
};
const configOf = async (session = 'default') =>
  ((await waha.call('GET', `/api/sessions/${session}`)) as { config: Record<string, unknown> })
    .config;
const webhooksOf = async (session = 'default') =>
  (await configOf(session)).webhooks as readonly Record<string, unknown>[];

/** An inbound message in WAHA: how its webhook was answered, once a consumer has handled its event. */
async function receive(text: string): Promise<readonly (number | string)[]> {
  const { id } = (await waha.call('POST', '/stand-in/messages', {
    ...{ session: 'default', from: '12025550142@c.us', body: text },
  })) as { id: string };
  const key = id.split('_').at(-1) ?? id;
  while (!handled.some((body) => body.includes(key))) {
    await new Promise((done) => setTimeout(done, 20));
  }
  return (await waha.attempts())
    .filter(({ body }) => body.includes(id))
    .map(({ status }) => status);
}

describe('fanout connect waha', () => {
  test('shows with --dry-run what it would change, and changes nothing', async () => {
    const before = await configOf();
    const { lines } = await connect('--dry-run');
    expect(lines.join('\n')).toMatch(/Session default at http:\/\/127\.0\.0\.2:\d+\/ \(STOPPED\)/);
    expect(lines.join('\n')).toMatch(/url +none → http:\/\/127\.0\.0\.1:\d+\/webhooks/);
    expect(lines.join('\n')).toMatch(/hmac\.key +none → this secret/);
    expect(lines.join('\n')).toMatch(/kept: metadata, proxy, noweb, 1 other webhook/);
    expect(await configOf()).toEqual(before);
  });

  test('writes the webhook, keeps the rest, and reports the first event that arrives', async () => {
    const { lines, exitCode } = await connect();
    expect(exitCode).toBeUndefined();
    expect(lines.at(-1)).toMatch(/Connected.*session\.status arrived on the bus/);
    const { webhooks, ...kept } = await configOf();
    expect(kept).toEqual(others);
    expect(webhooks).toEqual([
      otherWebhook,
      {
        url: endpoint,
        events: expect.arrayContaining(['message', 'session.status', 'call.received']),
        hmac: { key: expect.any(String) },
        retries: { policy: 'exponential', delaySeconds: 2, attempts: 15 },
      },
    ]);
    const [, { hmac }] = webhooks as [unknown, { hmac: { key: string } }];
    expect(lines.join('\n')).not.toContain(hmac.key);
  });

  test('an inbound message that WAHA has signed reaches its consumer at the first attempt', async () => {
    expect(await receive('hello')).toEqual([202]);
  });

  test('changes nothing when it is run again, and still receives an event', async () => {
    const before = await configOf();
    const { lines, exitCode } = await connect();
    expect(lines.join('\n')).toMatch(/nothing to change/);
    expect(lines.at(-1)).toMatch(/Connected/);
    expect(exitCode).toBeUndefined();
    expect(await configOf()).toEqual(before);
  });

  test('leaves no problem of the webhook for doctor to find, only other problems', async () => {
    const { lines } = await runCommand(
      doctorCommand(),
      ...['--no-drift', '--json', '--endpoint', run.awsEndpoint],
      ...['--waha', waha.url, '--api-key', waha.apiKey],
    );
    const about = lines
      .map((line) => JSON.parse(line) as { about: string; level: string; what: string })
      .filter((finding) => finding.about === 'session default' && finding.level !== 'note');
    // The other webhook is not ours, and has faults of its own.
    expect(about.every(({ what }) => what.startsWith('http://127.0.0.1:9/other'))).toBe(true);
  });

  test('writes a rotated secret to WAHA, and then the old one can be retired', async () => {
    await secret('rotate', 'waha', '--wait', '0');
    const { lines } = await connect();
    expect(lines.join('\n')).toMatch(/hmac\.key +another secret → this secret/);
    expect(lines.join('\n')).not.toMatch(/events|retries/);
    await secret('retire', 'waha', '--yes');
    expect(await receive('after the rotation')).toEqual([202]);
    // So does the command that plays a sender.
    process.env.AWS_PORT = new URL(run.awsEndpoint).port;
    const sent = await runCommand(sendCommand(), 'message', '--url', endpoint).finally(() => {
      delete process.env.AWS_PORT;
    });
    expect(sent.lines.join('\n')).toMatch(/message +202/);
    expect(sent.exitCode).toBeUndefined();
  });

  test('creates a session that does not exist', async () => {
    const { lines } = await connect('--session', 'shop');
    expect(lines[0]).toMatch(/Session shop at .* \(is created and started\)/);
    expect(lines.at(-1)).toMatch(/Connected/);
    expect(await webhooksOf('shop')).toHaveLength(1);
  });

  test('moves the webhook when the endpoint has another address, and reports that it cannot be reached there', async () => {
    // As after a first try without --docker: what arrives by the earlier address proves nothing.
    const elsewhere = ['--webhook-url', 'http://127.0.0.1:9/webhooks', '--timeout', '1s'];
    const lost = await connect('--session', 'shop', ...elsewhere);
    expect(lost.lines.join('\n')).toMatch(/url +http:\S+ → http:\/\/127\.0\.0\.1:9\/webhooks/);
    expect(lost.exitCode).toBe(1);
    expect(await webhooksOf('shop')).toHaveLength(1);
    const { lines, exitCode } = await connect('--session', 'shop');
    expect(lines.at(-1)).toMatch(/Connected/);
    expect(exitCode).toBeUndefined();
    expect(await webhooksOf('shop')).toEqual([expect.objectContaining({ url: endpoint })]);
  });

  test('says what to do when no event arrives', async () => {
    const elsewhere = ['--webhook-url', 'http://127.0.0.1:9/webhooks', '--timeout', '1s'];
    const { exitCode } = await connect('--session', 'lost', ...elsewhere);
    expect(exitCode).toBe(1);
  });

  test('names what WAHA refuses', async () => {
    await expect(connect('--api-key', 'wrong')).rejects.toThrow(/refuses the API key/);
    await expect(
      runCommand(
        connectCommand(),
        ...['waha', 'http://127.0.0.2:1', '--endpoint', run.awsEndpoint],
      ),
    ).rejects.toThrow(/No WAHA server answers at http:\/\/127\.0\.0\.2:1/);
    await expect(
      runCommand(
        connectCommand(),
        ...['waha', `${waha.url}/dashboard`, '--api-key', waha.apiKey],
        ...['--endpoint', run.awsEndpoint],
      ),
    ).rejects.toThrow(/answers 404 .* Is \/dashboard\/ part of its URL\? Usually it is http/);
    await expect(connect('--events', 'mesage')).rejects.toThrow(/Did you mean "message"\?/);
    await expect(connect('--sender', 'wha')).rejects.toThrow(/Did you mean "waha"\?/);
  });
});

test('WAHA posts what is refused again: the same body under the same id', async () => {
  await waha.call('POST', '/api/sessions', {
    name: 'unsigned',
    start: true,
    config: {
      webhooks: [
        {
          url: endpoint,
          events: ['session.status'],
          retries: { policy: 'constant', delaySeconds: 0, attempts: 2 },
        },
      ],
    },
  });
  let refused: readonly { readonly requestId: string; readonly body: string }[] = [];
  while (refused.length < 6) {
    refused = (await waha.attempts()).filter(({ body }) => body.includes('"session":"unsigned"'));
  }
  const tries = Map.groupBy(refused, ({ requestId }) => requestId);
  expect([...tries.values()].map((each) => each.length)).toEqual([3, 3]);
  expect([...tries.values()].map((each) => new Set(each.map(({ body }) => body)).size)).toEqual([
    1, 1,
  ]);
});
