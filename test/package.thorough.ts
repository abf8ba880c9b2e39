import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');

/** A repository elsewhere that has installed this package, as `npm pack` would put it there. */
let elsewhere: string;

beforeAll(() => {
  execFileSync('npm', ['run', '--silent', 'build:events'], { cwd: root, stdio: 'pipe' });
  elsewhere = mkdtempSync(join(tmpdir(), 'fanout-elsewhere-'));
  const installed = join(elsewhere, 'node_modules', 'whatsapp-event-fanout');
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, 'dist'), join(installed, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  symlinkSync(join(root, 'node_modules', 'valibot'), join(elsewhere, 'node_modules', 'valibot'));
  writeFileSync(join(elsewhere, 'package.json'), '{"type":"module"}');
});

afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(elsewhere, name), text);

describe('the package in another repository', () => {
  test('parses and narrows an SQS record in one call, typed', () => {
    write(
      'consumer.ts',
      `import { type DataOf, parse, pattern } from 'whatsapp-event-fanout/events';
export function handle(body: string): string | number | undefined {
  const event = parse(body);
  switch (event.type) {
    case 'message': return event.data.body;
    case 'message.ack': return event.data.ack?.level;
  }
  // @ts-expect-error there is no such kind
  if (event.type === 'mesage') return 1;
  return event.meta.session;
}
export const isVideo = (call: DataOf<'call.received'>) => call.media === 'video';
pattern({ type: 'message', where: { 'data.chat.kind': 'group' } });
// @ts-expect-error there is no such path
pattern({ type: 'message', where: { 'data.chat.knd': 'group' } });
`,
    );
    write(
      'tsconfig.json',
      '{"compilerOptions":{"strict":true,"module":"nodenext","target":"es2022","noEmit":true,"skipLibCheck":true,"types":[]}}',
    );
    const { stdout } = spawnSync(join(bin, 'tsc'), ['-p', '.'], {
      cwd: elsewhere,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });

  test('runs there on plain Node, without AWS and below 30 KB', () => {
    write(
      'run.js',
      `import { parse } from 'whatsapp-event-fanout/events';
const detail = { meta: { type: 'message', category: 'messages' }, data: { body: 'Hello' } };
console.log(parse({ Body: JSON.stringify({ detail }) }).data.body);`,
    );
    const said = execFileSync(process.execPath, ['run.js'], { cwd: elsewhere, encoding: 'utf8' });
    expect(said).toBe('Hello\n');
    const code = readFileSync(join(root, 'dist', 'consume.js'), 'utf8');
    expect(code).not.toMatch(/aws-sdk|valibot/);
    expect(code.length).toBeLessThan(30_000);
  });
});
