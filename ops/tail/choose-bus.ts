import type { Bus, Pipeline } from '../aws/pipeline.ts';

/**
 * The bus of a pipeline.
 *
 * @throws when the stack has none, or several
 */
export function chooseBus({ buses, stackName }: Pipeline): Bus {
  const [only, another] = buses;
  if (only && !another) return only;
  throw new Error(
    only
      ? `The stack ${stackName} has several buses: ${buses.map(({ name }) => name).join(', ')}.`
      : `The stack ${stackName} has no bus of its own.`,
  );
}
