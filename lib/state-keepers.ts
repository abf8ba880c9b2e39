import type { ConsumerRow, FunctionConsumer } from './consumer-row.ts';

/** Whether the setting `keepState` lets a consumer keep state. */
export function mayKeepState(
  consumer: string,
  { keepsState = false }: Pick<FunctionConsumer, 'keepsState'>,
  setting: string,
): boolean {
  if (keepsState === false || setting === 'none') return false;
  if (setting === 'all') return true;
  return setting === 'usual' ? keepsState === true : setting.split(',').includes(consumer);
}

/**
 * Checks the names in the setting `keepState`. A misspelt one would keep no state, and nobody would see it.
 *
 * @throws for names that no consumer with `keepsState` has: says which, and what there is
 */
export function refuseUnknownKeepers(
  setting: string,
  consumers: Readonly<Record<string, ConsumerRow>>,
): void {
  if (['usual', 'all', 'none'].includes(setting)) return;
  const able = Object.entries(consumers).flatMap(([name, row]) =>
    row.kind === 'function' && row.keepsState ? [name] : [],
  );
  const unknown = setting.split(',').filter((name) => !able.includes(name));
  if (unknown.length === 0) return;
  throw new Error(
    `The setting "keepState" names ${unknown.join(', ')}, which no consumer with keepsState is called. Those are: ${able.join(', ')}.`,
  );
}
