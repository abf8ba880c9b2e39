import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeScratchCopy, type ScratchCopy } from './scratch-copy.ts';
import { startWaha } from './senders/start-waha.ts';
import { type Block, blocksOf } from './shell-blocks.ts';

/*
 * What a stranger does: the shell blocks of the README and of the tutorial, from the top to the bottom, word for word,
 * in a fresh copy of the project. A `text` block is what the last command prints in the end, with … for anything.
 */

/** Where zsh is, the tutorial is followed in it. */
const zsh = spawnSync('zsh', ['--version']).status === 0 ? 'zsh' : 'bash';

/** The copy has its packages already; the clock of the local run is fast, since retries take a minute. */
const prelude = 'npm() { if [ "$1" = ci ]; then return 0; fi; command npm "$@"; }';
const inBackground = /^npm start( .*)?$/m;

describe.each([
  { document: 'README.md', shell: 'bash' },
  { document: 'docs/start/first-consumer.md', shell: zsh },
])('$document, followed in $shell', ({ document, shell }) => {
  const steps = blocksOf(document);
  let copy: ScratchCopy;
  let waha: Awaited<ReturnType<typeof startWaha>>;
  let run: Running | undefined;
  /** Prints the last command's output again; for the local run, what it has printed so far. */
  let printAgain: () => Promise<string> = async () => '';

  beforeAll(async () => {
    copy = makeScratchCopy();
    waha = await startWaha();
  });
  afterAll(async () => {
    await run?.stop();
    await waha?.close();
    copy?.remove();
  });

  const inShell = (script: string) => {
    const here = script.replaceAll('http://localhost:3000', waha.url);
    const env = { ...process.env, WAHA_API_KEY: waha.apiKey, COLUMNS: '200' };
    return promisify(execFile)(shell, ['-c', `set -e\n${prelude}\n${here}`], {
      cwd: copy.directory,
      env,
    });
  };

  const follow = async ({ language, file, text }: Block) => {
    if (file !== undefined) {
      const printed = run?.printed.length ?? 0;
      mkdirSync(dirname(copy.inCopy(file)), { recursive: true });
      writeFileSync(copy.inCopy(file), text);
      if (language === 'ts') {
        await run?.until(/Reloaded/, printed);
      }
    } else if (language === 'text') {
      await eventually(printAgain, text);
    } else if (inBackground.test(text)) {
      await inShell(text.replace(inBackground, ''));
      const [start = ''] = inBackground.exec(text) ?? [];
      const started = new Running(shell, `${start} --time-scale 20`, copy.directory);
      run = started;
      printAgain = async () => started.printed;
      await started.until(/^Ready\./m);
    } else {
      const printed = run?.printed.length ?? 0;
      const { stdout } = await inShell(text);
      const last = text.trim().split('\n').at(-1) ?? '';
      let first: string | undefined = stdout;
      printAgain = async () => {
        const output = first ?? (await inShell(last)).stdout;
        first = undefined;
        return output;
      };
      if (text.includes('consumer add')) {
        await run?.until(/Reloaded: the new app/, printed);
      }
    }
  };

  test.each(steps.filter(isFollowed).map((step) => [titleOf(step), step] as const))(
    '%s',
    async (_title, step) => {
      await follow(step);
      expect(run?.hasEnded ?? false).toBe(false);
    },
  );
});

test('the path leads from two commands over a sender and a consumer to a redrive', () => {
  const followed = ['README.md', 'docs/start/first-consumer.md']
    .flatMap(blocksOf)
    .filter(isFollowed)
    .map(({ text }) => text)
    .join('\n');
  const stations = [
    ...['npm ci && npm run demo', 'npm start', 'fanout send message', 'fanout connect waha'],
    ...['fanout consumer add', 'fanout dlq show greeter', 'fanout dlq redrive greeter'],
  ];
  expect(stations.filter((station) => !followed.includes(station))).toEqual([]);
});

/** All but what needs an account, and the test suite, which would run itself. */
function isFollowed({ language, file, text, needs }: Block): boolean {
  return (
    (['sh', 'text'].includes(language) || file !== undefined) &&
    !needs.includes('an AWS account') &&
    text !== 'npm ci && npm test\n'
  );
}

function titleOf({ line, language, file, text }: Block): string {
  return `line ${line}: ${file ?? (language === 'text' ? 'prints ' : '') + text.trim().split('\n').at(-1)}`;
}

/** Repeats what prints something until each line of the expected text is in it. */
async function eventually(print: () => Promise<string>, expected: string): Promise<void> {
  const lines = expected.trim().split('\n').map(patternOf);
  for (;;) {
    const output = await print();
    if (lines.every((line) => line.test(output))) {
      return;
    }
    // What is waited for takes the local run's processes; let them have the machine.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A line of expected output: `…` stands for anything, and columns may have other widths. */
function patternOf(line: string): RegExp {
  const escaped = line.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(escaped.replaceAll(/\s*…\s*/g, '.*').replaceAll(/ +/g, ' +'));
}

/** A command that runs until it is stopped, in a process group of its own. */
class Running {
  printed = '';
  readonly child: ChildProcess;

  constructor(shell: string, command: string, directory: string) {
    this.child = spawn(shell, ['-c', command], {
      cwd: directory,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PORT: '0', AWS_PORT: '0', CONSOLE_PORT: '0' },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.printed += chunk;
      });
    }
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Waits for a text behind what had been printed before. */
  async until(wanted: RegExp, from = 0): Promise<void> {
    while (!wanted.test(this.printed.slice(from))) {
      if (this.hasEnded) {
        throw new Error(`It has ended:\n${this.printed}`);
      }
      await Promise.race([
        once(this.child.stdout as object as never, 'data'),
        once(this.child, 'exit'),
      ]);
    }
  }

  async stop(): Promise<void> {
    if (!this.hasEnded && this.child.pid !== undefined) {
      process.kill(-this.child.pid, 'SIGINT');
      await once(this.child, 'exit');
    }
  }
}
