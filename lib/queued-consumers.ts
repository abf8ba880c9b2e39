import type { ConsumerRow, FunctionConsumer, QueueConsumer } from './consumer-row.ts';

/** Those of a table that have a queue of their own, with their names. */
export function queuedConsumers(
  consumers: Readonly<Record<string, ConsumerRow>>,
): (readonly [name: string, row: FunctionConsumer | QueueConsumer])[] {
  return Object.entries(consumers).flatMap(([name, row]) =>
    row.kind === 'function' || row.kind === 'queue' ? [[name, row] as const] : [],
  );
}
