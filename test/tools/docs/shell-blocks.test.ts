import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { type Block, blocksOf, needsAccount } from '../../shell-blocks.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const documents = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md', 'packages/*/*.md'], {
  cwd: root,
}).sort();
const shellBlocks = documents.flatMap(blocksOf).filter(({ language }) => language === 'sh');
const withShell = documents.filter((name) => shellBlocks.some(({ document }) => document === name));
const blocksIn = (name: string) => shellBlocks.filter(({ document }) => document === name);
const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};

/** What a shell has against the syntax of a script; empty when it would run it. */
function syntaxErrors(shell: string, script: string): string {
  return spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' }).stderr;
}

const shells = ['bash', 'zsh'].filter((name) => spawnSync(name, ['--version']).status === 0);

/** A block whose commands work on an account, without a word of it on the page. */
const isUnmarked = (block: Block) => needsAccount(block) && !block.needs.includes('an AWS account');

describe('shell blocks', () => {
  test('are there to look at', () => {
    expect(shells).toContain('bash');
    expect(withShell).toEqual(
      expect.arrayContaining(['README.md', 'docs/start/first-consumer.md']),
    );
  });

  describe.each(shells)('for %s', (shell) => {
    test.each(withShell)('in %s have no syntax error', (name) => {
      const script = blocksIn(name)
        .map(({ text }) => text)
        .join('\n');
      expect(syntaxErrors(shell, script)).toBe('');
    });
  });

  test.each(withShell)('in %s are marked where they need an AWS account', (name) => {
    expect(
      blocksIn(name)
        .filter(isUnmarked)
        .map(({ line, text }) => `${line}: ${text}`),
    ).toEqual([]);
  });

  test.each(withShell)('in %s name scripts of package.json', (name) => {
    const named = blocksIn(name).flatMap(({ text }) =>
      [...text.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map(([, script = '']) => script),
    );
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });

  test.each(['README.md', 'docs/start/first-consumer.md'])(
    'in %s have no comment behind a command, which an interactive zsh takes for arguments',
    (name) => {
      expect(blocksIn(name).filter(({ text }) => /\S\s+#/.test(text))).toEqual([]);
    },
  );

  test('with a mistake are found', () => {
    expect(syntaxErrors('bash', 'aws get --secret-id <NAME>\n')).toMatch('syntax error');
    const block = { ...blocksIn('README.md')[0], needs: [] } as unknown as Block;
    expect(isUnmarked({ ...block, text: 'npx cdk deploy -c stage=prod\n' })).toBe(true);
    expect(isUnmarked({ ...block, text: 'npx fanout status --stage prod\n' })).toBe(true);
    expect(isUnmarked({ ...block, text: 'npx fanout status\n' })).toBe(false);
  });
});
