import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { FanoutStack } from '../../lib/fanout-stack.ts';
import { readSettings } from '../../lib/read-settings.ts';

/**
 * The project's own stack with two consumers whose functions the fault tests replace: one that asks
 * for built-in idempotency, and one that does not. Functions may take
 * five seconds: enough on a slow machine, and little to wait for one that hangs.
 */
const { context } = JSON.parse(
  readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
) as { context: Record<string, unknown> };
const app = new App({ context });
new FanoutStack(app, 'Faults', {
  settings: readSettings(() => undefined),
  consumers: {
    messages: {
      kind: 'function',
      summary: 'Has each effect at most once',
      categories: ['messages'],
      idempotent: true,
      timeoutSeconds: 5,
    },
    groups: {
      kind: 'function',
      summary: 'Has each effect at least once',
      categories: ['groups'],
      timeoutSeconds: 5,
    },
  },
});
