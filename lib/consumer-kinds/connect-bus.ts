import { EventBus } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import type { BusConsumer } from '../consumer-row.ts';
import { type ConnectedRule, type ConsumerContext, ruleOf } from './consumer-context.ts';

/** Another bus, which the rule's role may put events on. */
export function connectBus({ scope, row, bus }: ConsumerContext<BusConsumer>): ConnectedRule {
  const other = EventBus.fromEventBusArn(scope, 'Bus', row.busArn);
  const target = new EventBusTarget(other, { deadLetterQueue: bus.undeliverable });
  return { rule: bus.addRule(scope, 'Rule', { ...ruleOf(row), target }) };
}
