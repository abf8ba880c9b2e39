import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { candidatesFor } from '../../../cli/completion/candidates.ts';
import { completionScript } from '../../../cli/completion/scripts.ts';
import { createProgram } from '../../../cli/program.ts';
import { consumers } from '../../../lib/consumers.ts';

const program = createProgram();
const offered = (...words: readonly string[]) =>
  candidatesFor(program, words).map(({ value }) => value);

describe('completion offers', () => {
  test('every command, but none that nobody types', () => {
    const commands = offered('');
    expect(commands).toEqual(expect.arrayContaining(['status', 'tail', 'dlq', 'explain']));
    expect(commands).not.toContain('complete');
  });

  test('the commands of a command', () => {
    expect(offered('dlq', 're')).toEqual(['redrive']);
  });

  test('the options of the command at hand, and no others', () => {
    expect(offered('tail', '--rev')).toEqual(['--reveal']);
    expect(offered('dlq', 'show', '--')).toEqual(expect.arrayContaining(['--group-by', '--help']));
    expect(offered('dlq', 'show', '--')).not.toContain('--dry-run');
  });

  test('the choices of an option', () => {
    expect(offered('send', '--as', '')).toEqual(['waha', 'wawp']);
    expect(offered('send', '--as', '=', 'wa')).toEqual(['waha', 'wawp']);
  });

  test('event types, categories, consumers and queues from the tables', () => {
    expect(offered('who-listens', 'message.re')).toEqual(['message.reaction', 'message.revoked']);
    expect(offered('tail', '--type', 'call.m')).toEqual(['call.missed']);
    expect(offered('tail', '--category', 'gr')).toEqual(['groups']);
    expect(offered('replay', '--consumer', '')).toEqual(Object.keys(consumers));
    expect(offered('dlq', 'show', 'un')).toEqual(['unrecognized', 'undeliverable', 'unrouted']);
  });

  test('nothing where anything may stand, so that the shell offers files', () => {
    expect(offered('explain', 'message', '--pattern', '')).toEqual([]);
    expect(offered('explain', 'message', 'x')).toEqual([]);
  });
});

describe('the script', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fanout-completion-'));
    const bin = fileURLToPath(new URL('../../../bin/fanout.ts', import.meta.url));
    const run = `exec '${process.execPath}' --disable-warning=ExperimentalWarning '${bin}' "$@"`;
    writeFileSync(join(folder, 'fanout'), `#!/bin/sh\n${run}\n`);
    chmodSync(join(folder, 'fanout'), 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const bash = (line: readonly string[]) => {
    const words = line.map((word) => `'${word}'`).join(' ');
    const script = `${completionScript('bash')}
COMP_WORDS=(${words}); COMP_CWORD=${line.length - 1}; _fanout
printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', script], {
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
      encoding: 'utf8',
    }).trim();
  };

  test('for bash completes a word', () => {
    expect(bash(['fanout', 'dlq', 'sh'])).toBe('show');
  });

  test('for bash never executes what was typed', () => {
    const trap = join(folder, 'executed');
    expect(bash(['fanout', `$(touch ${trap})`, 'x'])).toBe('');
    expect(existsSync(trap)).toBe(false);
  });
});
