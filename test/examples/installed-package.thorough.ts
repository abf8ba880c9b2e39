import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = join(root, 'node_modules');

/** A CDK app in a repository of its own that has installed this package. */
const app = `
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { pattern, WhatsAppEventBus, WhatsAppEventFanout } from 'whatsapp-event-fanout/cdk';

const app = new App({ context: { '@aws-cdk/core:newStyleStackSynthesis': true } });
const main = new Stack(app, 'Main');
const fanout = new WhatsAppEventFanout(main, 'WhatsApp', { settings: { stage: 'prod' }, consumers: {} });
fanout.addConsumer('mine', {
  kind: 'function',
  summary: 'Mine',
  hears: ['calls'],
  entry: fileURLToPath(new URL('handler.js', import.meta.url)),
});
WhatsAppEventBus.lookup(new Stack(app, 'Other'), 'Bus', { stage: 'prod' }).addConsumer('orders', {
  kind: 'queue',
  summary: 'Orders',
  pattern: pattern({ type: 'message', where: { 'meta.fromMe': false } }),
});
app.synth();
`;

const mistakes = `
import { pattern, WhatsAppEventFanout } from 'whatsapp-event-fanout/cdk';
import type { Construct } from 'constructs';

export function build(scope: Construct): void {
  const fanout = new WhatsAppEventFanout(scope, 'WhatsApp');
  fanout.addConsumer('a', { kind: 'queue', summary: 'A', hears: ['calls'] });
  // @ts-expect-error there is no such category
  fanout.addConsumer('b', { kind: 'queue', summary: 'B', hears: ['call'] });
  // @ts-expect-error a queue has no memory
  fanout.addConsumer('c', { kind: 'queue', summary: 'C', hears: ['calls'], memoryMb: 128 });
  // @ts-expect-error there is no such path
  pattern({ type: 'message', where: { 'data.chat.knd': 'group' } });
}
`;

describe('the package, packed and installed in another repository', () => {
  let elsewhere = '';
  const write = (name: string, text: string) => writeFileSync(join(elsewhere, name), text);

  beforeAll(() => {
    elsewhere = mkdtempSync(join(tmpdir(), 'fanout-installed-'));
    execFileSync('npm', ['run', '--silent', 'build:cdk'], { cwd: root, stdio: 'pipe' });
    const packed = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [{ files }] = JSON.parse(packed) as [{ files: { path: string }[] }];
    const installed = join(elsewhere, 'node_modules', 'whatsapp-event-fanout');
    for (const { path } of files) {
      mkdirSync(dirname(join(installed, path)), { recursive: true });
      cpSync(join(root, path), join(installed, path));
    }
    for (const name of readdirSync(modules).filter(
      (each) => each === '.bin' || !each.startsWith('.'),
    )) {
      symlinkSync(join(modules, name), join(elsewhere, 'node_modules', name));
    }
    write('package.json', '{"type":"module"}');
    write('package-lock.json', '{}');
    write('handler.js', 'export const handler = async () => ({ batchItemFailures: [] });');
  });
  afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

  test('builds a pipeline with a function of its own, and a consumer in another stack', () => {
    write('app.js', app);
    const output = join(elsewhere, 'cdk.out');
    const { status, stderr } = spawnSync(process.execPath, ['app.js'], {
      cwd: elsewhere,
      encoding: 'utf8',
      env: { ...process.env, CDK_OUTDIR: output },
    });
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    const bundles = readdirSync(output, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('index.mjs'),
    );
    // Ingest, republish, the watch, and the function of its own.
    expect(bundles).toHaveLength(4);
    const { Resources } = JSON.parse(readFileSync(join(output, 'Other.template.json'), 'utf8'));
    expect(JSON.stringify(Resources)).toContain('"EventBusName":"whatsapp-prod"');
  });

  test('has types that find a mistake', () => {
    write('mistakes.ts', mistakes);
    write(
      'tsconfig.json',
      '{"compilerOptions":{"strict":true,"module":"nodenext","target":"es2022","noEmit":true,"skipLibCheck":true,"types":["node"]},"include":["mistakes.ts"]}',
    );
    const { stdout } = spawnSync(join(modules, '.bin', 'tsc'), ['-p', '.'], {
      cwd: elsewhere,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });
});
