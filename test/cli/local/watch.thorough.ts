import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fanout, isNote, LocalCommand, type Printed } from './local-command.ts';
import { handlerCode, makeSmallProject, type SmallProject } from './small-project.ts';

let project: SmallProject;
let run: LocalCommand;
let awsEndpoint: string;

beforeAll(async () => {
  project = makeSmallProject();
  run = new LocalCommand(project.directory, ['--watch', '--memory', '--no-console']);
  awsEndpoint = String((await run.ready()).awsEndpoint);
  await run.until(isNote('Watching'));
});

afterAll(async () => {
  await run?.stop();
  project?.remove();
});

const isLog = (text: string) => (each: Printed) =>
  each.event === 'log' && String(each.text).endsWith(`\t${text}`);

/** Saves as most editors do: under another name first, which is then renamed. */
function saveByRename(path: string, content: string): void {
  project.write(`${path}.tmp~`, content);
  renameSync(join(project.directory, `${path}.tmp~`), join(project.directory, path));
}

async function callSqs(action: string, input: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(awsEndpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${action}`,
    },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: await response.json() };
}

const order = async (MessageBody: string) => {
  const QueueUrl = `${awsEndpoint}/000000000000/orders`;
  expect((await callSqs('SendMessage', { QueueUrl, MessageBody })).status).toBe(200);
};

describe('fanout local --watch', () => {
  test('uses new code of a handler from then on, and no message is lost meanwhile', async () => {
    let count = 0;
    let isOver = false;
    const load = (async () => {
      while (!isOver) {
        await order(String(++count));
      }
    })();
    await run.until(isLog('first did 1'));
    project.write('lambdas/app/index.mjs', handlerCode('second'));
    await run.until(isNote('Reloaded'));
    await run.until(({ text }) => String(text).includes('second did'));
    isOver = true;
    await load;
    for (let number = 1; number <= count; number += 1) {
      await run.until(({ text }) => / did (\d+)$/.exec(String(text))?.[1] === String(number));
    }
  });

  test('reports what does not compile, and continues with the previous code', async () => {
    const before = run.printed.length;
    project.write('lambdas/app/index.mjs', 'this is no code');
    const { message } = await run.until(isNote('Reload failed'), before);
    expect(message).toMatch(/index\.mjs[\s\S]*SyntaxError/);
    await order('still');
    await run.until(isLog('second did still'), before);
    project.write('lambdas/app/index.mjs', handlerCode('third'));
    await run.until(isNote('Reloaded'), before);
    await order('again');
    await run.until(isLog('third did again'), before);
  });

  test('notices a file that is saved by renaming, each time', async () => {
    for (const version of ['fourth', 'fifth', 'sixth']) {
      const before = run.printed.length;
      saveByRename('lambdas/app/index.mjs', handlerCode(version));
      await run.until(isNote('Changed lambdas/app/index.mjs, reloading'), before);
      await run.until(isNote('Reloaded'), before);
      await order(version);
      await run.until(isLog(`${version} did ${version}`), before);
    }
  });

  test('creates the new resources of the app, and deletes removed ones', async () => {
    const before = run.printed.length;
    project.write('lib/settings.json', '{"more":["fresh"]}');
    await run.until(isNote('Reloaded'), before);
    expect((await callSqs('GetQueueUrl', { QueueName: 'fresh' })).status).toBe(200);
    project.write('lib/settings.json', '{}');
    await run.until(isNote('Removed fresh (AWS::SQS::Queue, fresh)'), before);
    expect((await callSqs('GetQueueUrl', { QueueName: 'fresh' })).status).toBe(400);
  });
});

describe('fanout local', () => {
  test.each([
    ['--port', '70000', 'A port is an integer from 0 to 65535.'],
    ['--time-scale', '0', 'A time scale is a number from 1 to 1000000.'],
  ])('%s %s is refused with what is allowed', async (option, value, message) => {
    expect(await fanout(project.directory, ['local', '--memory', option, value])).toMatchObject({
      status: 2,
      text: expect.stringContaining(message),
    });
  });
});
