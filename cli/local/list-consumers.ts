import type { LocalRun } from '@event-fanout/local-aws';
import { nameOf } from './name-of.ts';

/** One way that events go. */
export interface Consumer {
  /** What the rule is for, or its name. */
  readonly rule: string;
  /** Name of the queue, function, bus or API destination. */
  readonly target: string;
  /** Name of the function that reads the queue. */
  readonly consumer: string | undefined;
}

/** The longest description that a line shows. */
const longestDescription = 60;

/** Every rule of every bus, with the queue that it fills and the function that reads that. */
export async function listConsumers({ services }: LocalRun): Promise<Consumer[]> {
  const { eventBridge, lambda } = services;
  const mappings = new Map(
    lambda
      .listEventSourceMappings()
      .map(({ settings }) => [settings.eventSourceArn, nameOf(settings.functionName)]),
  );
  const consumers: Consumer[] = [];
  const { EventBuses } = await eventBridge.call('ListEventBuses', {});
  for (const { Name: EventBusName } of EventBuses as { Name: string }[]) {
    const { Rules } = await eventBridge.call('ListRules', { EventBusName });
    for (const { Name, Description = Name } of Rules as { Name: string; Description?: string }[]) {
      const key = { EventBusName, Rule: Name };
      const { Targets } = await eventBridge.call('ListTargetsByRule', key);
      for (const { Arn } of Targets as { Arn: string }[]) {
        consumers.push({
          rule: Description.slice(0, longestDescription),
          target: nameOf(Arn).replace(/^(event-bus|api-destination)\//, ''),
          consumer: mappings.get(Arn),
        });
      }
    }
  }
  return consumers;
}
