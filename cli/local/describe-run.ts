import type { LocalRun } from '@event-fanout/local-aws';
import { formatTable } from '../terminal/table.ts';
import { listConsumers } from './list-consumers.ts';

/** What a person needs to know of a run that has started: addresses, and who consumes what. */
export async function describeRun(run: LocalRun, consoleUrl?: string): Promise<string> {
  const lines: string[] = [];
  for (const plan of run.services.httpApis.values()) {
    const url = run.frontDoors.get(plan.name) ?? '';
    for (const { routeKey } of plan.routes) {
      const [method, path] = routeKey === '$default' ? ['ANY', '/'] : routeKey.split(' ');
      lines.push(`${String(method).padEnd(12)} ${url}${path}  (${plan.name})`);
    }
  }
  lines.push(`AWS endpoint ${run.awsEndpoint}  (region ${run.region}, any credentials)`);
  if (consoleUrl !== undefined) lines.push(`Console      ${consoleUrl}`);
  for (const { name, outputs, ignored } of run.stacks) {
    const left = [...ignored.keys()].map((type) => type.replace('AWS::', '')).join(', ');
    lines.push('', `Stack ${name}`);
    for (const [key, value] of Object.entries(outputs)) lines.push(`  ${key}: ${value}`);
    if (left) lines.push(`  without effect here: ${left}`);
  }
  const rows = (await listConsumers(run)).map(({ rule, target, consumer }) => [
    rule,
    target,
    consumer ?? '-',
  ]);
  const table = formatTable(['rule', 'target', 'function'], rows);
  return [...lines, '', table, '', 'Ready. Ctrl-C stops it.'].join('\n');
}
