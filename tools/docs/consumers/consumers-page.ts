import type { ConsumerRow } from '../../../lib/consumer-row.ts';
import { consumers as ownConsumers } from '../../../lib/consumers.ts';
import { codeBlock } from '../code-block.ts';
import { consumerSection } from './consumer-section.ts';
import { hearingChart } from './hearing-chart.ts';
import { kindSections } from './kind-settings.ts';

/** The whole of docs/consumers.md. */
export function consumersPage(
  consumers: Readonly<Record<string, ConsumerRow>> = ownConsumers,
): string {
  return `${[
    '<!-- Made by `npm run docs` from lib/consumers.ts and lib/consumer-row.ts. Do not edit. -->',
    '# Consumers',
    'Who hears what, and how it is delivered. Each consumer is one row in [lib/consumers.ts](../lib/consumers.ts); how to add one is in the [README](../README.md#add-a-consumer), and examples of consumers in other stacks are in [examples](../examples/README.md).',
    '## Who hears what',
    codeBlock('mermaid', hearingChart(consumers)),
    heardProse,
    '## Each consumer',
    'Below each one stands its rule as EventBridge has it. Values in bold stand in the row; the others are defaults.',
    ...Object.entries(consumers).map(([name, row]) => consumerSection(name, row)),
    '## Kinds of consumers and their settings',
    'A setting that a kind does not have, or a value that is not allowed, fails at synth with the bad value and what is allowed.',
    ...kindSections(),
  ].join('\n\n')}\n`;
}

const heardProse = [
  'An event type counts as heard when at least one consumer hears it whatever else is in the event: by its',
  'category, or by a pattern on types and categories alone. What is heard under a further condition only',
  '(a dotted arrow) also goes to the `unrouted` queue, all of it, since the rest would otherwise vanish; add a',
  'consumer that hears the whole category, and it no longer does. Consumers in other stacks and rules that',
  'were added at run time do not count.',
].join('\n');
