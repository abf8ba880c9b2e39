import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ProjectRun } from '../../cli/local/start-project.ts';

/** Where commands are played: a local run, and a directory of their own. */
export interface Stage {
  readonly run: ProjectRun;
  readonly directory: string;
  /** Of a WAHA server whose sessions have what can be wrong. */
  readonly wahaUrl: string;
}

const bin = fileURLToPath(new URL('../../bin/fanout.ts', import.meta.url));

/** What a reader would have in place of what is true of this machine. */
const defaults = { ingress: 'http://127.0.0.1:8787', aws: '4566', waha: 'http://127.0.0.1:3001' };

/** A command that plays. */
export interface Played {
  /** Resolves when the text has been written. */
  until(text: string): Promise<void>;
  /** What it wrote, under its prompt. */
  readonly ended: Promise<string>;
}

/** Starts `fanout …` as a shell would: a process of its own, with what it writes taken as it comes. */
export function play(stage: Stage, words: readonly string[]): Played {
  const { run, directory, wahaUrl } = stage;
  const ingress = [...run.ingresses.values()][0] ?? '';
  const given = words.map((word) => (word === defaults.waha ? wahaUrl : word));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', bin, ...given], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...{ NO_COLOR: '1', FORCE_COLOR: undefined, WAHA_API_KEY: 'key' },
      AWS_PORT: new URL(run.awsEndpoint).port,
      PORT: new URL(ingress).port,
    },
  });
  let printed = '';
  let subscribed = () => {};
  const listen = (chunk: Buffer) => {
    printed += chunk.toString();
    subscribed();
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const asReader = () =>
    printed
      .replaceAll(wahaUrl, defaults.waha)
      .replaceAll(ingress, defaults.ingress)
      .replaceAll(`127.0.0.1:${new URL(run.awsEndpoint).port}`, `127.0.0.1:${defaults.aws}`)
      .replaceAll(directory, '~/whatsapp-event-fanout')
      .trimEnd();
  const prompt = `$ npx fanout ${words.map(quote).join(' ')}`;
  const ended = once(child, 'close').then(([status]) =>
    [prompt, asReader(), ...(status === 0 ? [] : ['$ echo $?', String(status)])]
      .filter(Boolean)
      .join('\n'),
  );
  return {
    ended,
    async until(text) {
      const gone = ended.then(() => {
        throw new Error(`fanout ${words.join(' ')} ended without "${text}": ${printed}`);
      });
      while (!printed.includes(text)) {
        await Promise.race([
          new Promise<void>((resolve) => {
            subscribed = resolve;
          }),
          gone,
        ]);
      }
      gone.catch(() => {});
    },
  };
}

const quote = (word: string) => (/^[\w.:/=,-]+$/.test(word) ? word : `'${word}'`);
