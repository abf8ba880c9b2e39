import { EventBus } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { withDelivery } from '../fanout-bus.ts';
import {
  type ConnectedRule,
  type ConsumerContext,
  deliveryOf,
  ruleOf,
} from './consumer-context.ts';

/** Any target of the user's own. */
export function connectTarget(context: ConsumerContext<'target'>): ConnectedRule {
  const { scope, row, bus } = context;
  const target = typeof row.target === 'function' ? row.target(bus.undeliverable) : row.target;
  const rule = bus.addRule(scope, 'Rule', {
    ...ruleOf(context),
    target: withDelivery(target, deliveryOf(row, bus)),
  });
  return { rule };
}

/** Another bus, which the rule's role may put events on. */
export function connectBus(context: ConsumerContext<'bus'>): ConnectedRule {
  const { scope, row, bus } = context;
  const other = EventBus.fromEventBusArn(scope, 'Bus', row.busArn);
  const target = withDelivery(new EventBusTarget(other), { deadLetterQueue: bus.undeliverable });
  return { rule: bus.addRule(scope, 'Rule', { ...ruleOf(context), target }) };
}
