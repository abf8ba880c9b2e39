import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A CDK app of a user's: the pipeline in a stack of their own, and a consumer with a handler of theirs. */
const files = {
  'package.json': '{"type":"module","private":true}',
  'cdk.json': '{"app":"node dist/app.js"}',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      ...{ strict: true, module: 'nodenext', target: 'es2022', outDir: 'dist', types: ['node'] },
      // Declarations of packages that an app does not need may be missing in aws-cdk-lib's own.
      skipLibCheck: true,
    },
    files: ['app.ts', 'src/answer.ts'],
  }),
  'app.ts': `import { App, Stack } from 'aws-cdk-lib';
import { FanoutStack, pattern, readSettings, WhatsAppEventBus, WhatsAppEventFanout } from 'whatsapp-event-fanout/cdk';

const app = new App();
const own = new Stack(app, 'Own');
const fanout = new WhatsAppEventFanout(own, 'WhatsApp', { settings: { archiveDays: 7 } });
fanout.addConsumer('answers', {
  kind: 'function',
  summary: 'Answers whoever writes "ping"',
  pattern: pattern({ type: 'message', where: { 'data.body': 'ping' } }),
  entry: 'src/answer.ts',
  idempotent: true,
});
// @ts-expect-error there is no such setting
export const misspelt = () => new WhatsAppEventFanout(own, 'Misspelt', { settings: { archivDays: 7 } });
// @ts-expect-error a row has no such setting
export const wrongRow = () => fanout.addConsumer('wrong', { kind: 'queue', summary: 's', categories: ['messages'], batchSize: 1 });

const other = new Stack(app, 'Other');
WhatsAppEventBus.lookup(other, 'WhatsApp', { stage: 'dev' }).addConsumer('crm', {
  kind: 'https',
  summary: 'Tells the CRM',
  categories: ['messages'],
  endpoint: 'https://crm.example.com/hook',
});

// What has most of CDK in it.
const given: Record<string, unknown> = {
  stage: 'full',
  ingress: 'rest-api',
  encryption: 'customer',
  alarmEmail: 'ops@example.com',
  alarmSlackWorkspace: 'T012ABCDE',
  alarmSlackChannel: 'C0123ABCD',
  allowedSources: '203.0.113.0/24',
  domainName: 'hooks.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:111111111111:certificate/11111111',
  truststoreUri: 's3://bucket/key.pem',
};
new FanoutStack(app, 'Full', { settings: readSettings((name) => given[name]) });
const url: Record<string, unknown> = { stage: 'url', ingress: 'function-url', state: 'none' };
new FanoutStack(app, 'Url', {
  settings: readSettings((name) => url[name]),
  consumers: {
    files: { kind: 'firehose', summary: 'Files', categories: ['messages'] },
    far: { kind: 'bus', summary: 'Far', categories: ['calls'], busArn: 'arn:aws:events:eu-west-1:111111111111:event-bus/far' },
    near: { kind: 'queue', summary: 'Near', categories: ['groups'] },
  },
});
app.synth();
`,
  'src/answer.ts': `import { consume, PermanentError } from 'whatsapp-event-fanout/consumer';

export const handler = consume<'message'>(async ({ data, meta }) => {
  if (!meta.chat) throw new PermanentError('There is nobody to answer.');
  console.log('pong', data.body);
});
`,
};

/** Writes the app into an empty folder. */
export function writePackageApp(folder: string): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
