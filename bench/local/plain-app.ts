/**
 * A CDK app: the real front door, ingest function, bus and archive, and three queues with functions
 * that do nothing but note when they begin. Context: `startedFile`, and `hear` (`own`: each queue
 * hears kinds of its own; `all`: each hears every event).
 */
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import type { Category } from '../../events/catalog.ts';
import type { ConsumerRow } from '../../lib/consumer-row.ts';
import { FanoutStack } from '../../lib/fanout-stack.ts';
import { readSettings } from '../../lib/settings.ts';

const app = new App();
const context = (name: string) => app.node.tryGetContext(name);
const categories: readonly Category[] = ['messages', 'calls', 'labels'];
const consumers = categories.map((category): [string, ConsumerRow] => [
  category,
  {
    kind: 'function',
    summary: 'Notes when it begins',
    hears: context('hear') === 'all' ? categories : [category],
    entry: fileURLToPath(new URL('note-start.ts', import.meta.url)),
    environment: { STARTED_FILE: context('startedFile') },
  },
]);
new FanoutStack(app, 'Bench', {
  settings: readSettings(context),
  consumers: Object.fromEntries(consumers),
});
