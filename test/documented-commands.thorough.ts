import { execFile, spawnSync } from 'node:child_process';
import { globSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exampleWebhook } from '../events/example-webhook.ts';
import { fanout, LocalCommand, type Printed } from './cli/local/local-command.ts';
import { makeScratchCopy, type ScratchCopy } from './scratch-copy.ts';
import { startWaha } from './senders/start-waha.ts';
import { type Block, blocksOf } from './shell-blocks.ts';

/*
 * Every shell block of every page runs here, in the order of the page, against one local run. Others run elsewhere:
 * those of the README and the tutorial in strangers-path.thorough.ts; or the page says what they need: an AWS account,
 * a sender, Docker, n8n, a tunnel, Python with boto3.
 */

const followedElsewhere = ['README.md', 'docs/start/first-consumer.md', 'CONTRIBUTING.md'];
const root = fileURLToPath(new URL('..', import.meta.url));
const hasAws = spawnSync('aws', ['--version']).status === 0;

/** What starts a local run or the test suite: the one is running, the other would run itself. */
const starts = /^(.*\bfanout dev\b.*|npm start.*|npm ci && npm test)$/gm;

const blocks = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: root })
  .sort()
  .filter((document) => !followedElsewhere.includes(document))
  .flatMap(blocksOf)
  .filter(({ language, needs }) => language === 'sh' && needs.length === 0)
  .map((block) => ({ ...block, text: block.text.replaceAll(starts, '') }))
  .filter(({ text }) => text.replaceAll(/^\s*#.*$/gm, '').trim() !== '');

/** Those that show health or look for a match end with 1 when they find a problem, or nothing. */
const mayFindProblems = /fanout (status|doctor|explain|rules)\b/;

/**
 * Prints each command that fails, with its status. `fanout` runs as npx runs it, without the half second in which npm
 * looks for it (strangers-path.thorough.ts lets npm do it). `tail` ends after an event, which is sent until then; what
 * asks a person is answered with yes; `aws` talks to the local run unless the page says how.
 */
const prelude = (awsEndpoint: string) => `
trap 'echo "FAILED $? \${called:-$BASH_COMMAND}" >&3' ERR
fanout() { PATH=$PWD/node_modules/.bin:$PATH bin/fanout.ts "$@"; }
npx() {
  called="npx $*"
  case "$*" in
    'fanout tail'*)
      "$@" --limit 1 & local tail=$!
      while kill -0 $tail 2>/dev/null; do fanout send message >/dev/null 2>&1; done
      wait $tail ;;
    'fanout secret retire'* | 'fanout dlq purge'*) "$@" --yes ;;
    'fanout '*) "$@" ;;
    *) command npx "$@" ;;
  esac
}
aws() {
  called="aws $*"
  AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1 \\
    command aws --endpoint-url ${awsEndpoint} "$@"
}
`;

let copy: ScratchCopy;
let run: LocalCommand;
let ready: Printed;
let waha: Awaited<ReturnType<typeof startWaha>>;

beforeAll(async () => {
  copy = makeScratchCopy();
  waha = await startWaha();
  run = new LocalCommand(copy.directory, []);
  ready = await run.ready();
  // What pages name as the reader's own.
  writeFileSync(copy.inCopy('event.json'), JSON.stringify(exampleWebhook('message', 'waha')));
  writeFileSync(copy.inCopy('pattern.json'), '{ "detail-type": ["message"] }');
  await fanout(copy.directory, ['send', '--demo'], { AWS_PORT: undefined, FANOUT_URL: undefined });
});
afterAll(async () => {
  await run?.stop();
  await waha?.close();
  copy?.remove();
});

async function failuresOf({ text }: Block): Promise<readonly string[]> {
  const endpoint = String(ready.awsEndpoint);
  const here = text
    .replaceAll('http://localhost:3000', waha.url)
    .replaceAll('http://127.0.0.1:4566', endpoint);
  const env = { ...process.env, WAHA_API_KEY: waha.apiKey, AWS_PAGER: '' };
  const script = `exec 3>&1 1>&2\n${prelude(endpoint)}\n${here}\nexit 0`;
  const options = { cwd: copy.directory, env };
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], options);
  const failed = stdout.split('\n').filter((line) => {
    const [, status = '', command = ''] = /^FAILED (\d+) (.*)$/.exec(line) ?? [];
    return status !== '' && !(status === '1' && mayFindProblems.test(command));
  });
  return failed.map((line) => `${line}\n${stderr}`);
}

describe('the commands of the pages', () => {
  const usable = blocks.filter(({ text }) => hasAws || !/\baws /.test(text));
  test.each(usable.map((block) => [`${block.document}:${block.line}`, block] as const))(
    'at %s do what they are shown for',
    async (_place, block) => {
      expect(await failuresOf(block)).toEqual([]);
    },
  );

  test('are those of many pages', () => {
    const pages = new Set(blocks.map(({ document }) => document));
    expect(pages.size).toBeGreaterThan(15);
  });
});
