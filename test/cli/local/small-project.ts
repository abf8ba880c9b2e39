import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** An app without CDK: one queue, and a function of one file that reads it. */
const app = `
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
appendFileSync('built', 'once more\\n');
const code = readFileSync('lambdas/app/index.mjs');
execFileSync(process.execPath, ['--check', 'lambdas/app/index.mjs'], { stdio: 'inherit' });
const key = createHash('sha256').update(code).digest('hex');
const out = process.env.CDK_OUTDIR;
cpSync('lambdas/app', out + '/asset.' + key, { recursive: true });
const write = (name, content) => writeFileSync(out + '/' + name, JSON.stringify(content));
const queue = (QueueName) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName } });
const { more = [] } = JSON.parse(readFileSync('lib/settings.json'));
write('App.template.json', { Resources: {
  Orders: queue('orders'),
  ...Object.fromEntries(more.map((name) => [name, queue(name)])),
  Handler: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'handler', Runtime: 'nodejs24.x',
    Handler: 'index.handler', Timeout: 10, Code: { S3Bucket: 'assets', S3Key: key + '.zip' } } },
  Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: { Ref: 'Handler' },
    EventSourceArn: { 'Fn::GetAtt': ['Orders', 'Arn'] } } },
} });
write('assets.json', { files: { code: { source: { path: 'asset.' + key }, destinations: { here: { objectKey: key + '.zip' } } } } });
write('manifest.json', { artifacts: {
  App: { type: 'aws:cloudformation:stack', properties: { templateFile: 'App.template.json' } },
  Assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
} });
`;

/** The code of its function. */
export const handlerCode = (version: string) => `
export const handler = async ({ Records }) => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  for (const { body } of Records) console.log('${version} did ' + body);
};`;

/** A copy of the command line with this app: it is built in no time, and may be changed. */
export interface SmallProject {
  readonly directory: string;
  /** Where a line is written for each time that the app is built. */
  readonly built: string;
  write(path: string, content: string): void;
  remove(): void;
}

/** Makes the project in a temporary directory. */
export function makeSmallProject(): SmallProject {
  const directory = mkdtempSync(join(tmpdir(), 'fanout-small-'));
  const write = (path: string, content: string) => writeFileSync(join(directory, path), content);
  for (const room of ['bin', 'cli', 'console', 'events', 'lib', 'lambdas', 'ops', 'package.json']) {
    cpSync(join(root, room), join(directory, room), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  mkdirSync(join(directory, 'lambdas/app'));
  write('app.mjs', app);
  write('cdk.json', '{"app":"node app.mjs","watch":{"include":["lib/**","lambdas/**"]}}');
  write('lib/settings.json', '{}');
  write('lambdas/app/index.mjs', handlerCode('first'));
  return {
    directory,
    built: join(directory, 'built'),
    write,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
