import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals';
import { exitStatusMeanings } from '../../cli/exit-status.ts';
import { main } from '../../cli/program.ts';
import { startPipeline, type TestPipeline } from '../ops/local-pipeline.ts';

/** A URL where nothing listens, and one that answers with the status in the path. */
let silentUrl = '';
let server: Server;
let somebody = '';
let folder = '';
let pipeline: TestPipeline;
const before = { ...process.env };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fanout-mistakes-'));
  writeFileSync(join(folder, 'broken.json'), '{ "event": message }');
  server = createServer((request, response) => {
    request.resume();
    if (request.url?.startsWith('/html')) {
      return response.writeHead(403, { 'content-type': 'text/html' }).end('<html>Forbidden</html>');
    }
    const status = Number(request.url?.split('/')[1]) || 401;
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(status === 401 ? '{"error":"unauthorized"}' : '{"message":"Not Found"}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  somebody = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // A port that was free a moment ago.
  const gone = createServer();
  await new Promise<void>((done) => gone.listen(0, '127.0.0.2', done));
  silentUrl = `http://127.0.0.2:${(gone.address() as AddressInfo).port}`;
  await new Promise((done) => gone.close(done));
  pipeline = await startPipeline();
});
afterAll(async () => {
  server.close();
  await pipeline.close();
  rmSync(folder, { recursive: true });
});

let printed = '';
beforeEach(() => {
  printed = '';
  const take = (...parts: unknown[]) => {
    printed += `${parts.map(String).join(' ')}\n`;
  };
  for (const level of ['log', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation(take);
  }
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      take(text);
      return true;
    });
  }
  process.exitCode = undefined;
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
  for (const name of Object.keys(process.env)) {
    if (!(name in before)) {
      delete process.env[name];
    }
  }
  Object.assign(process.env, before);
});

interface Mistake {
  readonly words: () => readonly string[];
  /** What a person reads. */
  readonly says: RegExp;
  readonly status: number;
  readonly environment?: () => Readonly<Record<string, string>>;
}

const here = () => ['--endpoint', pipeline.run.awsEndpoint];
const signed = ['--secret', 'some-secret-of-mine'];

/** What the machine of a developer may have set. */
const cleared = [
  ...['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_PROFILE'],
  ...['AWS_ENDPOINT_URL', 'WAHA_API_KEY', 'FANOUT_URL', 'SIGNING_SECRET'],
];

/** Nothing of AWS that the machine of a developer may have. */
const noAws = () => ({
  AWS_CONFIG_FILE: join(folder, 'none'),
  AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
  AWS_EC2_METADATA_DISABLED: 'true',
});

