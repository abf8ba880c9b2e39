/**
 * A CDK app: the real front door, ingest function, bus and archive, and three queues with functions
 * that do nothing but note when they begin. Context: `startedFile`; `hear` (`own`: each queue hears kinds
 * of its own; `all`: each hears every event); `consumers`: how many, 1 to 298. One hears all three kinds,
 * and those beyond three are queues for sessions that send nothing: rules that have to be looked at.
 */
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import type { Category } from '../../events/catalog.ts';
import { pattern } from '../../events/pattern.ts';
import type { ConsumerRow } from '../../lib/consumer-row.ts';
import { FanoutStack } from '../../lib/fanout-stack.ts';
import { readSettings } from '../../lib/settings.ts';

const app = new App();
const context = (name: string) => app.node.tryGetContext(name);
const categories: readonly Category[] = ['messages', 'calls', 'labels'];
const count = Number(context('consumers'));
const noting = count < categories.length ? categories.slice(0, 1) : categories;
const consumers = noting.map((category): [string, ConsumerRow] => [
  category,
  {
    kind: 'function',
    summary: 'Notes when it begins',
    hears: context('hear') === 'all' || noting.length === 1 ? categories : [category],
    entry: fileURLToPath(new URL('note-start.ts', import.meta.url)),
    environment: { STARTED_FILE: context('startedFile') },
  },
]);
for (let number = noting.length + 1; number <= count; number += 1) {
  const session = `session-${number}`;
  consumers.push([
    session,
    {
      kind: 'queue',
      summary: 'Hears one session',
      pattern: pattern({ category: 'messages', where: { 'meta.session': session } }),
    },
  ]);
}
new FanoutStack(app, 'Bench', {
  settings: readSettings(context),
  consumers: Object.fromEntries(consumers),
});
