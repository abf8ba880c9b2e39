import type { LocalRun } from '../../local/local-run.ts';
import { formatTable } from '../table.ts';

/** What a person needs to know of a run that has started: addresses, and who consumes what. */
export function describeRun(run: LocalRun): string {
  const lines = [...run.frontDoors].map(([name, url]) => `Front door   ${url}  (${name})`);
  lines.push(`AWS endpoint ${run.awsEndpoint}  (region ${run.region}, any credentials)`);
  for (const { name, outputs, ignored } of run.stacks) {
    const left = [...ignored.keys()].map((type) => type.replace('AWS::', '')).join(', ');
    lines.push('', `Stack ${name}`);
    for (const [key, value] of Object.entries(outputs)) lines.push(`  ${key}: ${value}`);
    if (left) lines.push(`  without effect here: ${left}`);
  }
  return [...lines, '', consumersOf(run), '', 'Ready. Ctrl-C stops it.'].join('\n');
}

function consumersOf({ services }: LocalRun): string {
  const rows = services.lambda
    .listEventSourceMappings()
    .map(({ settings }) => [
      nameOf(settings.eventSourceArn),
      nameOf(settings.functionName),
      settings.batchSize ?? 10,
    ]);
  return formatTable(['queue', 'function', 'batch'], rows);
}

const nameOf = (arnOrName: string) => arnOrName.split(':').at(-1) ?? arnOrName;
