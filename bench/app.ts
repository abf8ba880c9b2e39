/**
 * A CDK app: the pipeline's own stack as bin/app.ts makes it, and by context
 * `rivals`: these functions in bench/rivals/, bundled with the same options, beside it;
 * `startedFile`: three consumers that write to that file when they begin, instead of lib/consumers.ts.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { bundlingOf } from '../lib/bundling.ts';
import type { ConsumerRow } from '../lib/consumer-row.ts';
import { FanoutStack } from '../lib/fanout-stack.ts';
import { readSettings } from '../lib/read-settings.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const app = new App();
const context = (name: string) => app.node.tryGetContext(name);

const noteStart = {
  kind: 'function',
  summary: 'Notes when it begins',
  entry: join(root, 'bench/note-start.ts'),
  environment: { STARTED_FILE: context('startedFile') },
} as const;
const consumers: Record<string, ConsumerRow> = {
  messages: { ...noteStart, categories: ['messages'] },
  calls: { ...noteStart, categories: ['calls'] },
  labels: { ...noteStart, categories: ['labels'] },
};
new FanoutStack(app, 'Fanout', {
  settings: readSettings(context),
  ...(context('startedFile') && { consumers }),
});

/**
 * The tracer is built on the X-Ray SDK, which is CommonJS and requires Node's own modules; this is what
 * Powertools' documentation gives for such dependencies ("Bundling with esbuild", ES modules).
 */
const banner =
  "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);";

const rivals = new Stack(app, 'Rivals');
for (const name of context('rivals') ?? []) {
  new NodejsFunction(rivals, name, {
    functionName: name,
    entry: join(root, `bench/rivals/${name}.ts`),
    projectRoot: root,
    depsLockFilePath: join(root, 'package.json'),
    runtime: Runtime.NODEJS_24_X,
    environment: { SIGNING_SECRET_ARN: 'secret', BUS_NAME: 'bus', TABLE_NAME: 'table' },
    bundling: { ...bundlingOf('bundled'), ...(name === 'powertools' && { banner }) },
  });
}
