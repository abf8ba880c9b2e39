import {
  type ConcreteWidget,
  GraphWidget,
  MathExpression,
  TableWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Refusal } from '../../lambdas/ingest/answer.ts';
import type { Judged } from '../../lambdas/ingest/judge.ts';
import { counted } from '../alarms/metrics.ts';
import { eventsByCategory, eventsByKind } from './count-events.ts';
import { type DashboardParts, graphPeriod as period } from './dashboard-parts.ts';

/** Why a request is refused. The compiler asks for a reason that is missing. */
const refusals: Readonly<Record<Refusal, string>> = {
  unauthorized: '401 not authentic',
  forbidden: '403 from another network',
  'not-found': '404 no such path',
  'not-a-post': '405 no POST',
  'too-large': '413 too large',
  unavailable: '503 try again',
  internal: '500 our fault',
};

/** What the ledger says of an event that was told before. */
const verdicts: Readonly<
  Record<Exclude<Judged['verdict']['kind'], 'new' | 'unchecked' | 'noise'>, string>
> = {
  duplicate: 'duplicates',
  twin: 'twins (message and message.any)',
  conflict: 'conflicts',
  unavailable: 'ledger unavailable',
};

export function answersWidget(parts: DashboardParts): ConcreteWidget {
  const { stage } = parts.settings;
  return new GraphWidget({
    width: 8,
    height: 6,
    title: 'Webhooks by answer',
    left: [
      new MathExpression({
        ...search(stage, 'Accepted', 'Type', (found) => `SUM(${found})`),
        label: '2xx events taken',
      }),
      ...Object.entries(refusals).map(([Refusal, label]) =>
        counted(stage, 'Refused', { Refusal }).with({ period, label }),
      ),
    ],
  });
}

export function categoriesWidget(parts: DashboardParts): ConcreteWidget {
  return new GraphWidget({
    width: 8,
    height: 6,
    title: 'Events by category',
    stacked: true,
    left: eventsByCategory(parts.settings.stage, period),
  });
}

export function kindsWidget(parts: DashboardParts): ConcreteWidget {
  return new TableWidget({
    width: 8,
    height: 6,
    title: 'Events by kind',
    metrics: eventsByKind(parts.settings.stage, period),
  });
}

export function toldAgainWidget(parts: DashboardParts): ConcreteWidget {
  const { stage } = parts.settings;
  return new GraphWidget({
    width: 12,
    height: 6,
    title: 'Told again, and claim checks',
    left: [
      ...Object.entries(verdicts).map(([Verdict, label]) =>
        counted(stage, 'ToldAgain', { Verdict }).with({ period, label }),
      ),
      ...['raw', 'wire'].map((Part) =>
        counted(stage, 'ClaimChecks', { Part }).with({ period, label: `claim checks (${Part})` }),
      ),
    ],
  });
}

export function strangeWidget(parts: DashboardParts): ConcreteWidget {
  const { stage } = parts.settings;
  return new GraphWidget({
    width: 12,
    height: 6,
    title: 'Unrecognized events, and drift: what the catalog does not know',
    left: [
      counted(stage, 'Accepted', { Type: 'unrecognized' }).with({
        period,
        label: 'unrecognized',
      }),
      new MathExpression({ ...search(stage, 'UnknownEvents', 'Event'), label: 'event' }),
      new MathExpression({ ...search(stage, 'UnknownFields', 'Field'), label: 'field' }),
    ],
  });
}

/** Every metric of a name, whatever its one dimension besides the stage says. */
function search(
  stage: string,
  metric: string,
  dimension: string,
  wrap: (found: string) => string = (found) => found,
) {
  const found = `SEARCH('{WhatsAppEventFanout,Stage,${dimension}} MetricName="${metric}" Stage="${stage}"', 'Sum', ${period.toSeconds()})`;
  return { expression: wrap(found), period };
}
