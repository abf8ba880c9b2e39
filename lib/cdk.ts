/** The package's `./cdk`, for other CDK apps: the pipeline, its bus, consumers, and typed event patterns. */
export { pattern } from '../events/pattern.ts';
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
  Consumer,
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
export { readSettings } from './read-settings.ts';
export type { Settings } from './settings.ts';
