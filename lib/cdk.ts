/**
 * What other CDK apps build with: the pipeline or its bus in a stack of their own, consumers on it, and
 * typed event patterns.
 */
export { pattern } from '../events/pattern.ts';
export { Consumer } from './consumer.ts';
export type {
  BusConsumer,
  ConsumerRow,
  FirehoseConsumer,
  FunctionConsumer,
  HttpsConsumer,
  Permission,
  QueueConsumer,
  TargetConsumer,
} from './consumer-row.ts';
export {
  type LookedUpBusProps,
  type LookedUpEventBus,
  WhatsAppEventBus,
  type WhatsAppEventBusProps,
} from './event-bus.ts';
export {
  FanoutStack,
  type FanoutStackProps,
  WhatsAppEventFanout,
  type WhatsAppEventFanoutProps,
} from './fanout-stack.ts';
export { readSettings, type Settings } from './settings.ts';
