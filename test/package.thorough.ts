import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readAssembly } from '@event-fanout/local-aws/assembly';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { catalogDocs } from '../events/catalog.docs.ts';
import { writePackageApp } from './package-app.ts';
import { makeScratchCopy, type ScratchCopy } from './scratch-copy.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

let copy: ScratchCopy;
/** Where the package lies as `npm pack` has made it. */
let tarballs: string;
let tarball: string;
/** A project that has installed the package, and nothing else. */
let consumer: string;
/** A CDK app with an aws-cdk-lib of its own. */
let app: string;

const npm = (cwd: string, ...args: string[]) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

beforeAll(() => {
  copy = makeScratchCopy();
  tarballs = mkdtempSync(join(tmpdir(), 'fanout-tarball-'));
  const [{ filename }] = JSON.parse(
    npm(copy.directory, 'pack', '--json', '--pack-destination', tarballs).replace(/^[^[]*/, ''),
  ) as [{ readonly filename: string }];
  tarball = join(tarballs, filename);
  consumer = install('fanout-consumer-');
  symlinkInto(consumer, '@types', 'undici-types');
  app = install('fanout-app-');
  symlinkInto(app, 'aws-cdk-lib', 'constructs', 'esbuild', '@aws-sdk', '@types', 'undici-types');
  writePackageApp(app);
});

afterAll(() => {
  copy.remove();
  for (const folder of [tarballs, consumer, app]) {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** An empty folder with the package installed, without a registry. */
function install(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}');
  npm(folder, 'install', '--offline', '--no-audit', '--no-fund', tarball);
  return folder;
}

/** What a project has installed besides, from here: a test reaches no registry. */
function symlinkInto(folder: string, ...names: readonly string[]): void {
  for (const name of names) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
}

/** Every Node.js of this machine from version 20 on: that of the test, and those in the PATH. */
const nodes = [
  process.execPath,
  ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node')),
]
  .filter((path) => existsSync(path))
  .map((path) => ({
    path,
    version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim(),
  }))
  .filter(({ version }, index, all) => all.findIndex((each) => each.version === version) === index)
  .filter(({ version }) => Number(/\d+/.exec(version)?.[0]) >= 20);

const runNode = (node: string, cwd: string, ...args: string[]) =>
  spawnSync(node, args, { cwd, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });

const fanout = (node: string, cwd: string, ...args: string[]) =>
  runNode(node, cwd, join('node_modules', 'whatsapp-event-fanout', 'dist', 'fanout.js'), ...args);

describe('the package', () => {
  test('is alone in node_modules, has no Node.js of its own, and no sources or tests', () => {
    const installed = readdirSync(join(consumer, 'node_modules')).filter(
      (name) => !['.bin', '.package-lock.json', '@types', 'undici-types'].includes(name),
    );
    expect(installed).toEqual(['whatsapp-event-fanout']);
    expect(readdirSync(join(consumer, 'node_modules', '.bin'))).toEqual(['fanout']);
    const files = readdirSync(join(consumer, 'node_modules', 'whatsapp-event-fanout'), {
      recursive: true,
      encoding: 'utf8',
    });
    expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([]);
    expect(files.filter((file) => /(^|\/)test(\/|$)/.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md']));
  });

  test('says all of itself in package.json, and nothing of the repository', () => {
    const manifest = JSON.parse(
      readFileSync(join(consumer, 'node_modules/whatsapp-event-fanout/package.json'), 'utf8'),
    ) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      description: expect.any(String),
      keywords: expect.arrayContaining(['whatsapp', 'eventbridge']),
      license: 'Apache-2.0',
      engines: { node: '>=20.19' },
      bin: { fanout: 'dist/fanout.js' },
    });
    for (const field of [
      'dependencies',
      'optionalDependencies',
      'devDependencies',
      'scripts',
      'workspaces',
    ]) {
      expect(manifest).not.toHaveProperty(field);
    }
  });

  test('is left as it was by packing it', () => {
    const manifest = (folder: string) => readFileSync(join(folder, 'package.json'), 'utf8');
    expect(manifest(copy.directory)).toBe(manifest(root));
  });

  test('has the licence of every package whose code is in it', () => {
    const text = readFileSync(
      join(consumer, 'node_modules/whatsapp-event-fanout/dist/THIRD-PARTY-LICENCES.txt'),
      'utf8',
    );
    for (const name of ['@aws-sdk/client-sqs', '@middy/core', 'commander', 'croner', 'valibot']) {
      expect(text).toContain(`==== ${name} `);
    }
  });
});

describe('a consumer that has installed nothing else', () => {
  const handler = `import { consume, PermanentError } from 'whatsapp-event-fanout/consumer';
export const handler = consume<'message' | 'call.received'>((event, { receiveCount }) => {
  if (event.type === 'message' && event.data.body === 'ping') console.log(event.meta.chat, receiveCount);
  if (event.type === 'call.received') throw new PermanentError(String(event.data.media));
  // @ts-expect-error this consumer gets no such type
  if (event.type === 'group.join') return;
});
`;
  const config = (file: string) =>
    JSON.stringify({
      compilerOptions: {
        ...{ strict: true, module: 'nodenext', target: 'es2022', noEmit: true },
        ...{ skipLibCheck: false, types: ['node'] },
      },
      files: [file],
    });
  const write = (name: string, text: string) => writeFileSync(join(consumer, name), text);
  const check = (file: string, ...options: string[]) => {
    write('tsconfig.json', config(file));
    return runNode(process.execPath, consumer, tsc, '-p', '.', ...options).stdout;
  };

  test('is typed by plain interfaces, which need no other package', () => {
    write('handler.ts', handler);
    expect(check('handler.ts')).toBe('');
  });

  test('narrows by type, parses, makes patterns and validates, typed', () => {
    write(
      'typed.ts',
      `import { type DataOf, is, parse, pattern, type WhatsAppEvent } from 'whatsapp-event-fanout/events';
import { dataSchemaOf, schemaOf } from 'whatsapp-event-fanout/schemas';
export function handle(body: string): string | number | undefined {
  const event = parse(body);
  if (is(event, 'message', 'message.any')) return event.data.body;
  switch (event.type) {
    case 'message.ack': return event.data.ack?.level;
    case 'call.missed': return event.data.outcome;
  }
  // @ts-expect-error there is no such type
  if (event.type === 'mesage') return 1;
  // @ts-expect-error a field of a field does not narrow
  if (event.meta.type === 'call.received') return event.data.media;
  return event.meta.session;
}
// @ts-expect-error there is no such type
export const isNothing = (event: WhatsAppEvent) => is(event, 'mesage');
export const isVideo = (call: DataOf<'call.received'>) => call.media === 'video';
pattern({ type: 'message', where: { 'data.chat.kind': 'group' } });
// @ts-expect-error there is no such path
pattern({ type: 'message', where: { 'data.chat.knd': 'group' } });
export async function validate(detail: unknown): Promise<string | undefined> {
  const result = await schemaOf('message')['~standard'].validate(detail);
  const data = await dataSchemaOf('call.received')['~standard'].validate({});
  return result.issues ? data.issues?.[0]?.message : result.value.data.body;
}
`,
    );
    expect(check('typed.ts')).toBe('');
  });

  test('costs the compiler next to nothing: a tenth of what inference from the schemas took', () => {
    const instantiations = (file: string) =>
      Number(/Instantiations:\s+(\d+)/.exec(check(file, '--extendedDiagnostics'))?.[1]);
    write('empty.ts', 'export {};');
    write('handler.ts', handler);
    // 285,000 with the types as they are inferred from the schemas (TypeScript 7.0).
    expect(instantiations('handler.ts') - instantiations('empty.ts')).toBeLessThan(28_500);
  });

  test.each(nodes)('runs on Node.js $version', ({ path }) => {
    write(
      'run.js',
      `import { consume, PermanentError } from 'whatsapp-event-fanout/consumer';
import { is, parse } from 'whatsapp-event-fanout/events';
import { schemaOf } from 'whatsapp-event-fanout/schemas';
const meta = { id: '1', version: '1', category: 'messages', type: 'message', sender: 'waha',
  occurredAt: '2026-01-01T00:00:00.000Z', receivedAt: '2026-01-01T00:00:00.000Z', requestId: 'r', replay: 'again' };
const detail = { meta, data: { body: 'Hello', content: 'text' }, raw: {} };
const handler = consume((event) => { if (is(event, 'message')) console.log(event.data.body); }, {
  queue: { sendToDeadLetterQueue: async () => {}, postpone: async () => {} },
});
const record = { messageId: 'm', receiptHandle: 'r', body: JSON.stringify({ detail }), attributes: { ApproximateReceiveCount: '1' } };
console.log(JSON.stringify(await handler({ Records: [record] })));
console.log(parse({ Body: JSON.stringify({ detail }) }).data.body, new PermanentError('x').name);
const { issues } = await schemaOf('message')['~standard'].validate({ ...detail, meta: { ...meta, type: 'call.received' } });
console.log((await schemaOf('message')['~standard'].validate(detail)).value.data.body, issues.length);
`,
    );
    expect(runNode(path, consumer, 'run.js')).toMatchObject({
      stdout: 'Hello\n{"batchItemFailures":[]}\nHello PermanentError\nHello 1\n',
      stderr: '',
    });
  });

  test('is small where only events are read: no AWS SDK, no validator, below 30 KB', () => {
    const code = readFileSync(
      join(consumer, 'node_modules/whatsapp-event-fanout/dist/events.js'),
      'utf8',
    );
    expect(code).not.toMatch(/aws-sdk|valibot/);
    expect(code.length).toBeLessThan(30_000);
  });
});

describe('a CDK app with an aws-cdk-lib of its own', () => {
  beforeAll(() => {
    expect(runNode(process.execPath, app, tsc, '-p', '.').stdout).toBe('');
  });

  test.each(nodes)(
    'synthesizes on Node.js $version, with bundles of ours and of its own',
    ({ path, version }) => {
      const output = join(app, `cdk.out-${version}`);
      const { status, stderr } = spawnSync(path, ['dist/app.js'], {
        cwd: app,
        encoding: 'utf8',
        env: { ...process.env, CDK_OUTDIR: output },
      });
      expect({ status, stderr }).toMatchObject({ status: 0 });
      const bundles = new Map<string, string>();
      for (const { template, assets } of readAssembly(output)) {
        for (const { Type, Properties = {} } of Object.values(template.Resources ?? {})) {
          if (Type !== 'AWS::Lambda::Function') {
            continue;
          }
          const { S3Key } = Properties.Code as { S3Key: string };
          bundles.set(String(Properties.FunctionName), assets.get(S3Key) ?? '');
        }
      }
      const published = (name: string) =>
        readFileSync(
          join(app, 'node_modules/whatsapp-event-fanout/dist/lambdas', name, 'index.mjs'),
          'utf8',
        );
      const uploaded = (name: string) =>
        readFileSync(join(bundles.get(name) ?? '', 'index.mjs'), 'utf8');
      expect(uploaded('whatsapp-dev-ingest')).toBe(published('ingest-ingest'));
      expect(uploaded('whatsapp-dev-calls')).toBe(published('consumers-calls'));
      expect(uploaded('whatsapp-dev-messages')).toBe(published('consumers-messages'));
      expect(uploaded('whatsapp-dev-answers')).toContain('There is nobody to answer.');
    },
  );

  test('has the stack that the repository has', async () => {
    const { templateOf } = await import('../lib/template-of.ts');
    const withoutCode = (template: object) =>
      JSON.parse(
        JSON.stringify(template, (key, value: unknown) =>
          ['Code', 'Metadata', 'Rules', 'Parameters', 'Handler'].includes(key) ? undefined : value,
        ),
      ) as object;
    const assembly = join(app, 'node_modules/whatsapp-event-fanout/dist/assembly');
    const [published] = readAssembly(assembly);
    const { localSettings } = await import('../ops/local-settings.ts');
    expect(withoutCode(published?.template ?? {})).toEqual(withoutCode(templateOf(localSettings)));
  });

  test.each(['python', 'n8n', 'reply-bot', 'slack', 'orders-to-crm'])(
    'builds the example %s with nothing changed but the imports',
    (name) => {
      const folder = join(app, 'examples', name);
      cpSync(join(root, 'examples', name), folder, { recursive: true });
      for (const file of readdirSync(folder).filter((each) => each.endsWith('.ts'))) {
        const text = readFileSync(join(folder, file), 'utf8');
        writeFileSync(
          join(folder, file),
          text
            .replace('../../lib/cdk.ts', 'whatsapp-event-fanout/cdk')
            .replace('../../lambdas/runtime/consumer.ts', 'whatsapp-event-fanout/consumer'),
        );
      }
      const context = {
        stage: 'prod',
        wahaUrl: 'https://waha.example.com',
        webhookUrl: 'https://n8n.example.com/webhook',
      };
      const { status, stderr } = spawnSync(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', join('examples', name, 'app.ts')],
        {
          cwd: app,
          encoding: 'utf8',
          env: {
            ...process.env,
            CDK_OUTDIR: join(folder, 'cdk.out'),
            CDK_CONTEXT_JSON: JSON.stringify(context),
          },
        },
      );
      expect({ status, stderr }).toMatchObject({ status: 0 });
      expect(readAssembly(join(folder, 'cdk.out'))).toHaveLength(1);
    },
  );

  test('is asked to install esbuild when a handler of its own needs it', () => {
    const folder = install('fanout-no-esbuild-');
    try {
      writePackageApp(folder);
      const own = join(folder, 'node_modules', 'aws-cdk-lib');
      mkdirSync(join(folder, 'dist'));
      symlinkInto(folder, 'aws-cdk-lib', 'constructs');
      expect(existsSync(own)).toBe(true);
      writeFileSync(join(folder, 'dist/app.js'), readFileSync(join(app, 'dist/app.js')));
      const { status, stderr } = runNode(process.execPath, folder, 'dist/app.js');
      expect(status).toBe(1);
      expect(stderr).toContain(
        'The handler src/answer.ts is bundled by esbuild, which is not installed',
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the command', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };

  test.each(nodes)('starts on Node.js $version, and has what users need', ({ path }) => {
    expect(fanout(path, consumer, '--version')).toMatchObject({
      stdout: `${version}\n`,
      stderr: '',
      status: 0,
    });
    expect(fanout(path, consumer, 'send', '--help').stdout).toContain('Usage: fanout send');
    const help = fanout(path, consumer, '--help').stdout;
    expect(help).toContain('explain');
    expect(help).not.toMatch(/^ {2}(docs|consumer)\b/m);
    expect(fanout(path, consumer, 'rules', '--for', 'message')).toMatchObject({
      status: 1,
      stdout: '',
    });
  });

  test.each(nodes)(
    'runs the pipeline on Node.js $version, or says what it needs',
    ({ path, version }) => {
      const { status, stdout, stderr } = fanout(path, consumer, 'demo');
      if (Number(/\d+/.exec(version)?.[0]) >= 24) {
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        expect(stdout).toMatch(/^(\d+) of \1 webhooks arrived/m);
      } else {
        expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
        expect(stderr).toMatch(
          /^fanout: The local run needs Node\.js 24 or later .*npx --package node@24.*\n$/,
        );
      }
    },
  );

  test('says what to install where a command needs the CDK', () => {
    const { status, stderr } = fanout(process.execPath, consumer, 'cost');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        'fanout: This command synthesizes the stack and needs aws-cdk-lib: npm install aws-cdk-lib constructs\n',
    });
  });

  test.each([
    ['the published pipeline, with its console', () => consumer, /whatsapp-dev-messages/],
    ['the app of the working directory', () => app, /whatsapp-dev-answers/],
  ])('runs %s until it is interrupted', async (_, folderOf, expected) => {
    const data = join(folderOf(), '.fanout');
    const secret = 'signing-secret-of-this-test';
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        join('node_modules', 'whatsapp-event-fanout', 'dist', 'fanout.js'),
        ...['local', '--data', data, '--port', '0', '--aws-port', '0', '--console-port', '0'],
      ],
      {
        cwd: folderOf(),
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, SIGNING_SECRET: secret },
      },
    );
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => {
      printed += chunk;
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    try {
      for await (const line of createInterface(child.stdout)) {
        printed += `${line}\n`;
        if (/^Ready/.test(line)) {
          break;
        }
      }
      expect(printed).toMatch(/Ready/);
      expect(printed).toMatch(expected);
      const [, consoleUrl] =
        /(http:\/\/[\d.]+:\d+)\/?\S*.*$/m.exec(/.*[Cc]onsole.*/.exec(printed)?.[0] ?? '') ?? [];
      expect((await fetch(`${consoleUrl}/`)).status).toBeLessThan(400);
      const [, url] = /(http:\/\/\S+\/webhooks)/.exec(printed) ?? [];
      const large = join(folderOf(), 'large.json');
      const payload = catalogDocs.message.examples.waha.payload as object;
      writeFileSync(large, JSON.stringify({ ...payload, _data: { text: 'x'.repeat(1_200_000) } }));
      const sent = fanout(
        process.execPath,
        folderOf(),
        ...['send', 'message', '--file', large, '--url', `${url}`, '--secret', secret],
      );
      expect(sent).toMatchObject({ status: 0, stderr: '' });
    } finally {
      child.kill('SIGINT');
    }
    expect(await ended).toBe(130);
    // What is too large for the bus is in S3, whose client the function finds in the package.
    const log = readFileSync(join(data, 'logs', 'whatsapp-dev-ingest.log'), 'utf8');
    expect(log).toContain('"ClaimChecks":1');
  });
});
