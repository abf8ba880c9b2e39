import type { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { catalog } from '../../events/catalog.ts';
import { unrecognized } from '../../events/unrecognized.ts';
import { counted } from '../alarms/metrics.ts';

/** What webhooks can be accepted as. */
const kinds: readonly { readonly type: string; readonly category: string }[] = [
  ...Object.values(catalog),
  unrecognized,
];

/** How many events of each kind came. */
export const eventsByKind = (stage: string, period: Duration): IMetric[] =>
  kinds.map(({ type }) => counted(stage, 'Accepted', { Type: type }).with({ period, label: type }));

/** How many events of each category came: the sum over its kinds. */
export function eventsByCategory(stage: string, period: Duration): IMetric[] {
  const all = kinds.map(({ type, category }, index) => ({
    category,
    id: `k${index}`,
    metric: counted(stage, 'Accepted', { Type: type }).with({ period }),
  }));
  return [...new Set(all.map(({ category }) => category))].map((label) => {
    const own = all.filter(({ category }) => category === label);
    return new MathExpression({
      expression: `SUM([${own.map(({ id }) => id).join(', ')}])`,
      usingMetrics: Object.fromEntries(own.map(({ id, metric }) => [id, metric])),
      label,
      period,
    });
  });
}