const mistakes: Readonly<Record<string, Mistake>> = {
  'a misspelt command': {
    words: () => ['snd', 'message'],
    says: /^error: unknown command 'snd'\n\(Did you mean send\?\)/,
    status: 2,
  },
  'the command of another command': {
    words: () => ['chats'],
    says: /^error: unknown command 'chats'\n\(Did you mean state chats\?\)/,
    status: 2,
  },
  'a misspelt option': {
    words: () => ['tail', '--sesion', 'shop'],
    says: /^error: unknown option '--sesion'\n\(Did you mean --session\?\)/,
    status: 2,
  },
  'a misspelt event type to send': {
    words: () => ['send', 'mesage', ...signed],
    says: /^error: There is no event type "mesage"\. Did you mean "message"\?\n$/m,
    status: 2,
  },
  'a misspelt event type to tail, which nothing would ever match': {
    words: () => ['tail', '--type', 'mesage.reaction', ...here()],
    says: /There is no event type "mesage\.reaction"\. Did you mean "message\.reaction"\?/,
    status: 2,
  },
  'a misspelt event type to explain': {
    words: () => ['explain', 'calls.missed', ...here()],
    says: /There is no event type or file "calls\.missed"\. Did you mean "call\.missed"\?/,
    status: 2,
  },
  'a misspelt event type of messages to purge, which nothing would ever match': {
    words: () => ['dlq', 'purge', 'messages', '--type', 'mesage', '--yes', ...here()],
    says: /There is no event type "mesage"\. Did you mean "message"\?/,
    status: 2,
  },
  'a misspelt event type to replay': {
    words: () => ['replay', '--consumer', 'calls', '--from', '2h', '--type', 'call', ...here()],
    says: /There is no event type "call"\./,
    status: 2,
  },
  'a type beside the demo': {
    words: () => ['send', 'message', '--demo', ...signed],
    says: /^error: --demo sends its own types: omit message\.\n/,
    status: 2,
  },
  'a place in a list that is none': {
    words: () => ['state', 'chats', '--before', 'yesterday', ...here()],
    says: /'--before <place>' argument 'yesterday' is invalid\. Give a time such as 2026-01-31/,
    status: 2,
  },
  'a new consumer that subscribes to nothing': {
    words: () => ['consumer', 'add', 'crm', '--dry-run'],
    says: /^fanout: Give --type or --category: what the consumer subscribes to\.\n$/,
    status: 2,
  },
  'a number of the costs that is none': {
    words: () => ['cost', '--set', 'byts=1'],
    says: /^error: docs\/costs\.md has no number "byts"\.\n/,
    status: 2,
  },
  'a misspelt event type of rules': {
    words: () => ['rules', '--for', 'poll.votes', ...here()],
    says: /Did you mean "poll\.vote"\?/,
    status: 2,
  },
  'a misspelt consumer of a queue': {
    words: () => ['dlq', 'show', 'mesages', ...here()],
    says: /There is no failure queue "mesages"\. Did you mean "messages"\?/,
    status: 2,
  },
  'a misspelt consumer of a replay': {
    words: () => ['replay', '--consumer', 'cals', '--from', '2h', ...here()],
    says: /There is no consumer with a queue of its own "cals"\. Did you mean "calls"\?/,
    status: 2,
  },
  'a wrong secret': {
    words: () => ['send', 'message', ...signed, '--url', `${somebody}/webhooks`],
    says: /401.*unauthorized[\s\S]*The secret does not fit: .*fanout logs ingest/,
    status: 1,
  },
  'a wrong path': {
    words: () => ['send', 'message', ...signed, '--url', `${somebody}/404/webhooks/`],
    says: /404.*Not Found[\s\S]*Webhooks are posted to \/webhooks, or to/,
    status: 1,
  },
  'a URL that is none': {
    words: () => ['send', 'message', '--url', 'not-a-url'],
    says: /^error: option '--url <url>' .*Give a URL that begins with http:\/\/ or https:\/\//,
    status: 2,
  },
  'a WAHA server without http://': {
    words: () => ['connect', 'waha', 'localhost:3000'],
    says: /argument 'url'\. Give a URL that begins with http:\/\/ or https:\/\//,
    status: 2,
  },
  'a WAHA server that is not there': {
    words: () => ['connect', 'waha', silentUrl, '--endpoint', pipeline.run.awsEndpoint],
    says: /no secrets of senders|No WAHA server answers/,
    status: 1,
  },
  'doctor with a WAHA server that is not there': {
    words: () => ['doctor', '--no-drift', '--waha', silentUrl, ...here()],
    says: /unknown +sender +No WAHA server answers at http:\/\/127\.0\.0\.2:\d+ \(ECONNREFUSED\)/,
    status: 3,
  },
  'doctor with a wrong API key': {
    words: () => [
      ...['doctor', '--no-drift', '--waha', `${somebody}/401`, '--api-key', 'wrong'],
      ...here(),
    ],
    says: /unknown +sender +The WAHA server refuses the API key/,
    status: 3,
  },
  'doctor without an API key': {
    words: () => ['doctor', '--no-drift', '--waha', `${somebody}/401`, ...here()],
    says: /The WAHA server requires an API key\. Set WAHA_API_KEY, or give --api-key/,
    status: 3,
    environment: () => ({ WAHA_API_KEY: '' }),
  },
  'a file that is missing': {
    words: () => ['send', 'message', ...signed, '--file', join(folder, 'nothing.json')],
    says: /^error: .*nothing\.json cannot be read: there is no such file\.\n/,
    status: 2,
  },
  'a file to explain that is missing': {
    words: () => ['explain', 'nothing.json', ...here()],
    says: /^error: nothing\.json cannot be read: there is no such file\.\n/,
    status: 2,
  },
  'a pattern that is missing, printed once': {
    words: () => ['tail', '--pattern', 'nothing.json', ...here()],
    says: /^error: nothing\.json cannot be read: there is no such file\.\n+$/,
    status: 2,
  },
  'a file to import that is missing': {
    words: () => ['dlq', 'import', 'messages', 'nothing.ndjson', ...here()],
    says: /^fanout: nothing\.ndjson cannot be opened: there is no such file\.$/m,
    status: 2,
  },
  'a folder to export to that is missing': {
    words: () => ['dlq', 'export', 'messages', join(folder, 'nowhere', 'x.ndjson'), ...here()],
    says: /nowhere\/x\.ndjson cannot be created: its folder does not exist\.$/m,
    status: 2,
  },
  'a file to export to that exists': {
    words: () => ['dlq', 'export', 'messages', join(folder, 'broken.json'), ...here()],
    says: /broken\.json already exists\. Name another file, or remove it\.$/m,
    status: 2,
  },
  'a folder as the file of the audit log': {
    words: () => ['dlq', 'redrive', 'messages', '--audit', folder, ...here()],
    says: /^fanout: The audit record cannot be written .*, so nothing was done\./m,
    status: 2,
  },
  'a template that is missing': {
    words: () => ['explain', 'message', '--template', 'nothing.json', ...here()],
    says: /^fanout: nothing\.json cannot be opened: there is no such file\.$/m,
    status: 2,
  },
  'a file that is no JSON': {
    words: () => ['send', 'message', ...signed, '--file', join(folder, 'broken.json')],
    says: /^error: .*broken\.json is not JSON: /,
    status: 2,
  },
  'no local run': {
    words: () => ['dlq', 'list', '--endpoint', silentUrl],
    says: /^fanout: No local run listens at 127\.0\.0\.2:\d+\. Start it with "npm start"/,
    status: 1,
  },
  'a webhook to an address where nothing listens': {
    words: () => ['send', 'message', ...signed, '--url', `${silentUrl}/webhooks`],
    says: /^fanout: Nothing listens at http:\/\/127\.0\.0\.2:\d+\. Start the local run/,
    status: 1,
  },
  'a stage instead of a stack': {
    words: () => ['dlq', 'list', '--stack', 'prod', ...here()],
    says: /^fanout: There is no stack "prod".* The stack of that stage is WhatsAppEventFanout-prod\.$/m,
    status: 1,
  },
  'no region': {
    words: () => ['dlq', 'list', '--stack', 'WhatsAppEventFanout-prod'],
    says: /^fanout: No AWS region is set\. Give one with --region, or set AWS_REGION\./,
    status: 1,
    environment: noAws,
  },
  'no credentials': {
    words: () => ['dlq', 'list', '--stack', 'WhatsAppEventFanout-prod', '--region', 'eu-west-1'],
    says: /^fanout: There are no usable AWS credentials\. Sign in/,
    status: 1,
    environment: noAws,
  },
  'a region that is none': {
    words: () => ['dlq', 'list', '--stage', 'prod', '--region', 'not a region'],
    says: /^error: option '--region <region>' argument 'not a region' is invalid\. Give the name of an AWS region, such as/,
    status: 2,
  },
  'a region that does not exist': {
    words: () => ['dlq', 'list', '--stage', 'prod', '--region', 'eu-nowhere-1'],
    says: /^fanout: AWS cannot be reached at \S+\.eu-nowhere-1\.amazonaws\.com \(\w+\)\. Check --endpoint, --region and the network\./,
    status: 1,
    environment: () => ({ AWS_ACCESS_KEY_ID: 'invented', AWS_SECRET_ACCESS_KEY: 'invented' }),
  },
  'a profile that does not exist': {
    words: () => ['dlq', 'list', '--stage', 'prod', '--region', 'eu-west-1', '--profile', 'nope'],
    says: /^fanout: The profile "nope" gives no usable AWS credentials\. .*--profile \("aws configure list-profiles"/,
    status: 1,
    environment: noAws,
  },
  'an endpoint that is no URL': {
    words: () => ['dlq', 'list', '--endpoint', 'localhost'],
    says: /^error: option '--endpoint <url>' argument 'localhost' is invalid\. Give a URL that begins with http/,
    status: 2,
  },
  'a URL to check that is none': {
    words: () => ['status', '--url', 'foo', ...here()],
    says: /^error: option '--url <url>' argument 'foo' is invalid\. Give a URL/,
    status: 2,
  },
  'a WAHA server to check that is no URL': {
    words: () => ['doctor', '--waha', 'foo', ...here()],
    says: /^error: option '--waha <url>' argument 'foo' is invalid\. Give a URL/,
    status: 2,
  },
  'a context of doctor without a value': {
    words: () => ['doctor', '--context', 'stage=dev', 'foo', ...here()],
    says: /^error: option '--context <name=value\.\.\.>' argument 'foo' is invalid\. Context is given as name=value\./,
    status: 2,
  },
  'a new consumer that exists': {
    words: () => ['consumer', 'add', 'messages', '--category', 'messages', '--dry-run'],
    says: /^fanout: The consumer "messages" already exists in lib\/consumers\.ts\.\n$/,
    status: 2,
  },
  'a misspelt archive of a replay': {
    words: () => [
      ...['replay', '--consumer', 'calls', '--from', '2h', '--archive', 'nope'],
      ...here(),
    ],
    says: /^fanout: There is no archive of whatsapp-dev "nope"\./m,
    status: 1,
  },
  'a proxy that answers instead of AWS': {
    words: () => ['dlq', 'list', '--stack', 'S', '--endpoint', `${somebody}/html`],
    says: /^fanout: http:\/\/127\.0\.0\.1:\d+\/html gives an answer that is not of AWS \(HTTP status 403\)\. Is a proxy/m,
    status: 1,
  },
  'a proxy that answers a check instead of AWS': {
    words: () => ['status', '--stack', 'S', '--endpoint', `${somebody}/html`],
    says: /^fanout: http:\/\/127\.0\.0\.1:\d+\/html gives an answer that is not of AWS/m,
    status: 3,
  },
  'a form for an event type, which is no file': {
    words: () => ['explain', 'message', '--as', 'webhook', ...here()],
    says: /^error: --as is the format of a file: omit it for an event type\.\n/,
    status: 2,
  },
  'a type that is in none of the categories to tail': {
    words: () => ['tail', '--type', 'message', '--category', 'calls', ...here()],
    says: /^error: no event type of --type is in a category of --category: nothing matches\.\n/,
    status: 2,
  },
  'a group of types that is in none of the categories to tail': {
    words: () => ['tail', '--type', 'call.*', '--category', 'messages', ...here()],
    says: /^error: no event type of --type is in a category/,
    status: 2,
  },
  'one port for two endpoints': {
    words: () => ['dev', '--data', join(folder, 'run'), '--port', '5000', '--aws-port', '5000'],
    says: /^fanout: --port and --aws-port are both 5000\. Choose different ports/,
    status: 2,
  },
  'one port for the console and another endpoint': {
    words: () => ['dev', '--data', join(folder, 'run'), '--console-port', '4566'],
    says: /^fanout: --aws-port and --console-port are both 4566\./,
    status: 2,
  },
  'a data folder where none can be created': {
    words: () => ['dev', '--data', '/proc/fanout', '--port', '0', '--aws-port', '0'],
    says: /^fanout: \/proc\/fanout .*\. Choose another directory \(--data\)\.$/m,
    status: 1,
  },
  'a folder without a local run': {
    words: () => ['dlq', 'list', '--data', join(folder, 'nowhere')],
    says: /^fanout: No local run of this folder is running .*Start it with "npm start", or name/,
    status: 1,
  },
  'a stack that does not exist': {
    words: () => ['status', '--stack', 'Shop', ...here()],
    says: /^fanout: There is no stack "Shop"/m,
    status: 3,
  },
  'an app of fanout dev whose settings are misspelt': {
    words: () => ['dev', '-c', 'stage'],
    says: /^error: option '-c, --context <name=value>' .* Context is given as name=value\.$/m,
    status: 2,
  },
  'a port that is none': {
    words: () => ['dlq', 'list'],
    says: /^fanout: The environment variable AWS_PORT is "abc"\. A port is an integer/,
    status: 1,
    environment: () => ({ AWS_PORT: 'abc' }),
  },
  'a misspelt setting': {
    words: () => ['cost', '-c', 'stag=prod'],
    says: /^fanout: There is no setting "stag" \(CDK context\): did you mean "stage"\?\n/,
    status: 2,
  },
  'several wrong settings, all of them at once': {
    words: () => ['cost', '-c', 'stag=prod', '-c', 'archiveDays=many', '-c', 'logLevel=LOUD'],
    says: /^(?=[\s\S]*"stag")(?=[\s\S]*"archiveDays".*many)(?=[\s\S]*"logLevel".*LOUD)fanout: /,
    status: 2,
  },
  'no log of a local run': {
    words: () => ['logs', 'messages', '--data', join(folder, 'nowhere')],
    says: /^fanout: There is no log in .*nowhere.logs\. The local run writes it there/,
    status: 1,
  },
};

describe('a mistake is answered by what is wrong and what to do', () => {
  test.each(Object.keys(mistakes))('%s', async (name) => {
    const { words, says, status, environment } = mistakes[name] as Mistake;
    for (const variable of cleared) {
      delete process.env[variable];
    }
    Object.assign(process.env, environment?.());
    const ended = await main(words());
    expect(printed).toMatch(says);
    expect(printed).not.toMatch(/^ +at .*:\d+:\d+\)?$/m);
    expect(ended).toBe(status);
  });

  test('with an exit status of the one table', () => {
    const known = exitStatusMeanings.map(([status]) => status);
    for (const { status } of Object.values(mistakes)) {
      expect(known).toContain(status);
    }
  });
});

test('help of a subcommand is its own', async () => {
  expect(await main(['help', 'dlq', 'show'])).toBe(0);
  expect(printed).toMatch(/^Usage: fanout dlq show \[options\] <queue>/);
  printed = '';
  expect(await main(['help', 'dlq'])).toBe(0);
  expect(printed).toMatch(/^Usage: fanout dlq \[options\]/);
});
